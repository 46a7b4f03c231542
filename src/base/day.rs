//! A calendar date as people mean one: years of four digits that a form of this program may hold.
//! PostgreSQL and SQLite differ on the others, and a typed 0026 is a slip of the finger.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, RangeInclusive};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type};
use serde_json::Value;

use super::fault::Fault;

/// The years that are taken anywhere. What a birthday or a completion may be is a rule of its own.
pub const YEARS: RangeInclusive<i32> = 1900..=2200;

/// A date as people read it: "27 February 2025".
pub fn in_words(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

impl Day {
    /// A date within bounds.
    pub fn new(date: NaiveDate) -> Result<Self, Fault> {
        if YEARS.contains(&date.year()) { Ok(Self(date)) } else { Err(out_of_range()) }
    }

    /// `2026-02-28`, the one form in which programs send a date.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::new(strict(text.trim())?)
    }

    pub fn date(self) -> NaiveDate {
        self.0
    }
}

/// Out of bounds, in the words of every way in.
pub fn out_of_range() -> Fault {
    let message = format!("Enter a year from {} to {}, with four digits.", YEARS.start(), YEARS.end());
    Fault::new("date_out_of_range", message)
}

/// Whether an instant is one that this program may meet.
pub fn within(instant: DateTime<Utc>) -> bool {
    YEARS.contains(&instant.year())
}

/// Years of more than four digits and years before Christ are dates too, only none of ours.
fn strict(text: &str) -> Result<NaiveDate, Fault> {
    let wrong = || Fault::new("not_a_date", "Enter a date that exists, such as 2026-02-28.");
    if text.len() > 20 {
        return Err(wrong());
    }
    let date: NaiveDate = text.parse().map_err(|_| wrong())?;
    let four_digits = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    if four_digits || !YEARS.contains(&date.year()) { Ok(date) } else { Err(wrong()) }
}

impl Deref for Day {
    type Target = NaiveDate;

    fn deref(&self) -> &NaiveDate {
        &self.0
    }
}

impl From<Day> for NaiveDate {
    fn from(day: Day) -> Self {
        day.0
    }
}

impl TryFrom<NaiveDate> for Day {
    type Error = Fault;

    fn try_from(date: NaiveDate) -> Result<Self, Fault> {
        Self::new(date)
    }
}

impl std::str::FromStr for Day {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::parse(text)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Type for Day {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        Cow::from("day")
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "date")))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromJSON for Day {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let text = value.as_ref().and_then(Value::as_str).unwrap_or_default();
        Self::parse(text).map_err(|fault| ParseError::custom(fault.mark()))
    }
}

impl ParseFromParameter for Day {
    fn parse_from_parameter(text: &str) -> ParseResult<Self> {
        Self::parse(text).map_err(|fault| ParseError::custom(fault.mark()))
    }
}

impl ToJSON for Day {
    fn to_json(&self) -> Option<Value> {
        Some(Value::String(self.0.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_that_people_mean() {
        assert_eq!(Day::parse("2026-02-28").unwrap().date(), NaiveDate::from_ymd_opt(2026, 2, 28).unwrap());
        for (text, code) in [
            ("-5000-03-15", "date_out_of_range"),
            ("+12026-12-31", "date_out_of_range"),
            ("0026-01-01", "date_out_of_range"),
            ("2201-01-01", "date_out_of_range"),
            ("2026-02-29", "not_a_date"),
            ("2026-2-8", "not_a_date"),
            ("28/02/2026", "not_a_date"),
            ("", "not_a_date"),
            ("2026-02-28T00:00:00Z", "not_a_date"),
        ] {
            assert_eq!(Day::parse(text).unwrap_err().code, code, "{text}");
        }
        assert_eq!(Day::parse(&"9".repeat(1_000_000)).unwrap_err().code, "not_a_date");
    }
}
