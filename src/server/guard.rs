//! Around every request: an id, the limits on its body and its time, the origin check, security
//! headers, a log line and the figures for `/metrics`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use poem::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Request, Response, Result};
use tracing::Instrument;

use super::limit::{self, End};
use super::trail::Trail;
use super::{document, letters, problem};
use crate::access::origin;
use crate::base::config::Config;
use crate::base::error::ApiError;
use crate::state::App;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Only our own scripts, styles and pictures; nobody may frame us.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// The API's documentation page carries its script inline.
const DOCS_POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Browsers that came over TLS come over TLS for a year.
const ONLY_TLS: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// When to try again after an answer that says that it is for a moment.
const MOMENT: HeaderValue = HeaderValue::from_static("1");

pub async fn around<E: Endpoint>(endpoint: Arc<E>, mut request: Request) -> Result<Response> {
    let started = Instant::now();
    let Some(app) = request.data::<App>().cloned() else {
        return Err(ApiError::internal(&"no application state").into());
    };
    let id: uuid::Uuid = app.clock.id();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let span = tracing::info_span!("request", %id);
    let trail = Trail::of(&mut request, &app);
    let body = limit::watch(&mut request, &app.config);
    let answer = answer(&endpoint, &app, &body, &mut request).instrument(span.clone()).await;
    let mut response = match answer {
        Ok(response) => response,
        Err(error) => problem::from_error(error).await,
    };
    trail.follow(&app, &response).await;
    if !body.settle().await {
        // what was not read stands in the way of the next request
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    protect(&mut response, &path, &app.config);
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let (status, took) = (response.status().as_u16(), started.elapsed());
    let labels = [("method", label(&method)), ("status", status.to_string())];
    metrics::counter!("cairn_http_requests_total", &labels).increment(1);
    metrics::histogram!("cairn_http_request_seconds", &labels).record(took.as_secs_f64());
    span.in_scope(|| tracing::debug!(%method, path, status, ms = took.as_secs_f64() * 1000.0, "answered"));
    Ok(response)
}

async fn answer<E: Endpoint>(
    endpoint: &Arc<E>,
    app: &App,
    body: &limit::Watched,
    request: &mut Request,
) -> Result<Response> {
    one_host(request)?;
    packed(request)?;
    origin::check(request, &app.config)?;
    letters::check(request)?;
    if body.end().await == End::TooLarge {
        return Err(problem::too_large().into());
    }
    let longest = Duration::from_secs(app.config.request_seconds.into());
    let work = tokio::time::timeout(longest, endpoint.call(std::mem::take(request)));
    let answer = work.await.unwrap_or_else(|_| Err(problem::too_long().into())).map(IntoResponse::into_response);
    match body.end().await {
        End::TooLarge => Err(problem::too_large().into()),
        End::TooSlow => Err(problem::too_slow().into()),
        _ => answer,
    }
}

/// Two names for who is asked: a proxy and we might each take another one.
fn one_host(request: &Request) -> Result<(), ApiError> {
    if request.headers().get_all(header::HOST).iter().nth(1).is_some() {
        return Err(ApiError::bad_request("The request names two hosts. Send one Host header."));
    }
    Ok(())
}

/// Nothing is unpacked for anybody: a few bytes can become gigabytes.
fn packed(request: &mut Request) -> Result<(), ApiError> {
    let mut codings = request.headers().get_all(header::CONTENT_ENCODING).iter();
    let plain = |value: &HeaderValue| value.to_str().is_ok_and(|text| text.trim().eq_ignore_ascii_case("identity"));
    if !codings.all(plain) {
        return Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "content_encoding",
            "We take bodies as they are: send this again without compressing it.",
        ));
    }
    request.headers_mut().remove(header::CONTENT_ENCODING);
    Ok(())
}

/// The methods that there are; what somebody invents must not become a label.
fn label(method: &Method) -> String {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::CONNECT,
        Method::TRACE,
    ];
    if KNOWN.contains(method) { method.to_string() } else { "other".to_owned() }
}

fn protect(response: &mut Response, path: &str, config: &Config) {
    let policy = if path.starts_with("/api/docs") { DOCS_POLICY } else { POLICY };
    let status = response.status();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if config.secure() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, ONLY_TLS);
    }
    if path.starts_with("/api") && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if status == StatusCode::METHOD_NOT_ALLOWED
        && let Ok(allowed) = HeaderValue::from_str(&document::allowed(path))
    {
        headers.entry(header::ALLOW).or_insert(allowed);
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        let window = u64::from(config.sign_in_window_minutes) * 60;
        headers.entry(header::RETRY_AFTER).or_insert(window.into());
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.entry(header::RETRY_AFTER).or_insert(MOMENT);
    }
}
