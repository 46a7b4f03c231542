//! Pure rules of persons and appointments. Knows no database.

pub mod hours;
pub mod matching;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::organisation::rules::PostFacts;

/// Longest working week: 100 hours, in minutes.
pub const MOST_WEEKLY_MINUTES: i32 = 6000;

/// An employer whom somebody told that they do not work there asks them again after this long at
/// the earliest, whichever of its people it then means.
pub const ASKED_AGAIN_AFTER: TimeDelta = TimeDelta::days(30);

pub fn may_ask_again(answered_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now >= answered_at + ASKED_AGAIN_AFTER
}

/// An appointment as somebody wants it to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub starts_on: NaiveDate,
    /// Last day, included
    pub ends_on: Option<NaiveDate>,
}

impl Span {
    pub fn overlaps(self, other: Self) -> bool {
        self.ends_on.is_none_or(|last| other.starts_on <= last)
            && other.ends_on.is_none_or(|last| self.starts_on <= last)
    }

    pub fn state(self, today: NaiveDate) -> State {
        if today < self.starts_on {
            State::Upcoming
        } else if self.ends_on.is_some_and(|last| last < today) {
            State::Ended
        } else {
            State::Current
        }
    }
}

/// Where an appointment stands on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Current,
    Upcoming,
    Ended,
}

/// What is wrong with an appointment; each belongs to one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    EndsBeforeStart,
    PostNotOpenYet(NaiveDate),
    PostClosed(NaiveDate),
    /// Less than none
    NoHours,
    TooManyHours,
    /// The same person is in the same post already
    Overlaps,
}

/// Everything that is wrong with an appointment to a post, beside the person's `others` in it.
pub fn faults(span: Span, weekly_minutes: i32, post: &PostFacts, others: &[Span]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if span.ends_on.is_some_and(|last| last < span.starts_on) {
        faults.push(Fault::EndsBeforeStart);
    }
    if span.starts_on < post.opened_on {
        faults.push(Fault::PostNotOpenYet(post.opened_on));
    }
    if let Some(closed_on) = post.closed_on.filter(|closed| span.ends_on.is_none_or(|last| *closed <= last)) {
        faults.push(Fault::PostClosed(closed_on));
    }
    if weekly_minutes < 0 {
        faults.push(Fault::NoHours);
    } else if weekly_minutes > MOST_WEEKLY_MINUTES {
        faults.push(Fault::TooManyHours);
    }
    if others.iter().any(|other| other.overlaps(span)) {
        faults.push(Fault::Overlaps);
    }
    faults
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::organisation::history::{History, PostTerms};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn span(from: &str, until: Option<&str>) -> Span {
        Span { starts_on: day(from), ends_on: until.map(day) }
    }

    fn post(closed_on: Option<&str>) -> PostFacts {
        PostFacts {
            opened_on: day("2023-04-01"),
            closed_on: closed_on.map(day),
            terms: History::of(PostTerms {
                role: "recovery_worker".to_owned(),
                peer_role: false,
                volunteer: false,
                pay_framework: "own_scale".to_owned(),
            }),
            funding: Vec::new(),
            holds: Vec::new(),
        }
    }

    #[test]
    fn the_last_day_belongs_to_the_appointment() {
        let span = span("2024-01-08", Some("2026-06-30"));
        assert_eq!(span.state(day("2024-01-07")), State::Upcoming);
        assert_eq!(span.state(day("2024-01-08")), State::Current);
        assert_eq!(span.state(day("2026-06-30")), State::Current);
        assert_eq!(span.state(day("2026-07-01")), State::Ended);
    }

    #[test]
    fn each_fault_is_found_and_a_right_appointment_has_none() {
        let open = post(None);
        let right = span("2024-01-08", None);
        assert_eq!(faults(right, 2160, &open, &[]), []);
        assert_eq!(faults(span("2024-01-08", Some("2024-01-07")), 60, &open, &[]), [Fault::EndsBeforeStart]);
        assert_eq!(faults(span("2024-01-08", Some("2024-01-08")), 60, &open, &[]), []);
        assert_eq!(faults(span("2023-03-31", None), 60, &open, &[]), [Fault::PostNotOpenYet(day("2023-04-01"))]);
        let closing = post(Some("2026-04-01"));
        assert_eq!(faults(right, 60, &closing, &[]), [Fault::PostClosed(day("2026-04-01"))]);
        assert_eq!(faults(span("2024-01-08", Some("2026-03-31")), 60, &closing, &[]), []);
        assert_eq!(faults(right, -1, &open, &[]), [Fault::NoHours]);
        assert_eq!(faults(right, 0, &open, &[]), [], "asked back, not refused");
        assert_eq!(faults(right, 6000, &open, &[]), []);
        assert_eq!(faults(right, 6001, &open, &[]), [Fault::TooManyHours]);
        assert_eq!(faults(right, 60, &open, &[span("2023-04-01", Some("2024-01-08"))]), [Fault::Overlaps]);
        assert_eq!(faults(right, 60, &open, &[span("2023-04-01", Some("2024-01-07"))]), []);
    }

    proptest! {
        #[test]
        fn two_spans_overlap_when_they_share_a_day(a in 0i64..40, b in 0i64..20, c in 0i64..40, d in 0i64..20) {
            let at = |days: i64| day("2024-01-01") + chrono::TimeDelta::days(days);
            let (one, two) = (Span { starts_on: at(a), ends_on: Some(at(a + b)) }, Span { starts_on: at(c), ends_on: Some(at(c + d)) });
            let shared = (a..=a + b).any(|day| (c..=c + d).contains(&day));
            prop_assert_eq!(one.overlaps(two), shared);
            prop_assert_eq!(two.overlaps(one), shared);
        }
    }
}
