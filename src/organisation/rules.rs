//! Pure rules of services and posts: when they are open, how much of a post is funded, in post
//! and vacant on a date, and since when. WTE in thousandths throughout. Knows no database.

use chrono::{Months, NaiveDate};
use entity::id::PersonId;

use super::history::{History, PostTerms};
use crate::base::wte;
use crate::reference::pay::{self, PayHours};

/// The opening of what opened before anybody kept a record of it.
pub const BEFORE_RECORDS: NaiveDate = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// What is shown as no WTE at all.
const SLIGHT: i32 = 50;

/// The day, unless it only says "before our records".
pub fn known_day(day: NaiveDate) -> Option<NaiveDate> {
    (BEFORE_RECORDS < day).then_some(day)
}

/// Open from its first day to the day before the one on which it is closed.
pub fn open_on(opened_on: NaiveDate, closed_on: Option<NaiveDate>, date: NaiveDate) -> bool {
    opened_on <= date && closed_on.is_none_or(|closed_on| date < closed_on)
}

/// Somebody in a post; the last day is included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    pub person: PersonId,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    pub weekly_minutes: i32,
}

impl Hold {
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.starts_on <= date && self.ends_on.is_none_or(|ends_on| date <= ends_on)
    }
}

/// What is funded from a date on, until the next such date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Funding {
    pub starts_on: NaiveDate,
    pub thousandths: i32,
}

/// What is known of a post: only what stands, nothing superseded.
#[derive(Clone, Debug)]
pub struct PostFacts {
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub terms: History<PostTerms>,
    pub funding: Vec<Funding>,
    pub holds: Vec<Hold>,
}

/// Vacant is what is funded and not in post, never below nothing. In thousandths, as everywhere.
pub fn vacant<T: Default + Ord + std::ops::Sub<Output = T>>(funded: T, in_post: T) -> T {
    (funded - in_post).max(T::default())
}

/// WTE of a post on a date: funded = in post + vacant - over, and the establishment, by which
/// rates are taken, is in post + vacant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub funded: i32,
    pub in_post: i32,
    pub vacant: i32,
    /// In post beyond what is funded
    pub over: i32,
    /// First day since which some of it has been vacant without a break
    pub vacant_since: Option<NaiveDate>,
}

impl Standing {
    pub fn establishment(self) -> i32 {
        self.in_post + self.vacant
    }
}

impl PostFacts {
    pub fn funded(&self, date: NaiveDate) -> i32 {
        if self.terms.on(date).volunteer || !open_on(self.opened_on, self.closed_on, date) {
            return 0;
        }
        let standing = self.funding.iter().filter(|funding| funding.starts_on <= date);
        standing.max_by_key(|funding| funding.starts_on).map_or(0, |funding| funding.thousandths)
    }

    pub fn in_post(&self, date: NaiveDate) -> i32 {
        let terms = self.terms.on(date);
        self.holds_on(date).map(|hold| hold_wte(terms, hold.weekly_minutes, date)).sum()
    }

    pub fn holds_on(&self, date: NaiveDate) -> impl Iterator<Item = &Hold> {
        self.holds.iter().filter(move |hold| hold.covers(date))
    }

    /// How far the post is filled beyond its funding at most, while somebody has these hours in it:
    /// a few minutes by which pay frameworks differ are nothing.
    pub fn most_over(&self, hold: Hold) -> i32 {
        let others: Vec<_> = self.holds.iter().filter(|other| other.person != hold.person).collect();
        let days = [hold.starts_on.max(self.opened_on)].into_iter();
        let days = days.chain(others.iter().map(|other| other.starts_on));
        let days = days.chain(self.funding.iter().map(|funding| funding.starts_on)).chain(self.terms.days());
        let over = |day: NaiveDate| {
            let filling = others.iter().copied().filter(|other| other.covers(day)).chain([&hold]);
            let filled: i32 = filling.map(|one| hold_wte(self.terms.on(day), one.weekly_minutes, day)).sum();
            filled - self.funded(day)
        };
        let most = days.filter(|day| hold.covers(*day)).map(over).max();
        most.filter(|most| SLIGHT < *most).unwrap_or(0)
    }

    pub fn vacant(&self, date: NaiveDate) -> i32 {
        vacant(self.funded(date), self.in_post(date))
    }

    pub fn standing(&self, date: NaiveDate) -> Standing {
        let (funded, in_post) = (self.funded(date), self.in_post(date));
        Standing {
            funded,
            in_post,
            vacant: vacant(funded, in_post),
            over: vacant(in_post, funded),
            vacant_since: self.vacant_since(date),
        }
    }

    /// Whether some of it has been vacant for over three months.
    pub fn is_long_vacant(&self, date: NaiveDate) -> bool {
        let since = self.standing(date).vacant_since;
        since.and_then(|day| day.checked_add_months(Months::new(3))).is_some_and(|day| day < date)
    }

    /// Walks back over the days on which anything changed, as long as something is vacant.
    fn vacant_since(&self, date: NaiveDate) -> Option<NaiveDate> {
        let framework =
            |hours: &&PayHours| self.terms.values().any(|(_, terms)| terms.pay_framework == hours.framework);
        let hours = pay::all().iter().filter(framework);
        let mut days: Vec<NaiveDate> = [self.opened_on]
            .into_iter()
            .chain(self.closed_on)
            .chain(self.terms.days())
            .chain(self.funding.iter().map(|funding| funding.starts_on))
            .chain(self.holds.iter().map(|hold| hold.starts_on))
            .chain(self.holds.iter().filter_map(|hold| hold.ends_on?.succ_opt()))
            .chain(hours.filter_map(|hours| hours.period.from))
            .filter(|day| *day <= date)
            .collect();
        days.sort_unstable();
        days.into_iter().rev().take_while(|day| self.vacant(*day) > 0).last()
    }
}

/// WTE of somebody's hours in a post on such terms. Volunteers have hours, never WTE.
pub fn hold_wte(terms: &PostTerms, weekly_minutes: i32, date: NaiveDate) -> i32 {
    if terms.volunteer {
        return 0;
    }
    wte::thousandths(weekly_minutes, pay::full_time_minutes(&terms.pay_framework, date).unwrap_or(0))
}

/// The pay framework of most employers of a sector.
pub fn usual_framework(sector: &str) -> &'static str {
    match sector {
        "nhs" => "agenda_for_change",
        "local_authority" => "local_government",
        _ => "own_scale",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn hold(from: &str, until: Option<&str>, weekly_minutes: i32) -> Hold {
        Hold { person: PersonId(Uuid::nil()), starts_on: day(from), ends_on: until.map(day), weekly_minutes }
    }

    fn terms(framework: &str, volunteer: bool) -> PostTerms {
        let (role, pay_framework) = ("recovery_worker".to_owned(), framework.to_owned());
        PostTerms { role, peer_role: false, volunteer, pay_framework }
    }

    fn post(thousandths: i32, holds: Vec<Hold>) -> PostFacts {
        PostFacts {
            opened_on: day("2023-04-01"),
            closed_on: None,
            terms: History::of(terms("local_government", false)),
            funding: vec![Funding { starts_on: day("2023-04-01"), thousandths }],
            holds,
        }
    }

    #[test]
    fn a_place_is_closed_on_the_day_it_closes() {
        let (opened, closed) = (day("2023-04-01"), Some(day("2026-04-01")));
        assert!(!open_on(opened, closed, day("2023-03-31")));
        assert!(open_on(opened, closed, day("2023-04-01")));
        assert!(open_on(opened, closed, day("2026-03-31")));
        assert!(!open_on(opened, closed, day("2026-04-01")));
    }

    #[test]
    fn a_leaver_is_in_post_through_the_last_day_and_the_vacancy_begins_the_day_after() {
        let post = post(1000, vec![hold("2023-04-01", Some("2026-01-31"), 2220)]);
        assert_eq!(post.standing(day("2026-01-31")), Standing { funded: 1000, in_post: 1000, ..Standing::default() });
        let after = post.standing(day("2026-06-30"));
        assert_eq!((after.vacant, after.vacant_since), (1000, Some(day("2026-02-01"))));
    }

    #[test]
    fn part_of_a_post_vacant_counts_since_it_began_and_more_of_it_changes_nothing() {
        let holds = vec![hold("2023-04-01", None, 1110), hold("2023-04-01", Some("2025-06-30"), 600)];
        let standing = post(1000, holds).standing(day("2026-06-30"));
        assert_eq!((standing.in_post, standing.vacant), (500, 500));
        assert_eq!(standing.vacant_since, Some(day("2023-04-01")));
    }

    #[test]
    fn more_funding_from_a_date_is_vacant_from_that_date() {
        let mut post = post(1000, vec![hold("2023-04-01", None, 2220)]);
        post.funding.push(Funding { starts_on: day("2026-05-01"), thousandths: 1500 });
        assert_eq!(post.vacant(day("2026-04-30")), 0);
        let standing = post.standing(day("2026-06-30"));
        assert_eq!((standing.funded, standing.vacant), (1500, 500));
        assert_eq!(standing.vacant_since, Some(day("2026-05-01")));
    }

    #[test]
    fn a_shorter_full_time_week_fills_more_of_the_post() {
        let mut post = post(1000, vec![hold("2023-04-01", None, 2220)]);
        post.terms = History::of(terms("agenda_for_change", false));
        assert_eq!(post.in_post(day("2024-03-31")), 987);
        assert_eq!(post.in_post(day("2024-04-01")), 1000);
        assert_eq!(post.standing(day("2024-03-31")).vacant_since, Some(day("2023-04-01")));
        assert_eq!(post.standing(day("2024-04-01")).vacant_since, None);
    }

    #[test]
    fn volunteers_are_neither_funded_nor_missing() {
        let mut post = post(1000, vec![hold("2023-04-01", None, 240)]);
        post.terms = History::of(terms("volunteer", true));
        assert_eq!(post.standing(day("2026-06-30")), Standing::default());
        assert_eq!(post.holds_on(day("2026-06-30")).count(), 1);
    }

    #[test]
    fn beyond_its_funding_a_post_is_over_filled_and_the_words_add_up() {
        let holds = vec![hold("2023-04-01", None, 2220), hold("2023-04-01", None, 1110)];
        let standing = post(1000, holds).standing(day("2026-06-30"));
        assert_eq!((standing.funded, standing.in_post, standing.vacant, standing.over), (1000, 1500, 0, 500));
        assert_eq!(standing.establishment(), 1500);
    }

    #[test]
    fn a_post_that_becomes_a_volunteers_keeps_what_it_was_before() {
        let mut post = post(1000, vec![hold("2023-04-01", None, 1110)]);
        post.terms = post.terms.changed(day("2026-01-01"), |to| *to = terms("volunteer", true));
        assert_eq!(post.standing(day("2025-12-31")).vacant, 500);
        assert_eq!(post.standing(day("2026-01-01")), Standing::default());
    }

    #[test]
    fn a_closed_post_is_not_vacant() {
        let mut post = post(1000, Vec::new());
        post.closed_on = Some(day("2026-01-01"));
        assert_eq!(post.vacant(day("2025-12-31")), 1000);
        assert_eq!(post.standing(day("2026-01-01")), Standing::default());
    }

    proptest! {
        #[test]
        fn vacant_is_never_negative_and_since_is_the_first_day_of_its_run(
            spans in proptest::collection::vec((0i64..1200, 0i64..900, 60i32..2400), 0..6),
            funded in 0i32..4000,
            after in 0i64..1300,
        ) {
            let at = |days: i64| day("2023-04-01") + chrono::TimeDelta::days(days);
            let holds = spans.iter().map(|(from, length, minutes)| Hold {
                person: PersonId(Uuid::nil()), starts_on: at(*from), ends_on: Some(at(from + length)), weekly_minutes: *minutes,
            }).collect();
            let post = post(funded, holds);
            let standing = post.standing(at(after));
            prop_assert_eq!(standing.funded, standing.in_post + standing.vacant - standing.over);
            prop_assert!(standing.vacant == 0 || standing.over == 0);
            prop_assert_eq!(standing.vacant > 0, standing.vacant_since.is_some());
            if let Some(since) = standing.vacant_since {
                let mut date = since;
                while date <= at(after) {
                    prop_assert!(post.vacant(date) > 0);
                    date = date.succ_opt().unwrap();
                }
                prop_assert_eq!(post.vacant(since.pred_opt().unwrap()), 0);
            }
        }
    }
}
