//! What a requirement would do, as it is read before it is saved.

use chrono::NaiveDate;
use entity::id::PersonId;
use entity::value::Status;
use poem_openapi::{Enum, Object};

/// What is asked back before a requirement is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum RequirementQuestion {
    /// It is asked from a day that is over, for everybody or for those who are new to it
    BeginsInThePast,
    /// People would be overdue as soon as it is saved
    OverdueAtOnce,
}

impl RequirementQuestion {
    pub fn code(self) -> &'static str {
        match self {
            Self::BeginsInThePast => "begins_in_the_past",
            Self::OverdueAtOnce => "overdue_at_once",
        }
    }
}

/// Of whom or what a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum PreviewFigure {
    /// All who would be asked
    People,
    Overdue,
    Expired,
    Due,
    Expiring,
    Met,
    Exempt,
    /// For whom something waits for somebody's word, whatever their status
    Waiting,
    /// Overdue, and not overdue as the requirement stands
    NewlyOverdue,
    /// Posts held by those who would be asked
    Posts,
}

#[derive(Debug, Object)]
pub struct PreviewFigureOut {
    pub of: PreviewFigure,
    /// Absent where only an order of size is told
    #[oai(skip_serializing_if_is_none)]
    pub count: Option<u32>,
    /// "12", or "20 to 49"
    pub words: String,
}

/// Somebody of the organisation who would be asked.
#[derive(Debug, Object)]
pub struct PreviewPersonOut {
    pub person_id: PersonId,
    pub given_name: String,
    pub family_name: String,
    pub status: Status,
    #[oai(skip_serializing_if_is_none)]
    pub valid_through: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    pub due_by: Option<NaiveDate>,
    /// Something waits for somebody's word
    pub waiting: bool,
}

/// What a requirement would do if it were saved as it stands. Nothing is saved.
#[derive(Debug, Object)]
pub struct PreviewOut {
    /// The day of the figures: today, or the day on which it begins
    pub on: NaiveDate,
    /// Whom it would be for, in words
    pub whom: String,
    /// Whether the figures are counts; of the whole workforce only orders of size are told
    pub exact: bool,
    pub figures: Vec<PreviewFigureOut>,
    /// The first day on which somebody who has time left is overdue; of national requirements the
    /// first day on which anybody can be. Absent when there is none to come
    #[oai(skip_serializing_if_is_none)]
    pub first_overdue_on: Option<NaiveDate>,
    /// People of the organisation, those with most to do first; nobody for national requirements
    pub people: Vec<PreviewPersonOut>,
    /// How many more are asked than are shown
    pub more: u32,
}
