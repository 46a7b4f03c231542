//! Statuses as they are shown: the explanation, one's own list.

use chrono::NaiveDate;
use entity::id::{CompletionId, ItemId, OrganisationId, PersonId, RequirementId};
use entity::value::{Assurance, Status};
use poem_openapi::Object;

use crate::standing::wire::WaitingOut;

/// A completion that counted, or one that did not and why.
#[derive(Debug, Object)]
pub struct ReasonOut {
    pub completion_id: CompletionId,
    pub item_id: ItemId,
    pub title: String,
    pub completed_on: NaiveDate,
    #[oai(skip_serializing_if_is_none)]
    pub valid_through: Option<NaiveDate>,
    pub assurance: Assurance,
    /// Absent for the one that counts; else rejected, withdrawn, expired, below_minimum, superseded
    #[oai(skip_serializing_if_is_none)]
    pub why_not: Option<String>,
    /// The same in words
    pub words: String,
}

#[derive(Debug, Object)]
pub struct ChangeOut {
    pub on: NaiveDate,
    /// Absent when the requirement no longer applies from then on
    #[oai(skip_serializing_if_is_none)]
    pub to: Option<Status>,
    pub words: String,
}

/// A course that would meet the requirement.
#[derive(Debug, Object)]
pub struct OptionOut {
    pub item_id: ItemId,
    pub title: String,
    #[oai(skip_serializing_if_is_none)]
    pub minutes: Option<i32>,
    /// Slug of the vocabulary `delivery`
    pub delivery: String,
    /// Slug of the vocabulary `cost`
    pub cost: String,
}

/// Why a person stands where they stand with a requirement.
#[derive(Debug, Object)]
pub struct ExplainOut {
    pub person_id: PersonId,
    pub given_name: String,
    pub family_name: String,
    pub requirement_id: RequirementId,
    pub requirement_name: String,
    /// The version of the requirement that was applied
    pub requirement_version: i32,
    pub as_at: NaiveDate,
    pub status: Status,
    /// The status in a sentence
    pub headline: String,
    /// What is asked, in a sentence
    pub rule: String,
    /// When the status became what it is
    pub since: NaiveDate,
    /// When the person came under the requirement
    pub under_since: NaiveDate,
    /// Since when it is asked and why since then, in a sentence
    pub under: String,
    /// Last day of the grace period
    pub due_by: NaiveDate,
    #[oai(skip_serializing_if_is_none)]
    pub valid_through: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    pub counted: Option<ReasonOut>,
    /// What waits for confirmation and who can give it
    #[oai(skip_serializing_if_is_none)]
    pub waiting: Option<WaitingOut>,
    /// Whether my word would be enough for that
    pub may_confirm: bool,
    /// Latest first. What somebody took back is told to nobody but themselves
    pub not_counted: Vec<ReasonOut>,
    /// Absent when it stays as it is
    #[oai(skip_serializing_if_is_none)]
    pub next_change: Option<ChangeOut>,
    /// Published courses that would meet it, nearest first
    pub options: Vec<OptionOut>,
}

/// One requirement that applies to me.
#[derive(Debug, Object)]
pub struct MyStatusOut {
    pub requirement_id: RequirementId,
    pub requirement_name: String,
    /// The employer that asks; absent on national requirements
    #[oai(skip_serializing_if_is_none)]
    pub organisation_id: Option<OrganisationId>,
    #[oai(skip_serializing_if_is_none)]
    pub organisation_name: Option<String>,
    pub status: Status,
    pub headline: String,
    #[oai(skip_serializing_if_is_none)]
    pub valid_through: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    pub due_by: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    pub next_change: Option<ChangeOut>,
    /// What waits for confirmation and who can give it; then no course is offered
    #[oai(skip_serializing_if_is_none)]
    pub waiting: Option<WaitingOut>,
    /// When something is to be done: published courses that would meet it, nearest first
    pub options: Vec<OptionOut>,
}

#[derive(Debug, Object)]
pub struct MyStatusesOut {
    pub as_at: NaiveDate,
    /// What is to be done first stands first
    pub items: Vec<MyStatusOut>,
}
