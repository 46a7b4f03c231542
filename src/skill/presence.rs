//! Who is here on a day, since when and how long, pure: time in several posts that follow each other
//! without a day between is one time.

use chrono::NaiveDate;
use status::Span;

/// The unbroken time that the day belongs to.
pub fn around(spans: &[Span], day: NaiveDate) -> Option<Span> {
    let mut time = spans.iter().copied().find(|span| span.holds(day))?;
    // each round takes at least one more span in, or is the last
    loop {
        let grown = spans.iter().filter(|span| touch(**span, time)).fold(time, |time, span| join(time, *span));
        if grown == time {
            return Some(time);
        }
        time = grown;
    }
}

/// Whether they share a day or one follows the other without a day between.
fn touch(one: Span, other: Span) -> bool {
    let reaches =
        |one: Span, other: Span| one.last().and_then(|last| last.succ_opt()).is_none_or(|next| other.first() <= next);
    reaches(one, other) && reaches(other, one)
}

fn join(one: Span, other: Span) -> Span {
    let first = one.first().min(other.first());
    let last = one.last().zip(other.last()).map(|(one, other)| one.max(other));
    Span::new(first, last).unwrap_or(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> Span {
        let (first, last) = text.split_once("..").unwrap();
        Span::new(first.parse().unwrap(), last.parse().ok()).unwrap()
    }

    #[test]
    fn posts_that_follow_each_other_are_one_time_and_a_gap_ends_it() {
        let day: NaiveDate = "2026-06-30".parse().unwrap();
        let around = |spans: &[&str]| around(&spans.iter().map(|text| span(text)).collect::<Vec<_>>(), day);
        assert_eq!(around(&["2026-07-01.."]), None);
        assert_eq!(around(&["2026-01-01.."]), Some(span("2026-01-01..")));
        let moved = ["2026-07-01..2026-09-30", "2025-01-01..2026-05-31", "2026-06-01..2026-06-30"];
        assert_eq!(around(&moved), Some(span("2025-01-01..2026-09-30")));
        assert_eq!(around(&["2026-06-01..2026-06-30", "2026-07-02.."]), Some(span("2026-06-01..2026-06-30")));
        assert_eq!(around(&["2026-06-01..2026-06-30", "2026-06-15.."]), Some(span("2026-06-01..")));
    }
}
