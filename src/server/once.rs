//! `Idempotency-Key` on POSTs of somebody signed in: a double click and a retry after a lost
//! connection are carried out once and answered alike. The work goes on when the client is gone.

use std::sync::Arc;
use std::time::Duration;

use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Request, Response, ResponseParts, Result};
use poem_openapi::types::ToJSON;

use super::problem;
use crate::access::once::{self, Kept, Turn};
use crate::access::session::{self, COOKIE};
use crate::base::error::ApiError;
use crate::base::hash::sha256;
use crate::state::App;

/// The header's name, as in the IETF's draft-ietf-httpapi-idempotency-key-header.
pub const KEY: &str = "idempotency-key";
const LONGEST_KEY: usize = 200;
/// Longer answers than this are not kept.
const LONGEST_BODY: usize = 1 << 20;
/// What an answer says in `Cache-Control` when nobody may keep it, and we neither.
const SECRET: &str = "no-store";
/// A second request waits this long for the first one's answer.
const PATIENCE: u32 = 100;
const LOOK_EVERY: Duration = Duration::from_millis(100);

pub async fn around<E: Endpoint + 'static>(endpoint: Arc<E>, mut request: Request) -> Result<Response> {
    let app = request.data::<App>().cloned();
    let (Some(app), Some(key)) = (app, key(&request)?) else {
        return endpoint.call(request).await.map(IntoResponse::into_response);
    };
    let Some(account) = caller(&app, &request).await? else {
        return endpoint.call(request).await.map(IntoResponse::into_response);
    };
    let body = request.take_body().into_bytes().await?;
    let address = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let (raw, key) = (&key, sha256(format!("{account} {address} {key}")));
    // salted with the client's own key, which is not stored: a body may hold a password
    let asked = sha256(format!("{raw} {}", fingerprint(&request, &body)));
    request.set_body(body);
    for _ in 0..PATIENCE {
        match once::begin(&app, &key, &asked).await.map_err(ApiError::from)? {
            Turn::Begin => return carry_out(app, endpoint, request, key).await,
            Turn::Done(kept) => return Ok(again(kept)),
            Turn::Other => {
                let text = "This Idempotency-Key was used for another request. Use a new one for each.";
                return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", text).into());
            }
            Turn::Running => tokio::time::sleep(LOOK_EVERY).await,
        }
    }
    let text = "The first request with this Idempotency-Key is still being worked on. Try again in a moment.";
    Err(ApiError::conflict("still_running", text).into())
}

fn key(request: &Request) -> Result<Option<String>, ApiError> {
    match request.headers().get(KEY) {
        Some(value) if *request.method() == Method::POST => match value.to_str() {
            Ok(key) if (1..=LONGEST_KEY).contains(&key.trim().len()) => Ok(Some(key.trim().to_owned())),
            _ => Err(ApiError::bad_request(format!("Idempotency-Key takes 1 to {LONGEST_KEY} plain characters."))),
        },
        _ => Ok(None),
    }
}

/// Whose key it is; nobody's without a session that stands, and then the handler says so.
async fn caller(app: &App, request: &Request) -> Result<Option<entity::id::AccountId>, ApiError> {
    let cookies = request.header(header::COOKIE).unwrap_or_default();
    let of_session = |pair: &str| pair.trim().strip_prefix(COOKIE)?.strip_prefix('=').map(str::to_owned);
    let Some(token) = cookies.split(';').find_map(of_session) else { return Ok(None) };
    Ok(session::find(app, &token).await?.map(|caller| caller.account()))
}

/// What was asked. A form's boundary is made anew for each sending, so it is left out.
fn fingerprint(request: &Request, body: &[u8]) -> String {
    let kind = request.content_type().unwrap_or_default();
    match kind.split_once("boundary=") {
        Some((_, boundary)) if !boundary.is_empty() => {
            let text = String::from_utf8_lossy(body);
            sha256(text.replace(boundary.trim_matches('"'), ""))
        }
        _ => sha256(body),
    }
}

/// Runs on a task of its own, so that it ends even when nobody waits for the answer any more.
async fn carry_out<E: Endpoint + 'static>(
    app: App,
    endpoint: Arc<E>,
    request: Request,
    key: String,
) -> Result<Response> {
    let work = async move {
        let response = match endpoint.call(request).await {
            Ok(response) => response.into_response(),
            Err(error) => problem::from_error(error).await,
        };
        let (parts, body) = response.into_parts();
        let bytes = body.into_bytes().await?;
        let kept = match memory(&parts, &bytes) {
            Some(answer) => once::keep(&app, &key, answer).await,
            None => once::forget(&app, &key).await,
        };
        if let Err(error) = kept {
            // the write itself stands: better an answer without a memory than none
            tracing::warn!(%error, "an answer could not be kept");
        }
        Ok(Response::from_parts(parts, bytes.into()))
    };
    tokio::spawn(work).await.unwrap_or_else(|panic| Err(ApiError::internal(&panic).into()))
}

/// What is kept of an answer. One that itself says `no-store` holds a secret for the one who asked:
/// that it was given is kept, so that the work is not done twice, but nothing of what it said.
fn memory(parts: &ResponseParts, bytes: &[u8]) -> Option<Kept> {
    // a new session is for the one who asked, and for once
    if !parts.status.is_success() || parts.headers.contains_key(header::SET_COOKIE) {
        return None;
    }
    if parts.headers.get(header::CACHE_CONTROL).is_some_and(|value| value == SECRET) {
        let text = "This was done when it was sent first. Its answer held a secret, which is shown only once.";
        let refusal = ApiError::conflict("shown_once", text);
        let body = refusal.problem().to_json_string();
        return Some(Kept { status: refusal.status().as_u16(), etag: None, body });
    }
    let body = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST_BODY)?.to_owned();
    let etag = parts.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
    Some(Kept { status: parts.status.as_u16(), etag, body })
}

fn again(kept: Kept) -> Response {
    let Kept { status, etag, body } = kept;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = Response::builder().status(status).header("idempotency-replayed", "true");
    if let Some(etag) = etag {
        response = response.header(header::ETAG, etag);
    }
    if body.is_empty() {
        response.finish()
    } else {
        let kind = if status.is_success() { "application/json; charset=utf-8" } else { "application/problem+json" };
        response.content_type(kind).body(body)
    }
}
