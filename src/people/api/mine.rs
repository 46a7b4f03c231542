//! Routes of a person's own side: employers that say they work there, and their name.

use entity::id::{OrganisationId, PersonId};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use crate::access::{Signed, Staff};
use crate::account::PersonOut;
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::tags::Tags;
use crate::people::actions::mine;
use crate::people::wire::{AnswerIn, MyEmployersOut, MyNameIn};
use crate::state::App;

pub struct MyEmployersApi;

#[OpenApi(tag = "Tags::Account")]
impl MyEmployersApi {
    /// Employers that say I work there, what I answered, and where I am or was in post
    #[oai(path = "/me/employers", method = "get", operation_id = "my_employers")]
    async fn mine(&self, caller: Signed, app: Data<&App>) -> Result<Json<MyEmployersOut>, ApiError> {
        Ok(Json(mine::mine(&app, &caller).await?))
    }

    /// Say whether I work for an employer
    ///
    /// With yes its appointments become mine, and it sees of my record what its requirements need. Otherwise it
    /// reads only that it was not confirmed
    #[oai(path = "/me/employers/questions/:person_id", method = "post", operation_id = "answer_employer")]
    async fn answer(
        &self,
        caller: Signed,
        app: Data<&App>,
        person_id: Path<PersonId>,
        body: Json<AnswerIn>,
    ) -> Result<Json<MyEmployersOut>, ApiError> {
        Ok(Json(mine::answer(&app, &caller, person_id.0, body.0.answer).await?))
    }

    /// Take an answer back that was not yes
    #[oai(path = "/me/employers/questions/:person_id", method = "delete", operation_id = "take_back_answer")]
    async fn take_back(
        &self,
        caller: Signed,
        app: Data<&App>,
        person_id: Path<PersonId>,
    ) -> Result<Json<MyEmployersOut>, ApiError> {
        Ok(Json(mine::take_back(&app, &caller, person_id.0).await?))
    }

    /// No longer let an employer see my record
    ///
    /// It keeps the posts that it gave and the exemptions that it granted; the record stays mine
    #[oai(path = "/me/employers/:organisation_id", method = "delete", operation_id = "leave_employer")]
    async fn leave(
        &self,
        caller: Staff,
        app: Data<&App>,
        organisation_id: Path<OrganisationId>,
    ) -> Result<Json<MyEmployersOut>, ApiError> {
        Ok(Json(mine::leave(&app, &caller, &caller.own()?, organisation_id.0).await?))
    }

    /// Change my name; how an employer writes it stays its own
    #[oai(path = "/me/name", method = "patch", operation_id = "rename_me")]
    async fn rename(&self, caller: Staff, app: Data<&App>, body: Json<MyNameIn>) -> Result<Json<PersonOut>, ApiError> {
        Ok(Json(mine::rename(&app, &caller.own()?, body.0).await?))
    }
}
