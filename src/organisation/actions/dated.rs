//! How a change of something dated is meant: it changed on a day, or it was entered wrongly.

use chrono::NaiveDate;
use poem_openapi::types::MaybeUndefined;

use crate::base::error::Fields;
use crate::organisation::history::History;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// What was before stays
    From(NaiveDate),
    /// It never was as it stands on this day
    Corrected(NaiveDate),
}

impl Meant {
    pub fn apply<T: Clone + PartialEq>(self, history: &History<T>, change: impl Fn(&mut T)) -> History<T> {
        match self {
            Self::From(day) => history.changed(day, change),
            Self::Corrected(day) => history.corrected(day, change),
        }
    }
}

/// What was said of it. `changes` tells whether anything dated is to be other than it is today.
pub(super) fn meant(
    fields: &mut Fields,
    (changed_on, correction): (Option<NaiveDate>, bool),
    changes: bool,
    opened_on: NaiveDate,
    today: NaiveDate,
) -> Option<Meant> {
    let refuse = |fields: &mut Fields, code: &str, message: &str| {
        fields.push("changed_on", code, message);
        None
    };
    match (changed_on, correction) {
        (Some(_), true) => {
            refuse(fields, "one_of_two", "Say either on which day it changed, or that it was entered wrongly.")
        }
        (Some(day), false) if day > today => refuse(
            fields,
            "in_the_future",
            "Enter today or an earlier day. A later change is entered when it has come.",
        ),
        (Some(day), false) if day < opened_on => refuse(fields, "before_it_opened", "It was not open yet on this day."),
        (Some(day), false) => Some(Meant::From(day)),
        (None, true) => Some(Meant::Corrected(today)),
        (None, false) if changes => {
            refuse(fields, "change_or_correction", "Say on which day it changed, or that it was entered wrongly.")
        }
        (None, false) => None,
    }
}

/// A value that may not be emptied: what is wanted of it, if anything.
pub(super) fn wanted<T>(fields: &mut Fields, name: &str, field: MaybeUndefined<T>) -> Option<T> {
    match field {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => {
            fields.push(name, "missing", "This cannot be left empty.");
            None
        }
        MaybeUndefined::Value(value) => Some(value),
    }
}

/// Puts what is wanted in the place of what stands.
pub(super) fn put<T: Clone>(wanted: Option<&T>, stands: &mut T) {
    if let Some(value) = wanted {
        value.clone_into(stands);
    }
}
