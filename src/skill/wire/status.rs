//! Statuses as they are shown: the matrix, the explanation, one's own list.

use chrono::NaiveDate;
use entity::id::{CompletionId, ItemId, OrganisationId, PersonId, RequirementId, ServiceId};
use entity::value::{Assurance, Status};
use poem_openapi::{Enum, Object};
use status::Cell;

use crate::standing::wire::WaitingOut;

/// Which rows of the matrix to show: those with at least one cell of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Showing {
    Met,
    Expiring,
    Expired,
    Due,
    Overdue,
    Exempt,
    /// Expired, due or overdue
    Missing,
}

impl Showing {
    pub fn shows(self, status: Status) -> bool {
        match self {
            Self::Met => status == Status::Met,
            Self::Expiring => status == Status::Expiring,
            Self::Expired => status == Status::Expired,
            Self::Due => status == Status::Due,
            Self::Overdue => status == Status::Overdue,
            Self::Exempt => status == Status::Exempt,
            Self::Missing => status.is_missing(),
        }
    }
}

/// A requirement as a column of the matrix.
#[derive(Debug, Object)]
pub struct ColumnOut {
    pub id: RequirementId,
    pub name: String,
    /// A role's label; absent when everybody is asked
    #[oai(skip_serializing_if_is_none)]
    pub role_label: Option<String>,
    pub national: bool,
    pub minimum_assurance: Assurance,
}

#[derive(Debug, Object)]
pub struct PostHeldOut {
    pub service_id: ServiceId,
    pub service_name: String,
    pub role: String,
    pub role_label: String,
}

#[derive(Debug, Object)]
pub struct CellOut {
    pub requirement_id: RequirementId,
    pub status: Status,
    /// Last valid day of what counts, or of what has lapsed; absent when it does not expire
    #[oai(skip_serializing_if_is_none)]
    pub valid_through: Option<NaiveDate>,
    /// How far what counts is trusted
    #[oai(skip_serializing_if_is_none)]
    pub assurance: Option<Assurance>,
    /// Last day of the grace period, while nothing was ever held
    #[oai(skip_serializing_if_is_none)]
    pub due_by: Option<NaiveDate>,
    /// What would count if it were trusted further
    #[oai(skip_serializing_if_is_none)]
    pub waiting: Option<CellWaitingOut>,
}

/// A completion that waits behind a cell of the matrix.
#[derive(Debug, Object)]
pub struct CellWaitingOut {
    pub completion_id: CompletionId,
    /// The day on which it was recorded
    pub since: NaiveDate,
    /// How far it has to be trusted
    pub needs: Assurance,
    /// Whether my word would be enough
    pub may_confirm: bool,
}

impl CellOut {
    /// `rung`: how far the caller can raise this person's completions, if at all.
    pub fn new(requirement_id: RequirementId, cell: Cell, rung: Option<Assurance>) -> Self {
        let Cell { status, through, assurance, due_by, waiting } = cell;
        let waiting = waiting.map(|waiting| CellWaitingOut {
            completion_id: waiting.completion,
            since: waiting.since,
            needs: waiting.needs,
            may_confirm: rung.is_some_and(|rung| rung >= waiting.needs),
        });
        Self { requirement_id, status, valid_through: through, assurance, due_by, waiting }
    }
}

#[derive(Debug, Object)]
pub struct MatrixRowOut {
    pub person_id: PersonId,
    pub given_name: String,
    pub family_name: String,
    /// Posts held now, in the services that the caller may see
    pub posts: Vec<PostHeldOut>,
    /// One for each requirement that applies to the person
    pub cells: Vec<CellOut>,
}

/// Over everybody in reach, before the filter by status: cells of each kind, and people with at
/// least one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Object)]
pub struct MatrixSummaryOut {
    pub people: u32,
    pub met: u32,
    pub expiring: u32,
    /// Expired, due or overdue
    pub missing: u32,
    pub exempt: u32,
    pub people_met: u32,
    pub people_expiring: u32,
    pub people_missing: u32,
}

#[derive(Debug, Object)]
pub struct MatrixOut {
    pub as_at: NaiveDate,
    /// Those that somebody in reach is asked
    pub requirements: Vec<ColumnOut>,
    pub summary: MatrixSummaryOut,
    pub items: Vec<MatrixRowOut>,
    #[oai(skip_serializing_if_is_none)]
    pub next_cursor: Option<String>,
    /// Rows in all, after the filters
    pub total: u64,
}

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
