//! Routes of an administrator who looks after accounts.

use entity::id::{AccountId, RoleGrantId};
use entity::value::Role;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::{ApiResponse, OpenApi};

use crate::access::Admin;
use crate::account::actions::{self, grants, manage};
use crate::account::store::managed::Wanted;
use crate::account::wire::{AccountDetailOut, AccountIn, AccountRowOut, FirstPasswordOut, GrantIn};
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::page::Page;
use crate::base::tags::Tags;
use crate::base::text::Words;
use crate::state::App;

/// More words than this make no name.
const MOST_WORDS: usize = 8;

/// What holds a secret says so, and nobody keeps it: neither a cache nor our own memory of answers.
const SECRET: &str = "no-store";

#[derive(ApiResponse)]
pub enum NewAccountOut {
    /// The account with its first password, which is shown this once
    #[oai(status = 201)]
    Made(Json<FirstPasswordOut>, #[oai(header = "cache-control")] String),
}

#[derive(ApiResponse)]
pub enum NewPasswordOut {
    /// The account with its new first password, which is shown this once
    #[oai(status = 200)]
    Made(Json<FirstPasswordOut>, #[oai(header = "cache-control")] String),
}

pub struct AccountsApi;

#[OpenApi(tag = "Tags::Account")]
impl AccountsApi {
    /// Accounts, by e-mail address
    #[oai(path = "/accounts", method = "get", operation_id = "list_accounts")]
    async fn list(
        &self,
        caller: Admin,
        app: Data<&App>,
        /// Words of the address or the person's name
        q: Query<Option<Words>>,
        /// Only accounts that have this role
        role: Query<Option<Role>>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<AccountRowOut>>, ApiError> {
        let words = q.0.unwrap_or_default().split(' ').take(MOST_WORDS).map(str::to_owned).collect();
        let wanted = Wanted { words, role: role.0 };
        Ok(Json(manage::list(&app, &caller.installation(), wanted, cursor.0.as_deref(), limit.0).await?))
    }

    /// Make an account with a first password
    #[oai(path = "/accounts", method = "post", operation_id = "add_account")]
    async fn add(&self, caller: Admin, app: Data<&App>, body: Json<AccountIn>) -> Result<NewAccountOut, ApiError> {
        let made = actions::add(&app, &caller.installation(), body.0).await?;
        Ok(NewAccountOut::Made(Json(made), SECRET.to_owned()))
    }

    /// An account with its roles
    #[oai(path = "/accounts/:id", method = "get", operation_id = "get_account")]
    async fn get(
        &self,
        caller: Admin,
        app: Data<&App>,
        id: Path<AccountId>,
    ) -> Result<Json<AccountDetailOut>, ApiError> {
        Ok(Json(manage::view(&app, &caller.installation(), id.0).await?))
    }
}

pub struct AccountAccessApi;

#[OpenApi(tag = "Tags::Account")]
impl AccountAccessApi {
    /// Give an account a new first password and end its sessions
    #[oai(path = "/accounts/:id/password", method = "post", operation_id = "renew_account_password")]
    async fn renew(&self, caller: Admin, app: Data<&App>, id: Path<AccountId>) -> Result<NewPasswordOut, ApiError> {
        let made = manage::renew_password(&app, &caller.installation(), id.0).await?;
        Ok(NewPasswordOut::Made(Json(made), SECRET.to_owned()))
    }

    /// Grant a role
    #[oai(path = "/accounts/:id/grants", method = "post", operation_id = "grant_role")]
    async fn grant(
        &self,
        caller: Admin,
        app: Data<&App>,
        id: Path<AccountId>,
        body: Json<GrantIn>,
    ) -> Result<Json<AccountDetailOut>, ApiError> {
        Ok(Json(grants::grant(&app, &caller.installation(), id.0, body.0).await?))
    }

    /// Revoke a role; that it was granted stays on record
    #[oai(path = "/accounts/:id/grants/:grant_id", method = "delete", operation_id = "revoke_role")]
    async fn revoke(
        &self,
        caller: Admin,
        app: Data<&App>,
        id: Path<AccountId>,
        grant_id: Path<RoleGrantId>,
    ) -> Result<Json<AccountDetailOut>, ApiError> {
        Ok(Json(grants::revoke(&app, &caller.installation(), id.0, grant_id.0).await?))
    }

    /// Stop an account from signing in and end its sessions
    #[oai(path = "/accounts/:id/disable", method = "post", operation_id = "disable_account")]
    async fn disable(
        &self,
        caller: Admin,
        app: Data<&App>,
        id: Path<AccountId>,
    ) -> Result<Json<AccountDetailOut>, ApiError> {
        Ok(Json(manage::disable(&app, &caller.installation(), id.0).await?))
    }

    /// Let an account sign in again
    #[oai(path = "/accounts/:id/enable", method = "post", operation_id = "enable_account")]
    async fn enable(
        &self,
        caller: Admin,
        app: Data<&App>,
        id: Path<AccountId>,
    ) -> Result<Json<AccountDetailOut>, ApiError> {
        Ok(Json(manage::enable(&app, &caller.installation(), id.0).await?))
    }
}
