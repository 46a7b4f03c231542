//! Full-time weekly hours of each pay framework, by date: the divisor of every WTE.

use std::sync::OnceLock;

use chrono::NaiveDate;

use super::{csvfile, period::Period};

#[derive(Debug)]
pub struct PayHours {
    pub framework: String,
    pub period: Period,
    pub weekly_minutes: i32,
    pub note: String,
}

pub fn all() -> &'static [PayHours] {
    static HOURS: OnceLock<Vec<PayHours>> = OnceLock::new();
    HOURS.get_or_init(|| {
        csvfile::rows("pay_hours.csv", include_str!("data/pay_hours.csv"))
            .into_iter()
            .map(|mut row| PayHours {
                framework: row.take("framework"),
                period: row.take_period(),
                weekly_minutes: row.take_number("weekly_minutes"),
                note: row.take_or_empty("note"),
            })
            .collect()
    })
}

/// Minutes in a full-time week under the framework on that date; none when it is unknown.
pub fn full_time_minutes(framework: &str, date: NaiveDate) -> Option<i32> {
    all().iter().find(|hours| hours.framework == framework && hours.period.contains(date)).map(|h| h.weekly_minutes)
}

#[cfg(test)]
mod tests {
    use super::super::vocabulary;
    use super::*;

    fn on(date: &str) -> NaiveDate {
        date.parse().unwrap()
    }

    #[test]
    fn agenda_for_change_shortens_its_week_on_the_day() {
        let minutes = |date| full_time_minutes("agenda_for_change", on(date));
        assert_eq!(minutes("2024-03-31"), Some(2250));
        assert_eq!(minutes("2024-04-01"), Some(2220));
        assert_eq!(minutes("2026-03-31"), Some(2220));
        assert_eq!(minutes("2026-04-01"), Some(2160));
        assert_eq!(full_time_minutes("nobody", on("2026-04-01")), None);
    }

    #[test]
    fn every_framework_has_exactly_one_week_on_any_day() {
        let frameworks = vocabulary::get("pay_framework").unwrap();
        assert!(all().iter().all(|hours| frameworks.term(&hours.framework).is_some()));
        for term in &frameworks.terms {
            for date in ["1999-01-01", "2024-03-31", "2024-04-01", "2026-04-01", "2040-12-31"] {
                let hits = all().iter().filter(|h| h.framework == term.slug && h.period.contains(on(date))).count();
                assert_eq!(hits, 1, "{} on {date}", term.slug);
            }
        }
    }
}
