//! Whatever poem raises by itself leaves as the same problem document as our own errors.

use std::any::Any;

use poem::http::StatusCode;
use poem::{Error, Response};
use poem_openapi::error::{AuthorizationError, ContentTypeError, ParseParamError, ParsePathError};

use crate::base::error::ApiError;
use crate::base::fault::Fault;

/// Our own errors pass untouched; poem's become problem documents.
pub async fn from_error(error: Error) -> Response {
    if error.is_from_response() {
        return error.into_response();
    }
    poem::Error::from(translate(&error)).into_response()
}

fn translate(error: &Error) -> ApiError {
    if error.is::<AuthorizationError>() {
        return ApiError::not_signed_in();
    }
    if error.is::<ParsePathError>() {
        return ApiError::not_found("anything at this address");
    }
    if let Some(ParseParamError { name, reason }) = error.downcast_ref::<ParseParamError>() {
        let fault =
            Fault::marked(reason).unwrap_or_else(|| Fault::new("unknown_value", "This value is not known here."));
        return fault.at(name);
    }
    if error.is::<ContentTypeError>() {
        let detail = "Send what the API's description says, with its content type: JSON or a form with files.";
        return ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail);
    }
    let said = error.to_string();
    if said.contains("No space left on device") {
        // a large upload passes through the system's temporary folder; poem keeps only the words
        tracing::error!(%said, "no room for an upload");
        return ApiError::disk_full();
    }
    match error.status() {
        StatusCode::NOT_FOUND => ApiError::not_found("anything at this address"),
        StatusCode::METHOD_NOT_ALLOWED => ApiError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "This address does not take this method.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        // the framework's own words name types of the program and places in its libraries
        status if status.is_client_error() => {
            tracing::debug!(%said, "refused by the framework");
            ApiError::new(status, "bad_request", "We could not read this request.")
        }
        _ => ApiError::internal(&said),
    }
}

pub fn too_large() -> ApiError {
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "This is larger than we can take.")
}

pub fn too_slow() -> ApiError {
    let text = "The rest of this request did not arrive in time. Check your connection and send it again.";
    ApiError::new(StatusCode::REQUEST_TIMEOUT, "too_slow", text)
}

/// We stopped: what was written stays, what was not is undone, and we cannot say which.
pub fn too_long() -> ApiError {
    tracing::error!("a request took longer than request_seconds and was stopped");
    let text = "This took longer than we may take. Look whether it was done before you try again.";
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "took_too_long", text)
}

/// A panic is a bug: logged, answered like any inner error, and the process goes on.
pub fn from_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panic".to_owned());
    poem::Error::from(ApiError::internal(&text)).into_response()
}
