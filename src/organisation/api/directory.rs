//! Routes of the directory: every organisation, for administrators to choose from and to change.

use entity::id::OrganisationId;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::Tagged;
use crate::access::Admin;
use crate::base::error::ApiError;
use crate::base::fold::tidy;
use crate::base::json::Json;
use crate::base::page::Page;
use crate::base::tags::Tags;
use crate::organisation::actions::directory;
use crate::organisation::store::directory::Wanted;
use crate::organisation::wire::{OrganisationOut, ServiceNameOut};
use crate::state::App;

/// More words than this make no name.
const MOST_WORDS: usize = 8;

pub struct DirectoryApi;

#[OpenApi(tag = "Tags::Organisation")]
impl DirectoryApi {
    /// Every organisation, by name
    #[oai(path = "/directory/organisations", method = "get", operation_id = "list_directory")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the route")]
    async fn list(
        &self,
        caller: Admin,
        app: Data<&App>,
        /// Words of the name
        q: Query<Option<String>>,
        is_employer: Query<Option<bool>>,
        is_provider: Query<Option<bool>>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<OrganisationOut>>, ApiError> {
        let words = tidy(&q.0.unwrap_or_default()).split(' ').take(MOST_WORDS).map(str::to_owned).collect();
        let wanted = Wanted { words, employer: is_employer.0, provider: is_provider.0 };
        Ok(Json(directory::list(&app, &caller.installation(), wanted, cursor.0.as_deref(), limit.0).await?))
    }

    /// An organisation, to change it
    #[oai(path = "/directory/organisations/:id", method = "get", operation_id = "get_directory_entry")]
    async fn get(
        &self,
        caller: Admin,
        app: Data<&App>,
        id: Path<OrganisationId>,
    ) -> Result<Tagged<OrganisationOut>, ApiError> {
        Ok(directory::get(&app, &caller.installation(), id.0).await?.into())
    }

    /// The names of an organisation's services
    #[oai(path = "/directory/organisations/:id/services", method = "get", operation_id = "list_directory_services")]
    async fn services(
        &self,
        caller: Admin,
        app: Data<&App>,
        id: Path<OrganisationId>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<ServiceNameOut>>, ApiError> {
        Ok(Json(directory::services(&app, &caller.installation(), id.0, cursor.0.as_deref(), limit.0).await?))
    }
}
