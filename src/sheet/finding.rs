//! One problem found in an upload, the same shape for every kind of file.
//! A finding says where, what was seen and what would be right; it never says what to do with the row.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

/// Longest value repeated back to the user, in characters.
const SEEN_MAX: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Blocks the row (or, without a row, the file).
    Error,
    /// Is shown and blocks nothing.
    Warning,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub severity: Severity,
    /// Stable and snake_case: programs branch on it, so it never changes once published.
    pub code: Cow<'static, str>,
    /// None in a CSV, which has no sheets.
    pub sheet: Option<String>,
    /// As a spreadsheet program numbers it, from 1. None when the whole file or column is meant.
    pub row: Option<u32>,
    /// As a spreadsheet program letters it.
    pub column: Option<String>,
    pub header: Option<String>,
    /// What was seen, cut to 200 characters.
    pub value: Option<String>,
    pub message: String,
    /// What would be right.
    pub right: Option<String>,
}

impl Finding {
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message.into())
    }

    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message.into())
    }

    fn new(severity: Severity, code: &'static str, message: String) -> Self {
        Self {
            severity,
            code: Cow::Borrowed(code),
            sheet: None,
            row: None,
            column: None,
            header: None,
            value: None,
            message,
            right: None,
        }
    }

    #[must_use]
    pub fn right(mut self, right: impl Into<String>) -> Self {
        self.right = Some(right.into());
        self
    }

    #[must_use]
    pub fn seen(mut self, value: &str) -> Self {
        self.value = (!value.is_empty()).then(|| shorten(value, SEEN_MAX));
        self
    }

    #[must_use]
    pub fn on_row(mut self, sheet: Option<&str>, row: u32) -> Self {
        self.sheet = sheet.map(str::to_owned);
        self.row = Some(row);
        self
    }

    #[must_use]
    pub fn in_column(mut self, letters: String, header: &str) -> Self {
        self.column = Some(letters);
        self.header = (!header.is_empty()).then(|| header.to_owned());
        self
    }

    #[must_use]
    pub fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(Finding::is_error)
}

/// `Staff!C17 (start date): 31/02/2026 is not a date; would be right: a day that exists`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sheet) = &self.sheet {
            write!(f, "{sheet}!")?;
        }
        match (&self.column, self.row) {
            (Some(column), Some(row)) => write!(f, "{column}{row}")?,
            (Some(column), None) => write!(f, "column {column}")?,
            (None, Some(row)) => write!(f, "row {row}")?,
            (None, None) => write!(f, "file")?,
        }
        if let Some(header) = &self.header {
            write!(f, " ({header})")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(right) = &self.right {
            write!(f, "; would be right: {right}")?;
        }
        Ok(())
    }
}

/// Cuts to `max` characters, marking the cut.
pub(super) fn shorten(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_one_line_with_its_address() {
        let finding = Finding::error("not_a_date", "31/02/2026 is not a date")
            .on_row(Some("Staff"), 17)
            .in_column("C".into(), "start date")
            .right("a day that exists, as day/month/year");
        assert_eq!(
            finding.to_string(),
            "Staff!C17 (start date): 31/02/2026 is not a date; would be right: a day that exists, as day/month/year"
        );
        assert_eq!(Finding::warning("x", "m").to_string(), "file: m");
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        let finding = Finding::error("x", "m").seen(&"é".repeat(500));
        assert_eq!(finding.value.map(|v| v.chars().count()), Some(201));
    }

    #[test]
    fn survives_json() {
        let finding = Finding::error("not_a_date", "m").on_row(None, 3).seen("x");
        let json = serde_json::to_string(&finding).unwrap();
        assert!(json.contains(r#""severity":"error""#));
        assert_eq!(serde_json::from_str::<Finding>(&json).unwrap(), finding);
    }
}
