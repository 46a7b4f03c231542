//! What stood in one cell, as the file held it.

use chrono::{NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Value {
    #[default]
    Blank,
    Text(String),
    Number(f64),
    /// A real date of a workbook. Midnight when only a day was meant.
    Moment(NaiveDateTime),
    Yes(bool),
    /// `#N/A` and its kind.
    Fault(String),
    /// A formula whose result the file does not hold: programs that write files do not always calculate.
    NoResult,
}

impl Value {
    /// The text a user would recognise: dates as ISO, numbers without a spreadsheet's rounding noise.
    pub fn original(&self) -> String {
        match self {
            Self::Blank | Self::NoResult => String::new(),
            Self::Text(text) | Self::Fault(text) => text.clone(),
            Self::Number(number) => number_text(*number),
            Self::Moment(moment) if moment.time() == NaiveTime::MIN => moment.format("%Y-%m-%d").to_string(),
            Self::Moment(moment) => moment.format("%Y-%m-%d %H:%M").to_string(),
            Self::Yes(true) => "TRUE".into(),
            Self::Yes(false) => "FALSE".into(),
        }
    }

    /// Nothing to see: empty, or only white space.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Blank => true,
            Self::Text(text) => tidy(text).is_empty(),
            _ => false,
        }
    }
}

/// Spreadsheets keep 15 digits; the binary float behind 0.3 has more, which nobody typed.
fn number_text(number: f64) -> String {
    format!("{number:.14e}").parse::<f64>().unwrap_or(number).to_string()
}

/// Without the white space, no-break spaces and byte-order marks that copying and pasting leaves around.
pub(super) fn tidy(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_they_were_typed() {
        assert_eq!(Value::Number(0.1 + 0.2).original(), "0.3");
        assert_eq!(Value::Number(45000.0).original(), "45000");
        assert_eq!(Value::Number(-1.5).original(), "-1.5");
    }

    #[test]
    fn pasted_blanks_are_blank() {
        assert!(Value::Text("\u{a0} \u{feff}\t".into()).is_blank());
        assert!(!Value::Number(0.0).is_blank());
    }
}
