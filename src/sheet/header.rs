//! Finding the header row and telling which column is which, tolerantly.

use std::collections::HashSet;

use super::{
    choices::{closest, fold},
    decode::LOST,
    finding::{Finding, shorten},
    read::ReadError,
    table::{Raw, RawRow, Table, column_letters},
    value::{Value, tidy},
};

/// Titles and notes may stand above the header; further down nobody looks for it.
const HEADER_WITHIN: usize = 20;
/// Unknown columns named one by one; the rest are counted.
const UNKNOWN_NAMED: usize = 20;
/// Characters of a header that are looked at.
const LONGEST_HEADER: usize = 200;

/// A column that the caller knows: its name, what else people call it, and whether it must be there.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub synonyms: &'static [&'static str],
    pub required: bool,
}

impl Column {
    pub const fn required(name: &'static str) -> Self {
        Self { name, synonyms: &[], required: true }
    }

    pub const fn optional(name: &'static str) -> Self {
        Self { name, synonyms: &[], required: false }
    }

    #[must_use]
    pub const fn or(self, synonyms: &'static [&'static str]) -> Self {
        Self { synonyms, ..self }
    }

    fn is_called(&self, folded: &str) -> bool {
        fold(self.name) == folded || self.synonyms.iter().any(|s| fold(s) == folded)
    }
}

/// A column of the file: its letters, what its header says, and the known name if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub letters: String,
    pub text: String,
    pub name: Option<&'static str>,
}

/// How many of the wanted columns this row names: what makes it likely to be the header.
pub(super) fn score(row: &RawRow, columns: &[Column]) -> usize {
    let folded: Vec<String> = row.values.iter().map(|v| fold(&tidy_short(v))).collect();
    columns.iter().filter(|c| folded.iter().any(|f| !f.is_empty() && c.is_called(f))).count()
}

/// The most likely header: most wanted columns, the first such row.
pub(super) fn best(raw: &Raw, columns: &[Column]) -> (usize, usize) {
    let mut best = (0, 0);
    for (at, row) in raw.rows.iter().take(HEADER_WITHIN).enumerate() {
        let score = score(row, columns);
        if score > best.1 {
            best = (at, score);
        }
    }
    best
}

pub(super) fn into_table(raw: Raw, columns: &[Column]) -> Result<Table, ReadError> {
    let (at, _) = best(&raw, columns);
    let Raw { sheet, mut rows, mut findings, lost_quotes, from_1904 } = raw;
    if rows.is_empty() {
        return Err(ReadError::Empty);
    }
    let body = rows.split_off(at + 1);
    let Some(head) = rows.pop() else {
        return Err(ReadError::Empty);
    };
    let header = name_columns(sheet.as_deref(), &head, columns, &mut findings);
    let table = Table { sheet, header_row: head.number, header, from_1904, preamble: rows, body, findings: Vec::new() };
    if table.body.is_empty() {
        let finding = Finding::warning("no_rows", "the file has a header and no rows below it");
        findings.push(finding.on_row(table.sheet.as_deref(), table.header_row));
    }
    beyond_header(&table, lost_quotes, &mut findings);
    unreadable(&table, &mut findings);
    Ok(Table { findings, ..table })
}

fn name_columns(sheet: Option<&str>, head: &RawRow, columns: &[Column], findings: &mut Vec<Finding>) -> Vec<Header> {
    let mut header: Vec<Header> = Vec::with_capacity(head.values.len());
    let exact: HashSet<String> = head.values.iter().map(|value| fold(&tidy_short(value))).collect();
    for (at, value) in head.values.iter().enumerate() {
        let text = tidy_short(value);
        let folded = fold(&text);
        let letters = column_letters(at);
        let known = columns.iter().find(|c| !folded.is_empty() && c.is_called(&folded)).map(|c| c.name);
        // `id,ref`: the column that bears the name itself is meant, the other is somebody else's number
        let known = known.filter(|name| fold(name) == folded || !exact.contains(&fold(name)));
        let twice = known.and_then(|name| header.iter().find(|h| h.name == Some(name)));
        if let Some(first) = twice {
            let message = format!("this column and column {} both hold {}", first.letters, words(&folded, known));
            findings.push(
                Finding::error("duplicate_column", message)
                    .on_row(sheet, head.number)
                    .in_column(letters.clone(), &text)
                    .seen(&text)
                    .right("one of the two, the other removed or renamed"),
            );
        }
        let name = if twice.is_some() { None } else { known };
        header.push(Header { letters, text, name });
    }
    let absent: Vec<&Column> = columns.iter().filter(|c| !header.iter().any(|h| h.name == Some(c.name))).collect();
    for column in absent.iter().filter(|c| c.required) {
        let near = closest(column.name, header.iter().filter(|h| h.name.is_none()).map(|h| h.text.as_str()));
        let right = match near {
            Some(near) => format!("a column called {} (is it the one called {near}?)", column.name),
            None => format!("a column called {}", column.name),
        };
        findings.push(
            Finding::error("missing_column", format!("the column {} is missing", column.name))
                .on_row(sheet, head.number)
                .right(right),
        );
    }
    unknown(sheet, head.number, &header, columns, &absent, findings);
    header
}

/// What a header says; nothing longer than this is one.
fn tidy_short(value: &Value) -> String {
    shorten(tidy(&value.original()), LONGEST_HEADER)
}

fn words(folded: &str, known: Option<&'static str>) -> String {
    known.map_or_else(|| folded.to_owned(), str::to_owned)
}

fn unknown(
    sheet: Option<&str>,
    row: u32,
    header: &[Header],
    columns: &[Column],
    absent: &[&Column],
    findings: &mut Vec<Finding>,
) {
    let named = |name: &str| header.iter().any(|h| h.name == Some(name) && fold(&h.text) == fold(name));
    let is_duplicate = |h: &Header| {
        let folded = fold(&h.text);
        columns.iter().any(|c| c.is_called(&folded) && (fold(c.name) == folded || !named(c.name)))
    };
    let unknown: Vec<&Header> =
        header.iter().filter(|h| h.name.is_none() && !h.text.is_empty() && !is_duplicate(h)).collect();
    for h in unknown.iter().take(UNKNOWN_NAMED) {
        let finding = Finding::warning("unknown_column", "this column is not known and is not read")
            .on_row(sheet, row)
            .in_column(h.letters.clone(), &h.text)
            .seen(&h.text);
        findings.push(match closest(&h.text, absent.iter().map(|c| c.name)) {
            Some(near) => finding.right(near),
            None => finding,
        });
    }
    if let Some(more) = unknown.len().checked_sub(UNKNOWN_NAMED).filter(|more| *more > 0) {
        let message = format!("{more} more columns are not known and are not read");
        findings.push(Finding::warning("unknown_columns", message).on_row(sheet, row));
    }
}

/// Characters that no text has: they come from another program's slip, and what was meant is not known.
fn unreadable(table: &Table, findings: &mut Vec<Finding>) {
    for row in &table.body {
        for (header, value) in table.header.iter().zip(&row.values).filter(|(header, _)| header.name.is_some()) {
            let Value::Text(text) = value else { continue };
            let control = |c: &char| c.is_control() && !matches!(c, '\t' | '\r' | '\n');
            let finding = match text.chars().find(|c| *c == LOST || control(c)) {
                None => continue,
                Some(LOST) => Finding::error(
                    "letter_lost",
                    "a letter here is in another encoding than the rest, or was lost before",
                )
                .right("the letter typed again, and the file saved as \u{201c}CSV UTF-8\u{201d} or XLSX"),
                Some(c) => {
                    let message = format!("this text holds a control character (U+{:04X})", u32::from(c));
                    Finding::error("control_character", message).right("the text without it, typed again")
                }
            };
            let finding = finding.on_row(table.sheet.as_deref(), row.number);
            findings.push(finding.in_column(header.letters.clone(), &header.text).seen(text));
        }
    }
}

/// Values to the right of the last header. In a text file they mean that a quote is missing and the
/// row has slipped, so they block it; in a workbook they are somebody's side notes.
fn beyond_header(table: &Table, lost_quotes: bool, findings: &mut Vec<Finding>) {
    let width = table.header.len();
    for row in &table.body {
        let Some((at, value)) = row.values.iter().enumerate().skip(width).find(|(_, v)| !v.is_blank()) else {
            continue;
        };
        let sheet = table.sheet.as_deref();
        let finding = if lost_quotes {
            let message = format!("this row has {} values, but there are only {width} columns", row.values.len());
            Finding::error("too_many_values", message)
                .right("quotation marks around any text that holds the character between columns")
        } else {
            Finding::warning("value_without_header", "this value stands under no header and is not read")
        };
        findings.push(finding.on_row(sheet, row.number).in_column(column_letters(at), "").seen(&value.original()));
    }
    for (at, header) in table.header.iter().enumerate().filter(|(_, h)| h.text.is_empty()) {
        if let Some((row, value)) = first_value(&table.body, at) {
            findings.push(
                Finding::warning("column_without_header", "this column has values but no header and is not read")
                    .on_row(table.sheet.as_deref(), row)
                    .in_column(header.letters.clone(), "")
                    .seen(&value.original()),
            );
        }
    }
}

fn first_value(body: &[RawRow], at: usize) -> Option<(u32, &Value)> {
    body.iter().find_map(|row| row.values.get(at).filter(|v| !v.is_blank()).map(|v| (row.number, v)))
}
