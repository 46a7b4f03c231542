//! A table as read: headers, rows and the address of every cell.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{cell::Cell, finding::Finding, header::Header, value::Value};

/// Rows as a reader delivers them, before anyone knows which one is the header.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Raw {
    pub sheet: Option<String>,
    pub rows: Vec<RawRow>,
    pub findings: Vec<Finding>,
    /// The file's cells are told apart by a character that may also stand in a text.
    pub lost_quotes: bool,
    /// A workbook whose serial day numbers count from 1904, as old Macs made them.
    pub from_1904: bool,
}

/// One row that is not wholly blank, trailing blanks cut off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RawRow {
    /// From 1, blank rows counted: what the user's program shows.
    pub number: u32,
    pub values: Vec<Value>,
}

impl RawRow {
    /// None when there is nothing on the row.
    pub fn new(number: u32, mut values: Vec<Value>) -> Option<Self> {
        let used = values.iter().rposition(|v| !v.is_blank())? + 1;
        values.truncate(used);
        Some(Self { number, values })
    }
}

#[derive(Debug)]
pub struct Table {
    /// None for a CSV.
    pub sheet: Option<String>,
    /// The header's row number.
    pub header_row: u32,
    pub header: Vec<Header>,
    /// What was found while reading: columns missing or unknown, rows that slipped, a guessed encoding.
    pub findings: Vec<Finding>,
    pub(super) from_1904: bool,
    pub(super) preamble: Vec<RawRow>,
    pub(super) body: Vec<RawRow>,
}

impl Table {
    /// The rows under the header that hold anything, in file order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.body.iter().map(|row| Row { table: self, number: row.number, values: &row.values })
    }

    /// Rows on which reading alone already found an error.
    pub fn broken_rows(&self) -> HashSet<u32> {
        self.findings.iter().filter(|finding| finding.is_error()).filter_map(|finding| finding.row).collect()
    }

    /// Whether the file has this column at all. What a file does not mention is left alone.
    pub fn has(&self, name: &str) -> bool {
        self.header.iter().any(|h| h.name == Some(name))
    }
}

/// One row of a table. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Row<'t> {
    table: &'t Table,
    /// As a spreadsheet program shows it, from 1.
    pub number: u32,
    values: &'t [Value],
}

impl<'t> Row<'t> {
    /// The cell under the column that the caller knows by `name`; blank when the file has no such column.
    pub fn cell(&self, name: &'t str) -> Cell<'t> {
        let at = self.table.header.iter().position(|h| h.name == Some(name));
        let value = at.and_then(|at| self.values.get(at)).unwrap_or(&Value::Blank);
        let header = at.map(|at| &self.table.header[at]);
        Cell::new(*self, header, name, value)
    }

    pub fn sheet(&self) -> Option<&'t str> {
        self.table.sheet.as_deref()
    }

    pub(super) fn counts_from_1904(&self) -> bool {
        self.table.from_1904
    }

    /// A finding about the row as a whole.
    pub fn error(&self, code: &'static str, message: impl Into<String>) -> Finding {
        Finding::error(code, message).on_row(self.sheet(), self.number)
    }
}

/// `0` is `A`, `25` is `Z`, `26` is `AA`.
pub fn column_letters(mut at: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(at % 26).unwrap_or_default()));
        if at < 26 {
            return letters.into_iter().rev().collect();
        }
        at = at / 26 - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_count_like_a_spreadsheet() {
        for (at, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column_letters(at), letters);
        }
    }
}
