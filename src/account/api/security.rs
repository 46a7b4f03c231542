//! Routes of the security log.

use entity::id::{AccountId, OrganisationId};
use entity::value::SecurityKind;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use crate::access::{Admin, Employer};
use crate::account::actions::security;
use crate::account::wire::{SecurityEventOut, SelfGrantsOut};
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::page::Page;
use crate::base::tags::Tags;
use crate::state::App;

pub struct SecurityApi;

#[OpenApi(tag = "Tags::Account")]
impl SecurityApi {
    /// The security log, latest first: sign-ins, refusals, roles, passwords, files taken away
    #[oai(path = "/security-events", method = "get", operation_id = "list_security_events")]
    async fn list(
        &self,
        caller: Admin,
        app: Data<&App>,
        kind: Query<Option<SecurityKind>>,
        /// Only what this account did or had done to it
        account: Query<Option<AccountId>>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<SecurityEventOut>>, ApiError> {
        let wanted = (kind.0, account.0);
        Ok(Json(security::list(&app, &caller.installation(), wanted, cursor.0.as_deref(), limit.0).await?))
    }

    /// Roles for this organisation that an administrator gave to themselves
    #[oai(path = "/organisations/:id/self-granted", method = "get", operation_id = "list_self_granted_roles")]
    async fn self_granted(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
    ) -> Result<Json<SelfGrantsOut>, ApiError> {
        Ok(Json(security::self_granted(&app, &caller.organisation(id.0)?).await?))
    }
}
