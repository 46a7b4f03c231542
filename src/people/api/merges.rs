//! Routes of merging two people of one employer.

use entity::id::{OrganisationId, PersonId};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use crate::access::Employer;
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::tags::Tags;
use crate::people::actions::merge;
use crate::people::wire::MergeOut;
use crate::state::App;

pub struct MergesApi;

#[OpenApi(tag = "Tags::People")]
impl MergesApi {
    /// What merging two people would do; nothing is changed
    #[oai(
        path = "/organisations/:id/people/:person_id/merges/:other_id",
        method = "get",
        operation_id = "preview_merge"
    )]
    async fn preview(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        person_id: Path<PersonId>,
        other_id: Path<PersonId>,
    ) -> Result<Json<MergeOut>, ApiError> {
        Ok(Json(merge::preview(&app, &caller.employer(id.0)?, (person_id.0, other_id.0)).await?))
    }

    /// Merge two people who are one; the one who has an account stays, else the first
    #[oai(
        path = "/organisations/:id/people/:person_id/merges/:other_id",
        method = "post",
        operation_id = "merge_people"
    )]
    async fn merge(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        person_id: Path<PersonId>,
        other_id: Path<PersonId>,
    ) -> Result<Json<MergeOut>, ApiError> {
        Ok(Json(merge::merge(&app, &caller.employer(id.0)?, (person_id.0, other_id.0)).await?))
    }

    /// Take a merging back while nothing later rests on it; first who stayed, then who went
    #[oai(
        path = "/organisations/:id/people/:person_id/merges/:other_id",
        method = "delete",
        operation_id = "undo_merge"
    )]
    async fn undo(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        person_id: Path<PersonId>,
        other_id: Path<PersonId>,
    ) -> Result<Json<MergeOut>, ApiError> {
        Ok(Json(merge::undo(&app, &caller.employer(id.0)?, (person_id.0, other_id.0)).await?))
    }
}
