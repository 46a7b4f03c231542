//! What of the answers goes into the security log, whatever handler gave them: refusals, and files
//! that somebody takes away.

use entity::value::SecurityKind;
use poem::http::{Method, StatusCode, header};
use poem::{Request, Response};

use crate::access::address::Address;
use crate::access::events::{self, Event};
use crate::access::{origin, session};
use crate::state::App;

/// What is remembered of a request until its answer is there.
pub struct Trail {
    address: Address,
    token: Option<String>,
    method: Method,
    path: String,
    own_origin: bool,
}

impl Trail {
    /// Also brings the request's cookies into the one form that the program knows.
    pub fn of(request: &mut Request, app: &App) -> Self {
        origin::own_cookies(request, app.config.secure());
        Self {
            address: Address::of(request),
            token: session::sent(request.headers(), session::COOKIE),
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            own_origin: origin::check(request, &app.config).is_ok(),
        }
    }

    pub async fn follow(&self, app: &App, response: &Response) {
        let taken = |value: &poem::http::HeaderValue| value.as_bytes().starts_with(b"attachment");
        let kind = match response.status() {
            StatusCode::FORBIDDEN if !self.own_origin => SecurityKind::ForeignOrigin,
            StatusCode::FORBIDDEN => SecurityKind::Refused,
            StatusCode::OK if response.headers().get(header::CONTENT_DISPOSITION).is_some_and(taken) => {
                SecurityKind::Exported
            }
            _ => return,
        };
        // a session that cannot be looked up now is nobody's in the log
        let caller = match &self.token {
            Some(token) => session::find(app, token).await.ok().flatten(),
            None => None,
        };
        let event = Event::of(kind).account(caller.map(|caller| caller.account())).from(&self.address.0);
        events::note_alone(app, event.detail(format!("{} {}", self.method, self.path))).await;
    }
}
