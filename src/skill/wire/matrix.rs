//! The matrix as it is shown: people by what is asked of them, and the numbers of people.

use chrono::NaiveDate;
use entity::id::{CompletionId, PersonId, RequirementId, ServiceId};
use entity::value::{Assurance, Status};
use poem_openapi::{Enum, Object};
use status::Cell;

/// Which people to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Showing {
    /// Who hold everything that is asked of them
    Complete,
    /// With something expired or overdue
    Late,
    /// With something due or expiring: there is time left
    Soon,
    /// With something that waits for confirmation
    Waiting,
    /// With something met; the same with each status
    Met,
    Expiring,
    Expired,
    Due,
    Overdue,
    Exempt,
    /// With something expired, due or overdue
    Missing,
}

/// A requirement as a column of the matrix.
#[derive(Debug, Object)]
pub struct ColumnOut {
    pub id: RequirementId,
    pub name: String,
    /// Whom it is for, in few words; absent when everybody is asked
    #[oai(skip_serializing_if_is_none)]
    pub whom: Option<String>,
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
    /// Posts held on the day, in the services that the caller may see
    pub posts: Vec<PostHeldOut>,
    /// First day in these services, when it is still to come
    #[oai(skip_serializing_if_is_none)]
    pub starts_on: Option<NaiveDate>,
    /// Last day in these services, when it is known
    #[oai(skip_serializing_if_is_none)]
    pub leaves_on: Option<NaiveDate>,
    /// One for each requirement that applies to the person
    pub cells: Vec<CellOut>,
}

/// Numbers of those who fit every filter but that by status: people first, each of them counted once
/// in every number that fits them, then cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Object)]
pub struct MatrixSummaryOut {
    pub people: u32,
    /// Of whom anything is asked
    pub people_asked: u32,
    /// Of these, who hold everything that is asked of them or are exempt: `status=complete`
    pub people_complete: u32,
    /// With something expired or overdue: `status=late`
    pub people_late: u32,
    /// With something due or expiring: `status=soon`
    pub people_soon: u32,
    /// With something that waits for confirmation: `status=waiting`
    pub people_waiting: u32,
    /// Completions that a status waits for and that my word is enough for
    pub to_confirm: u32,
    /// Cells
    pub met: u32,
    pub expiring: u32,
    /// Expired, due or overdue
    pub missing: u32,
    pub exempt: u32,
}

/// Who has gone and come between today and a later day, as far as it is known today.
#[derive(Debug, Object)]
pub struct MovesOut {
    pub left: u32,
    pub started: u32,
    /// The first of those who will have left, by name
    pub leavers: Vec<LeaverOut>,
}

#[derive(Clone, Debug, Object)]
pub struct LeaverOut {
    pub person_id: PersonId,
    pub given_name: String,
    pub family_name: String,
    /// Last day in the services that the caller may see
    pub leaves_on: NaiveDate,
}

#[derive(Debug, Object)]
pub struct MatrixOut {
    /// The day of all this: today, or the later day that was asked for
    pub as_at: NaiveDate,
    /// Those that somebody in reach is asked
    pub requirements: Vec<ColumnOut>,
    pub summary: MatrixSummaryOut,
    /// On the first page of a later day
    #[oai(skip_serializing_if_is_none)]
    pub moves: Option<MovesOut>,
    pub items: Vec<MatrixRowOut>,
    #[oai(skip_serializing_if_is_none)]
    pub next_cursor: Option<String>,
    /// Rows in all, after the filters
    pub total: u64,
}
