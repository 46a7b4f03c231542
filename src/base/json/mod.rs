//! JSON bodies. A body is read twice: first against its schema, where every text is cleaned and
//! everything that is wrong is noted at its field, then as its type. So a text can neither bring
//! in what a database refuses nor an error of a library be told to whoever sent it.

mod check;

use std::any::TypeId;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use poem::{FromRequest, IntoResponse, Request, RequestBody, Response};
use poem_openapi::payload::{ParsePayload, Payload};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseFromJSON, ToJSON, Type};
use poem_openapi::{ApiResponse, impl_apirequest_for_payload};
use serde_json::Value;

use super::error::ApiError;
use super::fault::Fault;

/// A JSON body, of a request or an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Reads a body of this type.
pub fn read<T: ParseFromJSON + 'static>(bytes: &[u8]) -> Result<T, ApiError> {
    let not_json = || ApiError::bad_request("The request is not JSON that we can read.");
    let mut body: Value = if bytes.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(bytes).map_err(|error| {
            tracing::debug!(%error, "a body is no JSON");
            not_json()
        })?
    };
    let registry = registry::<T>();
    let mut faults = check::body(&registry, &T::schema_ref(), &mut body)?;
    if !faults.is_empty() {
        return Err(faults.answer());
    }
    let unknown = check::unknown(&registry, &T::schema_ref(), &body);
    T::parse_from_json(Some(body)).map_err(|error| {
        let said = error.into_message();
        if let Some(unknown) = unknown {
            return Fault::new("unknown_field", "There is no such field here.").at(&unknown);
        }
        tracing::warn!(%said, "a body that its schema takes was refused by its type");
        let message = Fault::marked(&said).map_or_else(|| "We could not read this request.".to_owned(), |f| f.message);
        ApiError::bad_request(message)
    })
}

/// The schemas of a body, registered once a type.
fn registry<T: Type + 'static>() -> Arc<Registry> {
    static KNOWN: LazyLock<Mutex<HashMap<TypeId, Arc<Registry>>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let registry = known.entry(TypeId::of::<T>()).or_insert_with(|| {
        let mut registry = Registry::new();
        T::register(&mut registry);
        Arc::new(registry)
    });
    Arc::clone(registry)
}

impl<T: Type> Payload for Json<T> {
    const CONTENT_TYPE: &'static str = "application/json; charset=utf-8";

    fn check_content_type(content_type: &str) -> bool {
        <poem_openapi::payload::Json<T> as Payload>::check_content_type(content_type)
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: ParseFromJSON + 'static> ParsePayload for Json<T> {
    const IS_REQUIRED: bool = T::IS_REQUIRED;

    async fn from_request(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let bytes = Vec::<u8>::from_request(request, body).await?;
        Ok(Self(read(&bytes)?))
    }
}

impl_apirequest_for_payload!(Json<T>, T: ParseFromJSON + 'static);

impl<T: ToJSON> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        poem::web::Json(self.0.to_json()).into_response()
    }
}

impl<T: ToJSON> ApiResponse for Json<T> {
    fn meta() -> MetaResponses {
        let content = vec![MetaMediaType { content_type: Self::CONTENT_TYPE, schema: T::schema_ref() }];
        let answer = MetaResponse { description: "", status: Some(200), status_range: None, content, headers: vec![] };
        MetaResponses { responses: vec![answer] }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}
