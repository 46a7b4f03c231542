//! JSON that is written once and given out many times: a large answer costs more to write down
//! than to find.

use std::marker::PhantomData;
use std::sync::Arc;

use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::{MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::{ToJSON, Type};

/// In the API's description the same as `Json<T>`.
#[derive(Debug)]
pub struct Rendered<T> {
    text: Arc<str>,
    of: PhantomData<fn() -> T>,
}

impl<T: ToJSON> Rendered<T> {
    pub fn new(it: &T) -> Self {
        Self { text: it.to_json_string().into(), of: PhantomData }
    }
}

impl<T> Rendered<T> {
    pub fn bytes(&self) -> usize {
        self.text.len()
    }
}

impl<T> Clone for Rendered<T> {
    fn clone(&self) -> Self {
        Self { text: Arc::clone(&self.text), of: PhantomData }
    }
}

impl<T: Type> Payload for Rendered<T> {
    const CONTENT_TYPE: &'static str = Json::<T>::CONTENT_TYPE;

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type> IntoResponse for Rendered<T> {
    fn into_response(self) -> Response {
        Response::builder().content_type(Self::CONTENT_TYPE).body(self.text.to_string())
    }
}

impl<T: ToJSON> ApiResponse for Rendered<T> {
    fn meta() -> MetaResponses {
        Json::<T>::meta()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}
