//! Routes of accounts: one's own here, an administrator's in `managed`.

mod managed;

use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use super::actions;
use super::wire::{AccountOut, PasswordIn, SessionIn};
use crate::access::address::Address;
use crate::access::{Signed, session};
use crate::base::error::ApiError;
use crate::base::tags::Tags;
use crate::state::App;

pub use managed::{AccountAccessApi, AccountsApi};

#[derive(ApiResponse)]
pub enum SignedInOut {
    /// Signed in; the cookie is set
    #[oai(status = 200)]
    Done(Json<AccountOut>, #[oai(header = "set-cookie")] String),
}

#[derive(ApiResponse)]
pub enum SignedOutOut {
    /// Signed out; the cookie is taken away
    #[oai(status = 204)]
    Done(#[oai(header = "set-cookie")] String),
}

pub struct SessionApi;

#[OpenApi(tag = "Tags::Account")]
impl SessionApi {
    /// Sign in
    #[oai(path = "/session", method = "post", operation_id = "sign_in")]
    async fn sign_in(&self, app: Data<&App>, address: Address, body: Json<SessionIn>) -> Result<SignedInOut, ApiError> {
        let SessionIn { email, password } = body.0;
        let (token, account) = actions::sign_in(&app, &email, password, &address.0).await?;
        Ok(SignedInOut::Done(Json(account.into()), session::cookie(&app.config, &token)))
    }

    /// Sign out
    #[oai(path = "/session", method = "delete", operation_id = "sign_out")]
    async fn sign_out(&self, caller: Signed, app: Data<&App>) -> Result<SignedOutOut, ApiError> {
        session::end(&app.db, caller.session()).await?;
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
        caller: Signed,
        app: Data<&App>,
        address: Address,
        body: Json<PasswordIn>,
    ) -> Result<PasswordChangedOut, ApiError> {
        actions::change_password(&app, &caller, body.0, &address.0).await?;
        Ok(PasswordChangedOut::Done)
    }
}
