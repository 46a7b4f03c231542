//! Routes of learning that is not in the catalogue.

use entity::id::{OrganisationId, OutsideLearningId, PersonId};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::{ApiResponse, OpenApi};

use super::super::actions::equate;
use super::super::actions::outside::{self, Outside};
use super::super::outside as reading;
use super::super::store::outside::Which;
use super::super::wire::EvidenceIdsIn;
use super::super::wire::outside::{AskIn, EquateIn, OutsideIn, OutsideOut, OutsidesOut, TeamOutsideOut};
use crate::access::{Employer, Staff};
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::page::{self, Page};
use crate::base::tags::Tags;
use crate::state::App;

#[derive(ApiResponse)]
pub enum OutsideRecordedOut {
    /// Recorded
    #[oai(status = 201)]
    Done(Json<OutsideOut>, #[oai(header = "location")] String),
}

type Own = Result<Json<OutsideOut>, ApiError>;

pub struct OutsideApi;

#[OpenApi(tag = "Tags::Learning")]
impl OutsideApi {
    /// What I learned that is not in the catalogue, latest first
    #[oai(path = "/learning/outside", method = "get", operation_id = "list_my_outside_learning")]
    async fn list(&self, caller: Staff, app: Data<&App>) -> Result<Json<OutsidesOut>, ApiError> {
        Ok(Json(reading::own(&app, &caller.own()?).await?))
    }

    /// Record learning that is not in the catalogue
    ///
    /// It counts for nothing that is asked until somebody equates it with an item. The same title on the same day again
    /// is a conflict whose `existing` names the one recorded.
    #[oai(path = "/learning/outside", method = "post", operation_id = "record_outside_learning")]
    async fn record(
        &self,
        caller: Staff,
        app: Data<&App>,
        body: Json<OutsideIn>,
    ) -> Result<OutsideRecordedOut, ApiError> {
        let OutsideIn { title, provider, minutes, completed_on, evidence_ids, note, ask_employers } = body.0;
        let new = Outside {
            title: title.into_string(),
            provider: provider.into_string(),
            minutes: minutes.map(i32::from),
            completed_on: completed_on.date(),
            note: note.map(String::from).filter(|note| !note.is_empty()),
            evidence: evidence_ids,
            asks: ask_employers,
        };
        let made = outside::record(&app, &caller.own()?, new).await?;
        let at = format!("/api/learning/outside/{}", made.id);
        Ok(OutsideRecordedOut::Done(Json(made), at))
    }

    /// One of them
    #[oai(path = "/learning/outside/:learning_id", method = "get", operation_id = "get_outside_learning")]
    async fn get(&self, caller: Staff, app: Data<&App>, learning_id: Path<OutsideLearningId>) -> Own {
        Ok(Json(reading::own_by_id(&app, &caller.own()?, learning_id.0).await?))
    }

    /// Take it back, with the completions that stand for it
    #[oai(
        path = "/learning/outside/:learning_id/withdraw",
        method = "post",
        operation_id = "withdraw_outside_learning"
    )]
    async fn withdraw(&self, caller: Staff, app: Data<&App>, learning_id: Path<OutsideLearningId>) -> Own {
        Ok(Json(outside::withdraw(&app, &caller.own()?, learning_id.0).await?))
    }

    /// Let my employers see it, so that they equate it with an item, or no longer
    ///
    /// What stands for it already stays.
    #[oai(path = "/learning/outside/:learning_id/ask", method = "post", operation_id = "ask_to_equate")]
    async fn ask(
        &self,
        caller: Staff,
        app: Data<&App>,
        learning_id: Path<OutsideLearningId>,
        body: Json<AskIn>,
    ) -> Own {
        Ok(Json(outside::ask(&app, &caller.own()?, learning_id.0, body.0.ask_employers).await?))
    }

    /// Add evidence to it
    #[oai(path = "/learning/outside/:learning_id/evidence", method = "post", operation_id = "attach_outside_evidence")]
    async fn attach(
        &self,
        caller: Staff,
        app: Data<&App>,
        learning_id: Path<OutsideLearningId>,
        body: Json<EvidenceIdsIn>,
    ) -> Own {
        Ok(Json(outside::attach(&app, &caller.own()?, learning_id.0, body.0.evidence_ids).await?))
    }

    /// Learning outside of the catalogue that people in post let us see, to equate it; asked first, first
    ///
    /// Each person named in the answer can read in their access ledger that they were.
    #[oai(
        path = "/organisations/:organisation_id/outside-learning",
        method = "get",
        operation_id = "list_team_outside_learning"
    )]
    #[expect(clippy::too_many_arguments, reason = "one for each part of the query")]
    async fn team(
        &self,
        caller: Employer,
        app: Data<&App>,
        organisation_id: Path<OrganisationId>,
        person: Query<Option<PersonId>>,
        /// Leave out my own, which I cannot equate
        others_only: Query<Option<bool>>,
        /// Only what nobody has equated yet
        waiting: Query<Option<bool>>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<TeamOutsideOut>>, ApiError> {
        let scope = caller.organisation(organisation_id.0)?;
        let after = page::key(cursor.0.as_deref())?;
        let not_person = scope.own_person().filter(|_| others_only.0 == Some(true));
        let which = Which { person: person.0, not_person, waiting: waiting.0 == Some(true), only: None };
        Ok(Json(reading::team_page(&app, &scope, which, after, page::limit(limit.0)).await?))
    }

    /// Equate learning outside of the catalogue with an item
    ///
    /// A completion of that item stands for it then, by the word of this organisation: take that word back with
    /// `POST /learning/verdicts/{verdict_id}/take-back`. The person is told.
    #[oai(
        path = "/organisations/:organisation_id/outside-learning/:learning_id/equate",
        method = "post",
        operation_id = "equate_learning"
    )]
    async fn equate(
        &self,
        caller: Employer,
        app: Data<&App>,
        organisation_id: Path<OrganisationId>,
        learning_id: Path<OutsideLearningId>,
        body: Json<EquateIn>,
    ) -> Result<Json<TeamOutsideOut>, ApiError> {
        let done = equate::equate(&app, &caller, organisation_id.0, learning_id.0, body.0.item_id).await?;
        Ok(Json(done))
    }
}
