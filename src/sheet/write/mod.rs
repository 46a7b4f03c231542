//! Tables going out: what a sheet for people and for programs consists of, whatever the file format.
//!
//! Text from users is always text: in a CSV an apostrophe stands before anything that a spreadsheet
//! program would run, in an XLSX the cell itself is of type text. Numbers are numbers in both.

mod annotate;
mod csv;
mod xlsx;

use chrono::{DateTime, NaiveDate, Utc};

pub use annotate::annotated;
pub use csv::to_csv;
pub use rust_xlsxwriter::XlsxError;
pub use xlsx::to_xlsx;

/// Why a value is not shown. Written as text, so that nobody's sum takes it for a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// Held back so that nobody can be recognised.
    Confidential,
    Unavailable,
    NotApplicable,
}

impl Marker {
    pub const fn text(self) -> &'static str {
        match self {
            Self::Confidential => "[c]",
            Self::Unavailable => "[x]",
            Self::NotApplicable => "[z]",
        }
    }

    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Confidential => "confidential: held back so that nobody can be recognised",
            Self::Unavailable => "not available",
            Self::NotApplicable => "not applicable",
        }
    }
}

/// One value going out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    Blank,
    Text(String),
    /// `units` of 10^-`places`: 12 with one place is 1.2. Exact, and always shown with its places.
    Number {
        units: i64,
        places: u8,
    },
    Date(NaiveDate),
    Marker(Marker),
}

impl Out {
    pub const fn integer(units: i64) -> Self {
        Self::Number { units, places: 0 }
    }
}

impl From<&str> for Out {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Option<String>> for Out {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Blank, Self::Text)
    }
}

#[derive(Clone, Debug)]
pub struct OutTable {
    /// Name of the sheet; shortened and made unique when it is not a lawful one.
    pub name: String,
    /// Stands above the table in a workbook; a CSV has the header first.
    pub caption: String,
    pub header: Vec<String>,
    pub rows: Vec<Vec<Out>>,
}

/// A workbook: a cover, notes, then one sheet for each table.
#[derive(Clone, Debug)]
pub struct OutBook {
    pub title: String,
    pub author: String,
    /// Fixed by the caller, so that the same figures give the same bytes.
    pub created: DateTime<Utc>,
    /// Label and text, one row each: as at, source, response rate, manifest.
    pub cover: Vec<(String, String)>,
    pub notes: Vec<String>,
    pub tables: Vec<OutTable>,
}

/// What spreadsheet programs take for the beginning of a formula (and, by OWASP's list, what leads up
/// to one), the full-width forms included.
fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

/// An apostrophe before whatever could run, or would be taken for something so protected.
fn escape(text: &str) -> std::borrow::Cow<'_, str> {
    if begins_formula(text.trim_start_matches(['\'', ' '])) { format!("'{text}").into() } else { text.into() }
}

/// Takes one such apostrophe off again.
pub(super) fn unescape(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if begins_formula(rest.trim_start_matches(['\'', ' '])) => rest,
        _ => text,
    }
}

/// `1234` units with 2 places as `12.34`.
fn decimal_text(units: i64, places: u8) -> String {
    let places = usize::from(places);
    if places == 0 {
        return units.to_string();
    }
    let sign = if units < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    format!("{sign}{whole}.{fraction}")
}

#[cfg(test)]
#[path = "xlsx_tests.rs"]
mod xlsx_tests;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_keep_their_places() {
        for (units, places, text) in
            [(1234, 2, "12.34"), (5, 1, "0.5"), (-5, 3, "-0.005"), (10, 1, "1.0"), (-7, 0, "-7")]
        {
            assert_eq!(decimal_text(units, places), text);
        }
    }

    proptest! {
        #[test]
        fn protection_comes_off_without_loss(text in "['=+@ \t-]{0,4}[a-z0-9]{0,3}") {
            let safe = escape(&text);
            prop_assert!(!begins_formula(safe.trim_start()), "{}", safe);
            prop_assert_eq!(unescape(&safe), &text);
        }
    }
}
