//! Around every request: an id, the body limit, the origin check, security headers, a log line
//! and the figures for `/metrics`.

use std::sync::Arc;
use std::time::Instant;

use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use tracing::Instrument;

use super::{limit, problem};
use crate::access::origin;
use crate::base::error::ApiError;
use crate::state::App;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Only our own scripts, styles and pictures; nobody may frame us.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// The API's documentation page carries its script inline.
const DOCS_POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; object-src 'none'; frame-ancestors 'none'";

pub async fn around<E: Endpoint>(endpoint: Arc<E>, mut request: Request) -> Result<Response> {
    let started = Instant::now();
    let app = request.data::<App>().cloned();
    let id: uuid::Uuid = app.as_ref().map(|app| app.clock.id()).unwrap_or_default();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let span = tracing::info_span!("request", %id);
    let answer = answer(&endpoint, app.as_ref(), &mut request).instrument(span.clone()).await;
    let mut response = match answer {
        Ok(response) => response,
        Err(error) => problem::from_error(error).await,
    };
    protect(&mut response, &path);
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    if response.status() == StatusCode::SERVICE_UNAVAILABLE && !response.headers().contains_key(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    let (status, took) = (response.status().as_u16(), started.elapsed());
    let labels = [("method", method.to_string()), ("status", status.to_string())];
    metrics::counter!("cairn_http_requests_total", &labels).increment(1);
    metrics::histogram!("cairn_http_request_seconds", &labels).record(took.as_secs_f64());
    span.in_scope(|| tracing::debug!(%method, path, status, ms = took.as_secs_f64() * 1000.0, "answered"));
    Ok(response)
}

async fn answer<E: Endpoint>(endpoint: &Arc<E>, app: Option<&App>, request: &mut Request) -> Result<Response> {
    let app = app.ok_or_else(|| ApiError::internal(&"no application state"))?;
    origin::rename_secure_cookie(request);
    origin::check(request, &app.config)?;
    let overrun = limit::count(request).ok_or_else(problem::too_large)?;
    let answer = endpoint.call(std::mem::take(request)).await.map(IntoResponse::into_response);
    if overrun.happened() { Err(problem::too_large().into()) } else { answer }
}

fn protect(response: &mut Response, path: &str) {
    let policy = if path.starts_with("/api/docs") { DOCS_POLICY } else { POLICY };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if path.starts_with("/api") && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
