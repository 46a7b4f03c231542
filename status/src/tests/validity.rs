//! Validity against an independent formulation of the calendar.

use chrono::{Days, NaiveDate};
use entity::value::Assurance;
use proptest::prelude::*;

use super::day;
use crate::validity::*;

#[test]
fn the_three_examples_of_the_rule() {
    for (completed, months, last) in
        [("2024-08-31", 6, "2025-02-27"), ("2024-02-29", 12, "2025-02-27"), ("2024-03-15", 12, "2025-03-14")]
    {
        assert_eq!(valid_through(day(completed), Some(months), None), Some(day(last)), "{completed} + {months}");
    }
}

#[test]
fn no_validity_never_expires_and_a_fixed_expiry_wins() {
    assert_eq!(valid_through(day("2024-03-15"), None, None), None);
    assert_eq!(valid_through(day("2024-03-15"), Some(12), Some(day("2024-12-31"))), Some(day("2024-12-31")));
    assert_eq!(valid_through(day("2024-03-15"), None, Some(day("2024-12-31"))), Some(day("2024-12-31")));
}

/// Both leap rules, written out by hand: every 4th year, but of the centuries only every 4th.
fn length(year: i64, month: i64) -> i64 {
    let leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The rule again without the calendar library: integers only.
fn last_day(year: i64, month: i64, day: i64, months: i64) -> (i64, i64, i64) {
    let count = year * 12 + (month - 1) + months;
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
    let day = day.min(length(year, month));
    match (day, month) {
        (1, 1) => (year - 1, 12, 31),
        (1, _) => (year, month - 1, length(year, month - 1)),
        _ => (year, month, day - 1),
    }
}

fn same(year: i64, month: i64, of_month: i64, months: i64) -> (NaiveDate, NaiveDate) {
    let date = |(y, m, d): (i64, i64, i64)| {
        NaiveDate::from_ymd_opt(y.try_into().unwrap(), m.try_into().unwrap(), d.try_into().unwrap()).unwrap()
    };
    let months_given = Some(u32::try_from(months).unwrap());
    let found = valid_through(date((year, month, of_month)), months_given, None).unwrap();
    (found, date(last_day(year, month, of_month, months)))
}

#[test]
fn every_month_end_of_years_around_both_leap_rules() {
    for year in [1899, 1900, 1904, 1999, 2000, 2001, 2023, 2024, 2025, 2096, 2100, 2104] {
        for month in 1..=12 {
            for of_month in 28..=length(year, month) {
                for months in 1..=60 {
                    let (found, wanted) = same(year, month, of_month, months);
                    assert_eq!(found, wanted, "{year}-{month}-{of_month} + {months} months");
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn any_day_and_any_validity(year in 1850_i64..2200, month in 1_i64..=12, of_month in 1_i64..=31, months in 1_i64..=600) {
        let (found, wanted) = same(year, month, of_month.min(length(year, month)), months);
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn a_longer_validity_and_a_later_day_never_end_earlier(
        start in 0_u64..60_000, later in 0_u64..400, months in 1_u32..=120, more in 0_u32..24,
    ) {
        let first = day("1950-01-01") + Days::new(start);
        let ends = |from: NaiveDate, months| valid_through(from, Some(months), None).unwrap();
        prop_assert!(ends(first, months) <= ends(first, months + more));
        prop_assert!(ends(first, months) <= ends(first + Days::new(later), months));
        prop_assert!(ends(first, months) >= first, "at least the day itself");
    }
}

#[test]
fn on_the_last_day_it_is_held_and_on_the_next_it_is_not() {
    let last = Some(day("2026-06-30"));
    assert_eq!(holding(last, day("2026-06-30"), WINDOW_DAYS), Holding::Expiring);
    assert_eq!(holding(last, day("2026-07-01"), WINDOW_DAYS), Holding::Expired);
    assert_eq!(holding(last, day("2026-04-01"), WINDOW_DAYS), Holding::Expiring, "90 days before");
    assert_eq!(holding(last, day("2026-03-31"), WINDOW_DAYS), Holding::Current, "91 days before");
    assert_eq!(holding(None, day("2026-07-01"), WINDOW_DAYS), Holding::Lasting);
}

#[test]
fn the_longest_valid_completion_speaks_for_the_person() {
    let lasting = rank(None, Assurance::SelfDeclared, day("2020-01-01"));
    let trusted = rank(Some(day("2027-01-01")), Assurance::ProviderIssued, day("2026-01-02"));
    let later = rank(Some(day("2027-01-01")), Assurance::ManagerConfirmed, day("2026-01-03"));
    assert!(lasting > trusted && trusted > later);
}
