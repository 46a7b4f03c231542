//! Delimited text. Read strictly by a small parser of its own: the `csv` crate forgives a lost quote and
//! silently swallows the rows behind it, and cannot say on which line the quote was opened.

use super::{
    decode::decode,
    finding::Finding,
    header::{Column, best},
    read::{Limits, ReadError},
    table::{Raw, RawRow, column_letters},
    value::Value,
};

const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];
/// The delimiter is told from the beginning of the file: this many rows, within this many bytes.
const SNIFFED: usize = 20;
const SNIFFED_BYTES: usize = 64_000;

pub(super) fn read(bytes: &[u8], columns: &[Column], limits: &Limits) -> Result<Raw, ReadError> {
    let decoded = decode(bytes)?;
    let text = decoded.text;
    let looks_like_a_page = text.trim_start().get(..1) == Some("<");
    if looks_like_a_page {
        return Err(ReadError::NotASheet);
    }
    let (announced, text, first_line) = match announced(&text) {
        Some((delimiter, rest)) => (Some(delimiter), rest, 2),
        None => (None, text.as_str(), 1),
    };
    let old_mac = ends_lines_as_old_macs(text);
    let delimiter = announced.unwrap_or_else(|| sniff(text, columns, limits, old_mac));
    let mut rows = Vec::new();
    Parser::new(text, delimiter, first_line, old_mac).rows_into(&mut rows, limits, usize::MAX)?;
    let mut raw = Raw { rows, lost_quotes: true, ..Raw::default() };
    if decoded.guessed {
        raw.findings.push(guessed(&raw.rows));
    }
    Ok(raw)
}

/// Excel's `sep=;` first line.
fn announced(text: &str) -> Option<(char, &str)> {
    let (first, rest) = text.split_once(['\n', '\r'])?;
    let mut chars = first.trim_matches('"').strip_prefix("sep=")?.chars();
    let delimiter = chars.next()?;
    chars.next().is_none().then_some((delimiter, rest.strip_prefix('\n').unwrap_or(rest)))
}

/// Lines of old Macs end with a carriage return alone; a line feed then stands in quotes only.
fn ends_lines_as_old_macs(text: &str) -> bool {
    let (mut quoted, mut returns) = (false, false);
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => return false,
            b'\r' if !quoted => returns = true,
            _ => {}
        }
    }
    returns
}

/// The delimiter under which most wanted columns appear; then the one that makes most columns.
fn sniff(text: &str, columns: &[Column], limits: &Limits, old_mac: bool) -> char {
    let text = &text[..text.floor_char_boundary(SNIFFED_BYTES)];
    // a row that is too wide or has a lost quote is for the real reading to refuse
    let limits = Limits { columns: usize::MAX, ..*limits };
    let rank = |delimiter: char| {
        let mut rows = Vec::new();
        let mut parser = Parser::new(text, delimiter, 1, old_mac);
        let _ = parser.rows_into(&mut rows, &limits, SNIFFED);
        let raw = Raw { rows, ..Raw::default() };
        (best(&raw, columns).1, parser.widest)
    };
    // `max_by_key` keeps the last of equals: the comma
    DELIMITERS.into_iter().rev().max_by_key(|d| rank(*d)).unwrap_or(',')
}

fn guessed(rows: &[RawRow]) -> Finding {
    let finding = Finding::warning(
        "encoding_guessed",
        "this file does not say how its letters are encoded and was read as Windows-1252 or UTF-16; check letters with accents",
    )
    .right("the file saved as \u{201c}CSV UTF-8\u{201d}");
    let accented = rows.iter().find_map(|row| {
        let at = row.values.iter().position(|v| !v.original().is_ascii())?;
        Some((row.number, at, row.values[at].original()))
    });
    match accented {
        Some((row, at, text)) => finding.on_row(None, row).in_column(column_letters(at), "").seen(&text),
        None => finding,
    }
}

struct Parser<'t> {
    rest: std::iter::Peekable<std::str::Chars<'t>>,
    delimiter: char,
    /// Line of the text, as an editor counts.
    line: u32,
    /// Row, as a spreadsheet program counts: a line break inside quotes makes no row.
    row: u32,
    /// Cells of the longest row so far, blank ones included.
    widest: usize,
    line_end: char,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, delimiter: char, first_line: u32, old_mac: bool) -> Self {
        let line_end = if old_mac { '\r' } else { '\n' };
        Self { rest: text.chars().peekable(), delimiter, line: first_line, row: first_line, widest: 0, line_end }
    }

    /// All rows that hold anything, or the first `most` of them; those before an error too.
    fn rows_into(&mut self, rows: &mut Vec<RawRow>, limits: &Limits, most: usize) -> Result<(), ReadError> {
        let mut cells = 0;
        while self.rest.peek().is_some() && rows.len() < most {
            let number = self.row;
            let values = self.row(limits)?;
            self.widest = self.widest.max(values.len());
            if let Some(row) = RawRow::new(number, values) {
                cells += row.values.len();
                limits.check(rows.len(), row.values.len(), cells)?;
                rows.push(row);
            }
        }
        Ok(())
    }

    fn row(&mut self, limits: &Limits) -> Result<Vec<Value>, ReadError> {
        let mut values = Vec::new();
        loop {
            let text = self.field()?;
            if text.len() > limits.text && text.chars().count() > limits.text {
                return Err(ReadError::TextTooLong { row: self.row, limit: limits.text });
            }
            values.push(if text.is_empty() { Value::Blank } else { Value::Text(text) });
            limits.check_width_of_text(values.len())?;
            match self.rest.next() {
                Some(c) if c == self.delimiter => {}
                // the only other characters at which a field stops
                _ => {
                    self.line += 1;
                    self.row += 1;
                    return Ok(values);
                }
            }
        }
    }

    /// Stops before the delimiter, the end of the line or the end; a carriage return before a line feed is dropped.
    fn field(&mut self) -> Result<String, ReadError> {
        let mut text = String::new();
        let mut only_spaces = true;
        while let Some(&c) = self.rest.peek() {
            match c {
                c if c == self.line_end => break,
                c if c == self.delimiter => break,
                '"' if only_spaces => return self.quoted(),
                '\r' => {
                    self.rest.next();
                    if self.rest.peek() != Some(&'\n') {
                        text.push('\r');
                    }
                }
                c => {
                    self.rest.next();
                    only_spaces &= c == ' ';
                    text.push(c);
                }
            }
        }
        Ok(text)
    }

    fn quoted(&mut self) -> Result<String, ReadError> {
        let opened = self.line;
        let mut text = String::new();
        self.rest.next();
        loop {
            match self.rest.next() {
                None => return Err(ReadError::UnclosedQuote { line: opened, text }),
                Some('"') if self.rest.peek() == Some(&'"') => {
                    self.rest.next();
                    text.push('"');
                }
                Some('"') => break,
                Some('\r') if self.rest.peek() == Some(&'\n') => {}
                Some(c) => {
                    self.line += u32::from(c == '\n');
                    text.push(c);
                }
            }
        }
        let line_end = self.line_end;
        while self.rest.next_if(|c| matches!(c, ' ' | '\r') && *c != line_end).is_some() {}
        match self.rest.peek() {
            None => Ok(text),
            Some(c) if *c == self.delimiter || *c == line_end => Ok(text),
            Some(_) => Err(ReadError::StrayQuote { line: self.line, opened }),
        }
    }
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
