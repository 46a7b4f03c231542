//! Dates as people in Scotland type them, and as spreadsheets store them. Day before month, always.

use chrono::{Days, NaiveDate};

/// Serial day numbers are believed between 1920 and 2100 only: `2026` is a year, not a day in 1905.
const SERIALS: std::ops::RangeInclusive<i64> = 7306..=73_415;
const EXAMPLE: &str = "day/month/year such as 28/02/2026, or 2026-02-28";
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Why a text is no date, and what would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotADate {
    pub message: String,
    pub right: String,
}

/// Reads `2026-02-28`, `20260228`, `28/2/2026` (also with `-`, `.` or spaces), `28 Feb 2026`,
/// a serial day number, and any of these followed by a time, which is dropped.
pub fn parse_date(text: &str) -> Result<NaiveDate, NotADate> {
    let text = super::value::tidy(text);
    let day = without_time(text);
    if day.bytes().all(|b| b.is_ascii_digit()) && !day.is_empty() {
        return digits(day, text);
    }
    let parts: Vec<&str> = day
        .split(|c: char| matches!(c, '/' | '-' | '.' | ',') || c.is_whitespace())
        .filter(|p| !p.is_empty())
        .collect();
    let [a, b, c] = parts[..] else {
        return Err(not_a_date(text, EXAMPLE));
    };
    if a.len() == 4
        && let (Some(year), Some(month), Some(day)) = (number(a), number(b), number(c))
    {
        return exact(year, month, day, text);
    }
    let (Some(day), Some(month)) = (number(ordinal(a)), number(b).or_else(|| month_named(b))) else {
        return Err(not_a_date(text, EXAMPLE));
    };
    match (c.len(), number(c)) {
        (4, Some(year)) => exact(year, month, day, text),
        (2, Some(year)) => {
            Err(not_a_date(text, &format!("the year in full: {a}/{b}/20{year:02} or {a}/{b}/19{year:02}")))
        }
        _ => Err(not_a_date(text, EXAMPLE)),
    }
}

/// Days between the two systems in which workbooks count days, from 1900 and from 1904.
pub(super) const DAYS_TO_1904: i64 = 1_462;

/// The day behind a workbook's serial number (1900 system), if it is one that a person could mean.
pub(super) fn from_serial(serial: i64) -> Option<NaiveDate> {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    SERIALS.contains(&serial).then(|| epoch.checked_add_days(Days::new(serial.unsigned_abs())))?
}

pub(super) fn not_a_date(text: &str, right: &str) -> NotADate {
    NotADate { message: format!("{} is not a date", super::finding::shorten(text, 60)), right: right.to_owned() }
}

fn exact(year: u32, month: u32, day: u32, text: &str) -> Result<NaiveDate, NotADate> {
    let date = i32::try_from(year).ok().and_then(|y| NaiveDate::from_ymd_opt(y, month, day));
    date.ok_or_else(|| {
        if month > 12 && day <= 12 {
            not_a_date(text, &format!("the day before the month: {month:02}/{day:02}/{year}"))
        } else {
            not_a_date(text, &format!("a day that exists: {EXAMPLE}"))
        }
    })
}

fn digits(day: &str, text: &str) -> Result<NaiveDate, NotADate> {
    match (day.len(), day.parse::<u32>()) {
        (8, Ok(n)) => exact(n / 10_000, n / 100 % 100, n % 100, text),
        (5, Ok(n)) => from_serial(i64::from(n)).ok_or_else(|| not_a_date(text, EXAMPLE)),
        _ => Err(not_a_date(text, EXAMPLE)),
    }
}

/// `2026-02-28T09:30:00Z` and `28/02/2026 00:00` mean the day that they begin with.
fn without_time(text: &str) -> &str {
    match text.find(':') {
        None => text,
        Some(colon) => {
            let before = text[..colon].trim_end_matches(|c: char| c.is_ascii_digit());
            before.trim_end_matches(|c: char| c == 'T' || c.is_whitespace())
        }
    }
}

fn number(text: &str) -> Option<u32> {
    (text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn ordinal(text: &str) -> &str {
    ["st", "nd", "rd", "th"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text)
}

fn month_named(text: &str) -> Option<u32> {
    let text = text.to_lowercase();
    let named = |month: &&str| **month == text || (text.len() >= 3 && text.len() <= 4 && month.starts_with(&text));
    MONTHS.iter().position(named).and_then(|i| u32::try_from(i + 1).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn the_ways_people_write_a_day() {
        for text in [
            "2026-02-28",
            "2026/2/28",
            "20260228",
            "28/02/2026",
            "28/2/2026",
            " 28-02-2026 ",
            "28.02.2026",
            "28 Feb 2026",
            "28-Feb-2026",
            "28th February 2026",
            "2026-02-28T09:30:00Z",
            "28/02/2026 00:00",
            "46081",
        ] {
            assert_eq!(parse_date(text), Ok(day(2026, 2, 28)), "{text}");
        }
        assert_eq!(parse_date("3/4/2025"), Ok(day(2025, 4, 3)), "day before month");
        assert_eq!(parse_date("29/02/2024"), Ok(day(2024, 2, 29)));
        assert_eq!(parse_date("1 Sept 2025"), Ok(day(2025, 9, 1)));
    }

    #[test]
    fn what_is_no_day_says_so() {
        assert_eq!(parse_date("31/02/2026").unwrap_err().message, "31/02/2026 is not a date");
        assert_eq!(parse_date("02/13/2026").unwrap_err().right, "the day before the month: 13/02/2026");
        assert!(parse_date("1/2/26").unwrap_err().right.starts_with("the year in full: 1/2/2026"));
        for text in
            ["", "2026", "soon", "29/02/2025", "0/1/2026", "1/2/3/2026", "99999999", "-5", "12:30", "１/２/２０２６"]
        {
            assert!(parse_date(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_day_reads_back_in_every_form(n in 10_000_i64..73_000) {
            let date = from_serial(n).unwrap();
            for form in ["%Y-%m-%d", "%d/%m/%Y", "%-d.%-m.%Y", "%d %b %Y", "%Y%m%d"] {
                prop_assert_eq!(parse_date(&date.format(form).to_string()), Ok(date));
            }
            prop_assert_eq!(parse_date(&n.to_string()), Ok(date));
        }

        #[test]
        fn no_text_is_a_crash(text in "\\PC{0,30}") {
            let _ = parse_date(&text);
        }
    }
}
