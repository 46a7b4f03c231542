//! The rules of completions, pure: how long one is valid, how far one is trusted, who may raise
//! that, and which dates can be true. Every other feature asks here; there is no second version.

use chrono::{Datelike, Days, Months, NaiveDate};
use entity::value::Assurance;

/// Nothing before this is believed; a typing slip far more likely than a record.
pub const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(1950, 1, 1).expect("a day of the calendar");
/// Youngest age at which a completion can have been earned.
pub const YOUNGEST: i32 = 14;
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

/// Who raises the assurance of a completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confirmer {
    /// Manager of a service where the person is appointed
    Manager,
    /// Employer of the person
    Employer,
    /// Provider of the item
    Provider,
}

impl Confirmer {
    /// The rung of the ladder that this confirmer may raise a completion to.
    pub fn rung(self) -> Assurance {
        match self {
            Self::Manager => Assurance::ManagerConfirmed,
            Self::Employer => Assurance::EmployerVerified,
            Self::Provider => Assurance::ProviderIssued,
        }
    }
}

/// Whether this confirmer's word is enough to refuse what is trusted so far.
pub fn may_reject(confirmer: Confirmer, assurance: Assurance) -> bool {
    assurance <= confirmer.rung()
}

/// Whether somebody other than the owner has vouched for a completion.
pub fn is_confirmed(assurance: Assurance) -> bool {
    assurance >= Assurance::ManagerConfirmed
}

/// Where a completion starts, or falls back to when its last evidence is removed.
pub fn own_assurance(has_evidence: bool) -> Assurance {
    if has_evidence { Assurance::EvidenceAttached } else { Assurance::SelfDeclared }
}

/// Why a completion date cannot be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFault {
    Future,
    /// Before the birthday on which the person turned 14
    TooYoung(NaiveDate),
    TooEarly,
}

/// Holds a completion date against today (in Scotland) and the person's birth date if known.
pub fn check_date(
    completed_on: NaiveDate,
    today: NaiveDate,
    date_of_birth: Option<NaiveDate>,
) -> Result<(), DateFault> {
    if completed_on > today {
        return Err(DateFault::Future);
    }
    if completed_on < EARLIEST {
        return Err(DateFault::TooEarly);
    }
    match date_of_birth.map(|born| birthday(born, YOUNGEST)) {
        Some(birthday) if completed_on < birthday => Err(DateFault::TooYoung(birthday)),
        _ => Ok(()),
    }
}

/// The day on which somebody turns `age`. Who was born on 29 February has it on 1 March in other
/// years (Age of Legal Capacity (Scotland) Act 1991, section 6(2)).
fn birthday(born: NaiveDate, age: i32) -> NaiveDate {
    let year = born.year() + age;
    NaiveDate::from_ymd_opt(year, born.month(), born.day())
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
        .unwrap_or(NaiveDate::MAX)
}

/// A date as people read it: "27 February 2025".
pub fn in_words(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// Why a completion is valid for as long as it is, in words.
pub fn explain(completed_on: NaiveDate, validity_months: Option<u32>, fixed_expiry: Option<NaiveDate>) -> String {
    let completed = in_words(completed_on);
    if let Some(last) = fixed_expiry {
        return format!(
            "Completed on {completed}. The provider gave it a fixed end, so it is valid through {}.",
            in_words(last)
        );
    }
    let (Some(months), Some(last)) = (validity_months, valid_through(completed_on, validity_months, None)) else {
        return format!("Completed on {completed}. It does not expire.");
    };
    let span = if months == 1 { "1 month".to_owned() } else { format!("{months} months") };
    let anniversary = last.checked_add_days(Days::new(1)).unwrap_or(last);
    let clamped = if anniversary.day() == completed_on.day() {
        String::new()
    } else {
        format!(" ({} has no day {})", anniversary.format("%B %Y"), completed_on.day())
    };
    format!("Completed on {completed} and valid for {span}{clamped}: the last valid day is {}.", in_words(last))
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
