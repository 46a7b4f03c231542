//! A completion as far as statuses depend on it.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::id::{CompletionId, ItemId, OrganisationId};
use entity::value::{Assurance, CompletionState, Level};

use crate::validity::rank;

/// A theme of the framework that a completion builds, at a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    pub theme: String,
    pub level: Level,
}

/// A completion with the terms that were in force on its day: until when it is valid, and what it
/// builds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completed {
    pub id: CompletionId,
    pub item: ItemId,
    pub on: NaiveDate,
    /// Last valid day; `None` never expires
    pub through: Option<NaiveDate>,
    pub assurance: Assurance,
    pub state: CompletionState,
    /// The day on which it was put on record
    pub recorded_on: NaiveDate,
    pub builds: Arc<[Built]>,
    /// Organisations that rejected it: it counts for none of their requirements
    pub refused_by: Vec<OrganisationId>,
}

impl Completed {
    /// Live and done by that day; it may have lapsed since.
    pub(crate) fn stands(&self, day: NaiveDate) -> bool {
        self.state == CompletionState::Live && self.on <= day
    }

    pub(crate) fn in_date(&self, day: NaiveDate) -> bool {
        self.through.is_none_or(|last| day <= last)
    }

    /// Which of several speaks for the person: higher is better.
    pub(crate) fn rank(&self) -> (NaiveDate, Assurance, NaiveDate, CompletionId) {
        let (through, assurance, on) = rank(self.through, self.assurance, self.on);
        (through, assurance, on, self.id)
    }

    /// The last day on which it counts, as something to compare.
    pub(crate) fn lasts(&self) -> NaiveDate {
        self.through.unwrap_or(NaiveDate::MAX)
    }
}
