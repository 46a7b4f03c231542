//! How long a completion is valid, and which of several speaks for the person.

use chrono::{Months, NaiveDate};
use entity::value::Assurance;

/// How long before its end a completion counts as lapsing soon, unless a requirement says otherwise.
pub const WINDOW_DAYS: i64 = 90;

/// The last day, inclusive, on which a completion counts; `None` means that it never expires.
///
/// It is the day before the same day of the month `validity_months` later, that day clamped to
/// the month's length. A fixed expiry given by the provider wins over the computed one.
pub fn valid_through(
    completed_on: NaiveDate,
    validity_months: Option<u32>,
    fixed_expiry: Option<NaiveDate>,
) -> Option<NaiveDate> {
    if fixed_expiry.is_some() {
        return fixed_expiry;
    }
    let months = Months::new(validity_months?);
    let anniversary = completed_on.checked_add_months(months).unwrap_or(NaiveDate::MAX);
    anniversary.pred_opt()
}

/// Where a completion stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Held for good
    Lasting,
    /// Held, and not lapsing within the window
    Current,
    /// Held, but lapses within the window
    Expiring,
    Expired,
}

/// Where a completion valid through a day stands `today`. On its last day it is still held.
pub fn holding(valid_through: Option<NaiveDate>, today: NaiveDate, window_days: i64) -> Holding {
    match days_left(valid_through, today) {
        None => Holding::Lasting,
        Some(days) if days < 0 => Holding::Expired,
        Some(days) if days <= window_days => Holding::Expiring,
        Some(_) => Holding::Current,
    }
}

/// Days until the last valid day: 0 on that day itself, negative once expired.
pub fn days_left(valid_through: Option<NaiveDate>, today: NaiveDate) -> Option<i64> {
    valid_through.map(|last| (last - today).num_days())
}

/// Which of several completions of one item speaks for the person: higher is better. Longest
/// valid first, then the most trusted, then the latest.
pub fn rank(
    valid_through: Option<NaiveDate>,
    assurance: Assurance,
    completed_on: NaiveDate,
) -> (NaiveDate, Assurance, NaiveDate) {
    (valid_through.unwrap_or(NaiveDate::MAX), assurance, completed_on)
}
