//! Routes of privacy.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::actions;
use super::wire::AccessEventOut;
use crate::access::Staff;
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::page::Page;
use crate::base::tags::Tags;
use crate::state::App;

pub struct AccessApi;

#[OpenApi(tag = "Tags::Privacy")]
impl AccessApi {
    /// Who has seen my record, latest first
    #[oai(path = "/me/access", method = "get", operation_id = "list_my_access")]
    async fn list(
        &self,
        caller: Staff,
        app: Data<&App>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<AccessEventOut>>, ApiError> {
        Ok(Json(actions::accesses(&app, &caller.own()?, cursor.0.as_deref(), limit.0).await?))
    }
}
