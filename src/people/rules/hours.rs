//! How many hours a week are plausible: what cannot be, and what is asked back once.

use entity::id::PostId;

use super::Span;

/// Over this many minutes a week, in all posts of a person at one employer, is asked back.
pub const ASKED_BACK_OVER: i32 = 48 * 60;
/// A week has no more minutes.
pub const WHOLE_WEEK: i32 = 7 * 24 * 60;

/// Somebody's time in a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub post: PostId,
    pub span: Span,
    pub weekly_minutes: i32,
}

/// What is unusual about hours, though it can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// With their other posts here, so many minutes a week
    Many(i32),
    /// None, in a post that is not a volunteer's
    None,
}

/// The most minutes a week that fall together while `span` lasts.
pub fn together(span: Span, weekly_minutes: i32, others: &[Stretch]) -> i32 {
    let beside: Vec<_> = others.iter().filter(|other| other.span.overlaps(span)).collect();
    let days = beside.iter().map(|other| other.span.starts_on.max(span.starts_on)).chain([span.starts_on]);
    let on = |day| -> i32 {
        let then = Span { starts_on: day, ends_on: Some(day) };
        beside.iter().filter(|other| other.span.overlaps(then)).map(|other| other.weekly_minutes).sum()
    };
    weekly_minutes.saturating_add(days.map(on).max().unwrap_or(0))
}

pub fn doubts(span: Span, weekly_minutes: i32, volunteer: bool, others: &[Stretch]) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let all = together(span, weekly_minutes, others);
    if all > ASKED_BACK_OVER {
        doubts.push(Doubt::Many(all));
    }
    if weekly_minutes == 0 && !volunteer {
        doubts.push(Doubt::None);
    }
    doubts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(at: i64) -> chrono::NaiveDate {
        chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::TimeDelta::days(at)
    }

    fn span(from: i64, until: Option<i64>) -> Span {
        Span { starts_on: day(from), ends_on: until.map(day) }
    }

    fn stretch(from: i64, until: Option<i64>, weekly_minutes: i32) -> Stretch {
        Stretch { post: PostId(uuid::Uuid::nil()), span: span(from, until), weekly_minutes }
    }

    #[test]
    fn hours_that_may_be_a_slip_are_asked_back() {
        assert_eq!(doubts(span(0, None), 2160, false, &[]), []);
        assert_eq!(doubts(span(0, None), 48 * 60, false, &[]), []);
        assert_eq!(doubts(span(0, None), 60 * 60, false, &[]), [Doubt::Many(3600)]);
        assert_eq!(doubts(span(0, None), 37 * 60, false, &[stretch(-9, None, 3600)]), [Doubt::Many(97 * 60)]);
        assert_eq!(doubts(span(0, None), 37 * 60, false, &[stretch(-9, Some(-1), 3600)]), [], "one after the other");
        assert_eq!(doubts(span(0, None), 0, false, &[]), [Doubt::None]);
        assert_eq!(doubts(span(0, None), 0, true, &[]), [], "volunteers need no hours");
    }

    proptest! {
        #[test]
        fn together_is_the_fullest_day(
            from in 0i64..30, length in 0i64..30,
            others in proptest::collection::vec((0i64..40, 0i64..20, 0i32..3000), 0..5),
        ) {
            let own = span(from, Some(from + length));
            let others: Vec<_> = others.iter().map(|(at, days, minutes)| stretch(*at, Some(at + days), *minutes)).collect();
            let on = |at: i64| 60 + others.iter().filter(|o| o.span.overlaps(span(at, Some(at)))).map(|o| o.weekly_minutes).sum::<i32>();
            let fullest = (from..=from + length).map(on).max().unwrap();
            prop_assert_eq!(together(own, 60, &others), fullest);
        }
    }
}
