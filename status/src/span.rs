//! From a day to a day.

use chrono::NaiveDate;

/// From a day to a day, both included; open ended without a last one. One whose last day lies
/// before its first cannot be made: such a time never was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    first: NaiveDate,
    last: Option<NaiveDate>,
}

impl Span {
    pub fn new(first: NaiveDate, last: Option<NaiveDate>) -> Option<Self> {
        last.is_none_or(|last| first <= last).then_some(Self { first, last })
    }

    /// From a day on, without an end.
    pub fn open(first: NaiveDate) -> Self {
        Self { first, last: None }
    }

    pub fn first(&self) -> NaiveDate {
        self.first
    }

    pub fn last(&self) -> Option<NaiveDate> {
        self.last
    }

    /// Whether the two share a day.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.last.is_none_or(|last| other.first <= last) && other.last.is_none_or(|last| self.first <= last)
    }

    pub fn holds(&self, day: NaiveDate) -> bool {
        self.first <= day && self.last.is_none_or(|last| day <= last)
    }

    /// The first day on which it holds, and the first on which it no longer does.
    pub(crate) fn edges(&self) -> [Option<NaiveDate>; 2] {
        [Some(self.first), self.last.and_then(|last| last.succ_opt())]
    }
}
