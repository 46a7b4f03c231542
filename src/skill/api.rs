//! Routes of requirements, exemptions and statuses.

use entity::id::{ExemptionId, OrganisationId, PersonId, RequirementId, ServiceId};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::{ApiResponse, OpenApi};

use super::actions::matrix::{self, Filter};
use super::actions::{exemption, explain, leavers, mine, preview, requirement};
use super::wire::{
    ExemptionIn, ExemptionOut, ExplainOut, LeaverCopiesOut, MatrixOut, MyStatusesOut, PreviewOut, RequirementIn,
    RequirementOut, RequirementPatch, Showing,
};
use crate::access::{Curator, Employer, Signed, Staff};
use crate::base::day::Day;
use crate::base::db;
use crate::base::error::ApiError;
use crate::base::etag::etag;
use crate::base::fold::fold;
use crate::base::json::Json;
use crate::base::page::Page;
use crate::base::tags::Tags;
use crate::base::text::Words;
use crate::state::App;

#[derive(ApiResponse)]
pub enum RequirementAnswer {
    #[oai(status = 200)]
    Whole(Json<RequirementOut>, #[oai(header = "etag")] String),
    /// Made
    #[oai(status = 201)]
    Made(Json<RequirementOut>, #[oai(header = "etag")] String),
}

impl RequirementAnswer {
    fn whole(out: RequirementOut) -> Self {
        let tag = etag(out.version);
        Self::Whole(Json(out), tag)
    }

    fn made(out: RequirementOut) -> Self {
        let tag = etag(out.version);
        Self::Made(Json(out), tag)
    }
}

#[derive(ApiResponse)]
pub enum Granted {
    /// Exempted
    #[oai(status = 201)]
    Made(Json<ExemptionOut>),
}

#[derive(ApiResponse)]
pub enum Ended {
    /// It has ended
    #[oai(status = 204)]
    Done,
}

type Cursor = Query<Option<String>>;
type Limit = Query<Option<u64>>;
type IfMatch = Header<Option<String>>;

pub struct RequirementApi;

#[OpenApi(tag = "Tags::Skill")]
impl RequirementApi {
    /// What an organisation asks of its people, national requirements included
    #[oai(path = "/organisations/:id/requirements", method = "get", operation_id = "list_requirements")]
    async fn list(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<Page<RequirementOut>>, ApiError> {
        let scope = caller.organisation(id.0)?;
        Ok(Json(requirement::list(&app, Some(scope.organisation()), cursor.0.as_deref(), limit.0).await?))
    }

    /// Ask something of the organisation's people
    #[oai(path = "/organisations/:id/requirements", method = "post", operation_id = "create_requirement")]
    async fn create(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        body: Json<RequirementIn>,
    ) -> Result<RequirementAnswer, ApiError> {
        let scope = caller.employer(id.0)?;
        let made = requirement::create(&app, scope.account(), Some(&scope), body.0).await?;
        Ok(RequirementAnswer::made(made))
    }

    /// What a requirement of the organisation would do; nothing is saved
    #[oai(path = "/organisations/:id/requirements/preview", method = "post", operation_id = "preview_requirement")]
    async fn preview(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        body: Json<RequirementIn>,
    ) -> Result<Json<PreviewOut>, ApiError> {
        let scope = caller.employer(id.0)?;
        Ok(Json(preview::of_new(&app, Some(&scope), body.0).await?))
    }

    /// National requirements
    #[oai(path = "/requirements", method = "get", operation_id = "list_national_requirements")]
    async fn list_national(
        &self,
        _caller: Signed,
        app: Data<&App>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<Page<RequirementOut>>, ApiError> {
        Ok(Json(requirement::list(&app, None, cursor.0.as_deref(), limit.0).await?))
    }

    /// Ask something at every employer
    #[oai(path = "/requirements", method = "post", operation_id = "create_national_requirement")]
    async fn create_national(
        &self,
        caller: Curator,
        app: Data<&App>,
        body: Json<RequirementIn>,
    ) -> Result<RequirementAnswer, ApiError> {
        Ok(RequirementAnswer::made(requirement::create(&app, caller.account(), None, body.0).await?))
    }

    /// What a national requirement would do, in orders of size; nothing is saved
    #[oai(path = "/requirements/preview", method = "post", operation_id = "preview_national_requirement")]
    async fn preview_national(
        &self,
        _caller: Curator,
        app: Data<&App>,
        body: Json<RequirementIn>,
    ) -> Result<Json<PreviewOut>, ApiError> {
        Ok(Json(preview::of_new(&app, None, body.0).await?))
    }

    /// What a change of a requirement would do; nothing is saved
    #[oai(path = "/requirements/:requirement_id/preview", method = "post", operation_id = "preview_change")]
    async fn preview_change(
        &self,
        caller: Signed,
        app: Data<&App>,
        requirement_id: Path<RequirementId>,
        body: Json<RequirementPatch>,
    ) -> Result<Json<PreviewOut>, ApiError> {
        Ok(Json(preview::of_change(&app, &caller, requirement_id.0, body.0).await?))
    }

    /// One requirement
    #[oai(path = "/requirements/:requirement_id", method = "get", operation_id = "get_requirement")]
    async fn read(
        &self,
        caller: Signed,
        app: Data<&App>,
        requirement_id: Path<RequirementId>,
    ) -> Result<RequirementAnswer, ApiError> {
        Ok(RequirementAnswer::whole(requirement::read(&app, &caller, requirement_id.0).await?))
    }

    /// Change a requirement into its next version, or end it
    #[oai(path = "/requirements/:requirement_id", method = "patch", operation_id = "change_requirement")]
    async fn change(
        &self,
        caller: Signed,
        app: Data<&App>,
        requirement_id: Path<RequirementId>,
        #[oai(name = "If-Match")] if_match: IfMatch,
        body: Json<RequirementPatch>,
    ) -> Result<RequirementAnswer, ApiError> {
        let changed = requirement::change(&app, &caller, requirement_id.0, if_match.0.as_deref(), body.0).await?;
        Ok(RequirementAnswer::whole(changed))
    }

    /// Who is exempt from a requirement
    #[oai(path = "/requirements/:requirement_id/exemptions", method = "get", operation_id = "list_exemptions")]
    async fn exemptions(
        &self,
        caller: Employer,
        app: Data<&App>,
        requirement_id: Path<RequirementId>,
        person: Query<Option<PersonId>>,
        cursor: Cursor,
        limit: Limit,
    ) -> Result<Json<Page<ExemptionOut>>, ApiError> {
        let page = exemption::list(&app, &caller, requirement_id.0, person.0, cursor.0.as_deref(), limit.0).await?;
        Ok(Json(page))
    }

    /// Exempt somebody from a requirement
    #[oai(path = "/requirements/:requirement_id/exemptions", method = "post", operation_id = "exempt")]
    async fn exempt(
        &self,
        caller: Employer,
        app: Data<&App>,
        requirement_id: Path<RequirementId>,
        body: Json<ExemptionIn>,
    ) -> Result<Granted, ApiError> {
        Ok(Granted::Made(Json(exemption::grant(&app, &caller, requirement_id.0, body.0).await?)))
    }

    /// End an exemption
    #[oai(path = "/exemptions/:exemption_id", method = "delete", operation_id = "end_exemption")]
    async fn end_exemption(
        &self,
        caller: Employer,
        app: Data<&App>,
        exemption_id: Path<ExemptionId>,
    ) -> Result<Ended, ApiError> {
        exemption::end(&app, &caller, exemption_id.0).await?;
        Ok(Ended::Done)
    }
}

pub struct StatusApi;

/// More words than this make no name.
const MOST_WORDS: usize = 8;

fn words(q: Option<Words>) -> Vec<String> {
    fold(&q.unwrap_or_default())
        .split(' ')
        .filter(|word| !str::is_empty(word))
        .take(MOST_WORDS)
        .map(str::to_owned)
        .collect()
}

#[OpenApi(tag = "Tags::Skill")]
impl StatusApi {
    /// Who holds what is asked: people by requirements, with the numbers of the whole reach
    #[oai(path = "/organisations/:id/status", method = "get", operation_id = "organisation_status")]
    #[expect(clippy::too_many_arguments, reason = "one for each part of the query")]
    async fn matrix(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        requirement: Query<Option<RequirementId>>,
        service: Query<Option<ServiceId>>,
        /// Only people who stand so
        status: Query<Option<Showing>>,
        /// Only this person's row
        person: Query<Option<PersonId>>,
        /// Words of the name, in any order
        q: Query<Option<Words>>,
        /// Today when left out, or a later day with those who leave and start until then
        as_at: Query<Option<Day>>,
        cursor: Cursor,
        /// 0 gives the numbers without the people
        limit: Limit,
    ) -> Result<Json<MatrixOut>, ApiError> {
        let scope = caller.organisation(id.0)?;
        let filter = Filter {
            requirement: requirement.0,
            service: service.0,
            status: status.0,
            person: person.0,
            words: words(q.0),
            as_at: as_at.0.map(Day::date),
            cursor: cursor.0,
            limit: limit.0,
        };
        Ok(Json(matrix::matrix(&app, &scope, filter).await?))
    }

    /// Why a person stands where they stand with a requirement, and when that changes
    #[oai(path = "/people/:id/status/:requirement_id/explain", method = "get", operation_id = "explain_status")]
    async fn explain(
        &self,
        caller: Signed,
        app: Data<&App>,
        id: Path<PersonId>,
        requirement_id: Path<RequirementId>,
        /// Today when left out, or a later day if nothing is recorded until then
        as_at: Query<Option<Day>>,
    ) -> Result<Json<ExplainOut>, ApiError> {
        let of = (id.0, requirement_id.0);
        Ok(Json(explain::explain(&app, &caller, of, as_at.0.map(Day::date)).await?))
    }

    /// What we relied on of somebody who has left, as it stood on their last day
    #[oai(path = "/organisations/:id/people/:person_id/left", method = "get", operation_id = "leaver_copies")]
    async fn left(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        person_id: Path<PersonId>,
    ) -> Result<Json<LeaverCopiesOut>, ApiError> {
        Ok(Json(leavers::of(&app, &caller.organisation(id.0)?, person_id.0).await?))
    }

    /// What is asked of me, over all employers
    #[oai(path = "/me/status", method = "get", operation_id = "my_status")]
    async fn mine(&self, caller: Staff, app: Data<&App>) -> Result<Json<MyStatusesOut>, ApiError> {
        let read = db::read(&app.db).await?;
        Ok(Json(mine::statuses(&app, &read, &caller.own()?).await?))
    }
}
