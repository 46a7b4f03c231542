//! Routes of completions: one's own, and those that one may vouch for.

use entity::id::{CompletionId, ItemId, OrganisationId, PersonId};
use entity::value::{Assurance, CompletionState};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::{ApiResponse, OpenApi};

use super::super::actions::confirm_many::confirm_many;
use super::super::actions::{self, Record};
use super::super::record;
use super::super::team::Filter;
use super::super::wire::many::{ConfirmManyIn, ConfirmedManyOut};
use super::super::wire::{CompletionDetailOut, CompletionIn, CompletionOut, EvidenceIdsIn};
use crate::access::{Employer, Signed, Staff};
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::page::{self, Page};
use crate::base::tags::Tags;
use crate::state::App;

#[derive(ApiResponse)]
pub enum RecordedOut {
    /// Recorded
    #[oai(status = 201)]
    Done(Json<CompletionDetailOut>, #[oai(header = "location")] String),
}

type Detail = Result<Json<CompletionDetailOut>, ApiError>;

pub struct CompletionsApi;

#[OpenApi(tag = "Tags::Learning")]
impl CompletionsApi {
    /// My completions, latest first
    #[oai(path = "/learning/completions", method = "get", operation_id = "list_my_completions")]
    async fn list(
        &self,
        caller: Staff,
        app: Data<&App>,
        state: Query<Option<CompletionState>>,
        item_id: Query<Option<ItemId>>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<CompletionOut>>, ApiError> {
        let after = page::key(cursor.0.as_deref())?;
        let limit = page::limit(limit.0);
        Ok(Json(record::own_page(&app, &caller.own()?, state.0, item_id.0, after, limit).await?))
    }

    /// Record a completion of my own
    ///
    /// The same item on the same day again is a conflict whose `existing` names the one recorded.
    #[oai(path = "/learning/completions", method = "post", operation_id = "record_completion")]
    async fn record(&self, caller: Staff, app: Data<&App>, body: Json<CompletionIn>) -> Result<RecordedOut, ApiError> {
        let CompletionIn { item_id, completed_on, evidence_ids, note } = body.0;
        let note = note.map(String::from).filter(|note| !note.is_empty());
        let new = Record { item: item_id, completed_on: completed_on.date(), evidence: evidence_ids, note };
        let detail = actions::record(&app, &caller.own()?, new).await?;
        let at = format!("/api/learning/completions/{}", detail.completion.id);
        Ok(RecordedOut::Done(Json(detail), at))
    }

    /// One completion with its history and why it is valid for as long as it is
    #[oai(path = "/learning/completions/:completion_id", method = "get", operation_id = "get_completion")]
    async fn get(&self, caller: Signed, app: Data<&App>, completion_id: Path<CompletionId>) -> Detail {
        Ok(Json(record::detail(&app, &caller, completion_id.0).await?))
    }

    /// Take back a completion of my own
    #[oai(
        path = "/learning/completions/:completion_id/withdraw",
        method = "post",
        operation_id = "withdraw_completion"
    )]
    async fn withdraw(&self, caller: Staff, app: Data<&App>, completion_id: Path<CompletionId>) -> Detail {
        Ok(Json(actions::withdraw(&app, &caller.own()?, completion_id.0).await?))
    }

    /// Add evidence to a completion of my own
    #[oai(path = "/learning/completions/:completion_id/evidence", method = "post", operation_id = "attach_evidence")]
    async fn attach(
        &self,
        caller: Staff,
        app: Data<&App>,
        completion_id: Path<CompletionId>,
        body: Json<EvidenceIdsIn>,
    ) -> Detail {
        let EvidenceIdsIn { evidence_ids } = body.0;
        Ok(Json(actions::attach(&app, &caller.own()?, completion_id.0, evidence_ids).await?))
    }
}

pub struct TeamCompletionsApi;

#[OpenApi(tag = "Tags::Learning")]
impl TeamCompletionsApi {
    /// Completions of people in post that a requirement asks for; what a status waits for first, oldest record first
    ///
    /// Each person named in the answer can read in their access ledger that they were.
    #[oai(path = "/organisations/:organisation_id/completions", method = "get", operation_id = "list_team_completions")]
    #[expect(clippy::too_many_arguments, reason = "one for each part of the query")]
    async fn list(
        &self,
        caller: Employer,
        app: Data<&App>,
        organisation_id: Path<OrganisationId>,
        state: Query<Option<CompletionState>>,
        /// Repeatable; without it all
        assurance: Query<Option<Vec<Assurance>>>,
        person: Query<Option<PersonId>>,
        /// Leave out my own, which I cannot confirm
        others_only: Query<Option<bool>>,
        /// Only what waits for my word: live, trusted less than I can vouch for, and either confirmed by nobody or asked
        /// for with more trust than it has
        to_confirm: Query<Option<bool>>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<CompletionOut>>, ApiError> {
        let scope = caller.organisation(organisation_id.0)?;
        let after = page::key(cursor.0.as_deref())?;
        let not_person = if others_only.0 == Some(true) { scope.own_person() } else { None };
        let filter = Filter {
            state: state.0,
            assurance: assurance.0.unwrap_or_default(),
            person: person.0,
            not_person,
            to_confirm: to_confirm.0 == Some(true),
        };
        Ok(Json(record::team_page(&app, &scope, &filter, after, page::limit(limit.0)).await?))
    }

    /// Confirm many completions of people in post at once; at most 100
    ///
    /// All of it or nothing is written, and each line of the answer says what became of it: one that can no longer be
    /// confirmed stays as it is.
    #[oai(
        path = "/organisations/:organisation_id/completions/confirm",
        method = "post",
        operation_id = "confirm_completions"
    )]
    async fn confirm_many(
        &self,
        caller: Employer,
        app: Data<&App>,
        organisation_id: Path<OrganisationId>,
        body: Json<ConfirmManyIn>,
    ) -> Result<Json<ConfirmedManyOut>, ApiError> {
        let ConfirmManyIn { completion_ids } = body.0;
        Ok(Json(confirm_many(&app, &caller, organisation_id.0, completion_ids).await?))
    }
}
