//! `Idempotency-Key` on POSTs of somebody signed in: a double click and a retry after a lost
//! connection are carried out once and answered alike. The key is committed with the work itself
//! (`base::work`), the answer is added afterwards. The work goes on when the client is gone. An error
//! after a commit says that the work was done.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Request, Response, ResponseParts, Result};
use poem_openapi::types::ToJSON;
use tokio::sync::OwnedMutexGuard;

use super::problem;
use crate::access::Caller;
use crate::access::once::{self, Kept, Known};
use crate::access::session::{self, COOKIE};
use crate::base::error::ApiError;
use crate::base::hash::sha256;
use crate::base::work::{Claim, Work};
use crate::state::{App, Instance};

/// The header's name, as in the IETF's draft-ietf-httpapi-idempotency-key-header.
pub const KEY: &str = "idempotency-key";
const LONGEST_KEY: usize = 200;
/// Longer answers than this are not kept.
const LONGEST_BODY: usize = 1 << 20;
/// What an answer says in `Cache-Control` when nobody may keep it, and we neither.
const SECRET: &str = "no-store";
/// A second request waits this long for the first one's answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// What was done in another process is answered there at once, or never: looked for so often.
const LOOKS: u32 = 10;
const LOOK_EVERY: Duration = Duration::from_millis(100);

pub async fn around<E: Endpoint + 'static>(endpoint: Arc<E>, mut request: Request) -> Result<Response> {
    let app = request.data::<App>().cloned();
    let (Some(app), Some(key)) = (app, key(&request)?) else {
        return without_key(&endpoint, request).await;
    };
    let Some(caller) = caller(&app, &request).await? else {
        return without_key(&endpoint, request).await;
    };
    let body = request.take_body().into_bytes().await?;
    let address = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let claim = Claim {
        key: sha256(format!("{} {address} {key}", caller.account())),
        // salted with the client's own key, which is not stored: a body may hold a password
        request: sha256(format!("{key} {}", fingerprint(&request, &body))),
        rights: once::rights(&caller),
        at: app.clock.now(),
    };
    request.set_body(body);
    let Some(turn) = Turn::take(&app, &claim.key).await else {
        let text = "The first request with this Idempotency-Key is still being worked on. Try again in a moment.";
        return Err(ApiError::conflict("still_running", text).into());
    };
    match replay(&app, &claim, request.uri().path()).await? {
        Some(known) => Ok(known),
        None => carry_out(app, endpoint, request, claim, turn).await,
    }
}

async fn without_key<E: Endpoint>(endpoint: &Arc<E>, request: Request) -> Result<Response> {
    let work = Work::new(None);
    let answer = work.carry(endpoint.call(request)).await;
    honest(&work, answer.map(IntoResponse::into_response))
}

/// Errors say that nothing was changed; after a commit that would be a lie.
fn honest(work: &Work, answer: Result<Response>) -> Result<Response> {
    let status = answer.as_ref().map_or_else(poem::Error::status, Response::status);
    if work.is_committed() && status.is_server_error() {
        if let Err(error) = &answer {
            tracing::error!(%error, "an error after the work was committed");
        }
        return Err(ApiError::done_but_not_shown(status).into());
    }
    answer
}

/// The turn at a key within this process: of several at once one works, the others wait for it.
/// Other processes meet at the database.
struct Turn {
    name: (Instance, String),
    held: Option<OwnedMutexGuard<()>>,
}

type Turns = HashMap<(Instance, String), Arc<tokio::sync::Mutex<()>>>;
static TURNS: LazyLock<Mutex<Turns>> = LazyLock::new(Mutex::default);

impl Turn {
    async fn take(app: &App, key: &str) -> Option<Self> {
        let name = (app.instance(), key.to_owned());
        let mutex = {
            let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(name.clone()).or_default())
        };
        let waiting = Self { name, held: None };
        let held = tokio::time::timeout(PATIENCE, mutex.lock_owned()).await.ok()?;
        Some(Self { held: Some(held), name: waiting.name.clone() })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.held.take());
        if let Entry::Occupied(entry) = turns.entry(self.name.clone())
            && Arc::strong_count(entry.get()) == 1
        {
            entry.remove();
        }
    }
}

/// What was answered before, if the key has been used.
async fn replay(app: &App, claim: &Claim, path: &str) -> Result<Option<Response>, ApiError> {
    for _ in 0..LOOKS {
        match once::look_up(app, &claim.key, &claim.request, &claim.rights).await? {
            Known::Nothing => return Ok(None),
            Known::Done(kept) => return Ok(Some(again(kept))),
            Known::Other => {
                let text = "This Idempotency-Key was used for another request. Use a new one for each.";
                return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", text));
            }
            Known::RightGone => {
                let text =
                    "This was done when it was sent first, but your account no longer has the role that it needed.";
                return Err(ApiError::not_allowed(text));
            }
            Known::Unanswered => tokio::time::sleep(LOOK_EVERY).await,
        }
    }
    Err(ApiError::done_already(&where_to_look(path)))
}

/// The address up to its last id: the thing that was acted on, or what the new thing belongs to.
fn where_to_look(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    let last = parts.iter().rposition(|part| uuid::Uuid::try_parse(part).is_ok());
    let shown = last.map_or(&parts[..], |at| &parts[..=at]);
    format!("/api{}", shown.join("/").trim_start_matches("/api"))
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
async fn caller(app: &App, request: &Request) -> Result<Option<Caller>, ApiError> {
    let cookies = request.header(header::COOKIE).unwrap_or_default();
    let of_session = |pair: &str| pair.trim().strip_prefix(COOKIE)?.strip_prefix('=').map(str::to_owned);
    let Some(token) = cookies.split(';').find_map(of_session) else { return Ok(None) };
    session::find(app, &token).await
}

/// What was asked, byte by byte. A form's boundary is made anew for each sending, so it is left out.
fn fingerprint(request: &Request, body: &[u8]) -> String {
    let kind = request.content_type().unwrap_or_default();
    let boundary = kind.split_once("boundary=").map(|(_, rest)| rest.split(';').next().unwrap_or(rest).trim());
    match boundary.map(|boundary| boundary.trim_matches('"')).filter(|boundary| !boundary.is_empty()) {
        Some(boundary) => sha256(without(body, boundary.as_bytes())),
        None => sha256(body),
    }
}

/// The bytes between the boundaries, each part with its length before it.
fn without(body: &[u8], boundary: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let next = rest.windows(boundary.len()).position(|window| window == boundary);
        let part = &rest[..next.unwrap_or(rest.len())];
        kept.extend_from_slice(&part.len().to_be_bytes());
        kept.extend_from_slice(part);
        match next {
            Some(at) => rest = &rest[at + boundary.len()..],
            None => return kept,
        }
    }
}

/// Runs on a task of its own, so that it ends even when nobody waits for the answer any more.
async fn carry_out<E: Endpoint + 'static>(
    app: App,
    endpoint: Arc<E>,
    request: Request,
    claim: Claim,
    turn: Turn,
) -> Result<Response> {
    let path = request.uri().path().to_owned();
    let task = async move {
        let work = Work::new(Some(claim.clone()));
        let answer = work.carry(endpoint.call(request)).await;
        let response = match honest(&work, answer.map(IntoResponse::into_response)) {
            Ok(response) => response,
            Err(error) => problem::from_error(error).await,
        };
        if !work.is_claimed() {
            // refused because it was done elsewhere meanwhile? Then that answer is the answer.
            let refused = !response.status().is_success();
            let known = if refused { replay(&app, &claim, &path).await? } else { None };
            drop(turn);
            return Ok(known.unwrap_or(response));
        }
        let (parts, body) = response.into_parts();
        let bytes = body.into_bytes().await?;
        let kept = match memory(&parts, &bytes) {
            Memory::Answer(answer) => once::keep(&app, &claim.key, answer).await,
            Memory::Forget => once::forget(&app, &claim.key).await,
            Memory::OnlyThatItWasDone => Ok(()),
        };
        if let Err(error) = kept {
            // the write itself stands, and so does its key
            tracing::warn!(%error, "an answer could not be kept");
        }
        drop(turn);
        Ok(Response::from_parts(parts, bytes.into()))
    };
    tokio::spawn(task).await.unwrap_or_else(|panic| Err(ApiError::internal(&panic).into()))
}

enum Memory {
    Answer(Kept),
    OnlyThatItWasDone,
    /// May well be done again
    Forget,
}

/// What is kept of an answer. One that itself says `no-store` holds a secret for the one who asked:
/// that it was given is kept, so that the work is not done twice, but nothing of what it said.
fn memory(parts: &ResponseParts, bytes: &[u8]) -> Memory {
    if !parts.status.is_success() {
        return Memory::OnlyThatItWasDone;
    }
    // a new session is for the one who asked, and for once
    if parts.headers.contains_key(header::SET_COOKIE) {
        return Memory::Forget;
    }
    let text =
        |name: header::HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (etag, location) = (text(header::ETAG), text(header::LOCATION));
    if parts.headers.get(header::CACHE_CONTROL).is_some_and(|value| value == SECRET) {
        let text = "This was done when it was sent first. Its answer held a secret, which is shown only once.";
        let refusal = ApiError::conflict("shown_once", text);
        let body = refusal.problem().to_json_string();
        return Memory::Answer(Kept { status: refusal.status().as_u16(), etag: None, location, body });
    }
    match std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST_BODY) {
        Some(body) => Memory::Answer(Kept { status: parts.status.as_u16(), etag, location, body: body.to_owned() }),
        None => Memory::OnlyThatItWasDone,
    }
}

fn again(kept: Kept) -> Response {
    let Kept { status, etag, location, body } = kept;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = Response::builder().status(status).header("idempotency-replayed", "true");
    for (name, value) in [(header::ETAG, etag), (header::LOCATION, location)] {
        if let Some(value) = value {
            response = response.header(name, value);
        }
    }
    if body.is_empty() {
        response.finish()
    } else {
        let kind = if status.is_success() { "application/json; charset=utf-8" } else { "application/problem+json" };
        response.content_type(kind).body(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(boundary: &str, file: &[u8]) -> (Request, Vec<u8>) {
        let kind = format!("multipart/form-data; boundary={boundary}");
        let mut body = format!("--{boundary}\r\n\r\n").into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(format!("\r\n--{boundary}--").as_bytes());
        (Request::builder().content_type(&kind).finish(), body)
    }

    #[test]
    fn a_form_is_told_by_its_bytes_and_not_by_its_boundary() {
        let print = |boundary, file| {
            let (request, body) = form(boundary, file);
            fingerprint(&request, &body)
        };
        assert_eq!(print("one", b"file"), print("another", b"file"));
        // neither byte is text: read as text both would be the same replacement character
        assert_ne!(print("one", &[0xff, 0x00]), print("one", &[0xfe, 0x00]));
        assert_ne!(print("one", b"ab"), print("one", b"a"));
    }

    #[test]
    fn one_who_comes_too_late_is_sent_to_what_was_acted_on() {
        let id = uuid::Uuid::from_u128(7);
        assert_eq!(
            where_to_look(&format!("/learning/completions/{id}/confirm")),
            format!("/api/learning/completions/{id}")
        );
        assert_eq!(where_to_look("/api/learning/completions"), "/api/learning/completions");
    }
}
