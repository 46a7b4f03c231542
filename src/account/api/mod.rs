//! Routes of accounts: one's own here, an administrator's in `managed`.

mod managed;
mod security;

use poem::http::header;
use poem::web::Data;
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::payload::Response;
use poem_openapi::{ApiResponse, OpenApi};

use super::actions::{self, Origin, SignedIn};
use super::wire::{AccountOut, PasswordIn, SessionIn};
use crate::access::address::Address;
use crate::access::{Entering, session};
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::tags::Tags;
use crate::state::App;

pub use managed::{AccountAccessApi, AccountsApi};
pub use security::SecurityApi;

#[derive(ApiResponse)]
pub enum SignedInOut {
    /// Signed in. `Set-Cookie` stands twice: the session, and what this device is known by next time
    #[oai(status = 200)]
    Done(Json<AccountOut>),
}

#[derive(ApiResponse)]
pub enum SignedOutOut {
    /// Signed out; the cookie is taken away
    #[oai(status = 204)]
    Done(#[oai(header = "set-cookie")] String),
}

/// What a request says of where it comes from.
pub struct From {
    address: String,
    device: Option<String>,
    session: Option<String>,
}

impl From {
    fn origin(&self) -> Origin<'_> {
        Origin { address: &self.address, device: self.device.as_deref() }
    }
}

impl<'a> FromRequest<'a> for From {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let sent = |name| session::sent(request.headers(), name);
        let (device, session) = (sent(session::DEVICE), sent(session::COOKIE));
        Ok(Self { address: Address::of(request).0, device, session })
    }
}

pub struct SessionApi;

#[OpenApi(tag = "Tags::Account")]
impl SessionApi {
    /// Sign in
    #[oai(path = "/session", method = "post", operation_id = "sign_in")]
    async fn sign_in(
        &self,
        app: Data<&App>,
        from: From,
        body: Json<SessionIn>,
    ) -> Result<Response<SignedInOut>, ApiError> {
        let SessionIn { email, password } = body.0;
        let (email, password) = (email.0, password.expose());
        let SignedIn { account, token, device } = actions::sign_in(&app, &email, password, from.origin()).await?;
        Ok(Response::new(SignedInOut::Done(Json(account.into())))
            .header(header::SET_COOKIE, session::cookie(&app.config, &token))
            .header(header::SET_COOKIE, session::device_cookie(&app.config, &device)))
    }

    /// Sign out
    #[oai(path = "/session", method = "delete", operation_id = "sign_out")]
    async fn sign_out(&self, app: Data<&App>, from: From) -> Result<SignedOutOut, ApiError> {
        actions::sign_out(&app, from.session.as_deref(), &from.address).await?;
        Ok(SignedOutOut::Done(session::cookie(&app.config, "")))
    }
}

#[derive(ApiResponse)]
pub enum PasswordChangedOut {
    /// The new password counts from now on, and every other session has ended
    #[oai(status = 204)]
    Done,
}

pub struct PasswordApi;

#[OpenApi(tag = "Tags::Account")]
impl PasswordApi {
    /// Change my password
    #[oai(path = "/me/password", method = "post", operation_id = "change_my_password")]
    async fn change(
        &self,
        caller: Entering,
        app: Data<&App>,
        from: From,
        body: Json<PasswordIn>,
    ) -> Result<PasswordChangedOut, ApiError> {
        actions::change_password(&app, &caller, body.0, from.origin()).await?;
        Ok(PasswordChangedOut::Done)
    }
}
