//! The way in: recognises what the bytes are and reads them within limits.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    csv,
    finding::Finding,
    guard, header,
    header::Column,
    table::{Raw, Table},
    workbook,
};

/// What the caller wants to read.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    pub columns: &'w [Column],
    /// The sheet of a workbook to read; without one, the sheet whose header fits best.
    pub sheet: Option<&'w str>,
    pub limits: Limits,
}

impl<'w> Wanted<'w> {
    pub fn columns(columns: &'w [Column]) -> Self {
        Self { columns, sheet: None, limits: Limits::default() }
    }
}

/// What one upload may cost. The defaults are ten times the largest real return that is expected.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Limits {
    pub bytes: usize,
    /// Rows under the header.
    pub rows: usize,
    pub columns: usize,
    pub cells: usize,
    /// Characters of one cell; a spreadsheet program takes 32,767.
    pub text: usize,
    /// Bytes that a workbook may unpack to.
    pub unpacked: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 10_000_000, rows: 20_000, columns: 300, cells: 2_000_000, text: 100_000, unpacked: 128_000_000 }
    }
}

impl Limits {
    /// `at` rows came before this one, which has `width` cells; `cells` were read in all.
    pub(super) fn check(&self, at: usize, width: usize, cells: usize) -> Result<(), ReadError> {
        match () {
            // the header and a few lines above it are not counted as data
            () if at > self.rows => Err(ReadError::TooManyRows { limit: self.rows }),
            () if width > self.columns => Err(ReadError::TooManyColumns { limit: self.columns }),
            () if cells > self.cells => Err(ReadError::TooManyCells { limit: self.cells }),
            () => Ok(()),
        }
    }

    /// Checked while a row is still being read, blanks included.
    pub(super) fn check_width_of_text(&self, width: usize) -> Result<(), ReadError> {
        if width > self.columns { Err(ReadError::TooManyColumns { limit: self.columns }) } else { Ok(()) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Xlsx,
    Ods,
}

/// Why nothing could be read. Each has a stable code and reads as advice to the person who uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReadError {
    TooLarge {
        bytes: usize,
        limit: usize,
    },
    TooManyRows {
        limit: usize,
    },
    TooManyColumns {
        limit: usize,
    },
    TooManyCells {
        limit: usize,
    },
    /// A small file that unpacks to a huge one.
    UnpacksTooLarge,
    /// One cell with a text longer than any that can be kept.
    TextTooLong {
        row: u32,
        limit: usize,
    },
    /// Reading took more memory or time than any table needs.
    TooHeavy,
    UnclosedQuote {
        line: u32,
        text: String,
    },
    StrayQuote {
        line: u32,
        opened: u32,
    },
    NotASheet,
    /// An old `.xls`, or a workbook under a password: both look the same from outside.
    OldOrLocked,
    /// `.xlsb`.
    Binary,
    NoSuchSheet {
        name: String,
        there: Vec<String>,
    },
    Empty,
    /// What a library said of it is for the log, not for the person who uploaded.
    Broken(String),
    /// Reading could not even begin; the file is not to blame.
    Unavailable(String),
}

impl ReadError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "file_too_large",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::TooManyCells { .. } => "too_many_cells",
            Self::UnpacksTooLarge => "unpacks_too_large",
            Self::TextTooLong { .. } => "text_too_long",
            Self::TooHeavy => "too_heavy",
            Self::UnclosedQuote { .. } => "unclosed_quote",
            Self::StrayQuote { .. } => "stray_quote",
            Self::NotASheet => "not_a_sheet",
            Self::OldOrLocked => "old_or_locked_workbook",
            Self::Binary => "binary_workbook",
            Self::NoSuchSheet { .. } => "no_such_sheet",
            Self::Empty => "empty_file",
            Self::Broken(_) => "broken_file",
            Self::Unavailable(_) => "reading_unavailable",
        }
    }

    /// The same in the shape that every upload reports, with the line where there is one.
    pub fn finding(&self) -> Finding {
        let finding = Finding::error(self.code(), self.to_string());
        match self {
            Self::UnclosedQuote { line, text } => finding.on_row(None, *line).seen(text),
            Self::StrayQuote { line, .. } => finding.on_row(None, *line),
            Self::TextTooLong { row, .. } => finding.on_row(None, *row),
            _ => finding,
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes, limit } => {
                let (megabytes, most) = (bytes / 1_000_000, limit / 1_000_000);
                write!(f, "the file has {megabytes} MB; at most {most} MB are read")
            }
            Self::TooManyRows { limit } => write!(f, "the file has more than {limit} rows; split it"),
            Self::TooManyColumns { limit } => write!(f, "the file has more than {limit} columns"),
            Self::TooManyCells { limit } => write!(f, "the file has more than {limit} cells; split it"),
            Self::UnpacksTooLarge => f.write_str("the workbook unpacks to more than can be read; remove what is not data"),
            Self::TextTooLong { row, limit } => {
                write!(f, "a text on row {row} has more than {limit} characters; a quotation mark may be missing")
            }
            Self::TooHeavy => f.write_str(
                "this file takes more memory or time to read than a table needs; save it anew as CSV or XLSX with nothing but the table",
            ),
            Self::UnclosedQuote { line, .. } => {
                write!(f, "a quotation mark is opened on line {line} and never closed")
            }
            Self::StrayQuote { line, opened } if line == opened => {
                write!(f, "line {line} has a quotation mark in the middle of a text; write it twice")
            }
            Self::StrayQuote { line, opened } => write!(
                f,
                "the quotation mark opened on line {opened} seems never to be closed: the next one is in the middle of line {line}"
            ),
            Self::NotASheet => f.write_str("this is not a table; upload CSV, XLSX or ODS"),
            Self::OldOrLocked => f.write_str(
                "this is an old Excel file or is protected by a password; save it as an XLSX workbook without a password",
            ),
            Self::Binary => f.write_str("this is a binary Excel workbook; save it as XLSX"),
            Self::NoSuchSheet { name, there } => {
                write!(f, "the workbook has no sheet called {name}; it has {}", there.join(", "))
            }
            Self::Empty => f.write_str("the file holds no rows"),
            Self::Broken(_) => f.write_str(
                "the file is damaged or written in a way that we cannot read; open it in a spreadsheet program and save it as XLSX or CSV",
            ),
            Self::Unavailable(_) => f.write_str("we cannot read files at the moment; please try again in a minute"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads a table in this process, for files that we made ourselves; what others send goes through
/// [`super::Reader`]. Slow for large files (up to a second or two): call it where blocking is allowed.
pub fn read(bytes: &[u8], wanted: &Wanted<'_>) -> Result<Table, ReadError> {
    header::into_table(raw(bytes, wanted)?, wanted.columns)
}

/// The rows of a file, before their header is known.
pub(super) fn raw(bytes: &[u8], wanted: &Wanted<'_>) -> Result<Raw, ReadError> {
    let Wanted { columns, limits, .. } = *wanted;
    within(bytes, &limits)?;
    match recognise(bytes, &limits)? {
        Format::Csv => csv::read(bytes, columns, &limits),
        Format::Xlsx => workbook::read_xlsx(bytes, wanted),
        Format::Ods => workbook::read_ods(bytes, wanted),
    }
}

pub(super) fn within(bytes: &[u8], limits: &Limits) -> Result<(), ReadError> {
    if bytes.len() > limits.bytes {
        return Err(ReadError::TooLarge { bytes: bytes.len(), limit: limits.bytes });
    }
    Ok(())
}

/// By content: what a file is called proves nothing.
fn recognise(bytes: &[u8], limits: &Limits) -> Result<Format, ReadError> {
    match bytes {
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(ReadError::OldOrLocked),
        [b'P', b'K', 3 | 5, ..] => guard::unpack_within(bytes, limits),
        [b'%', b'P', b'D', b'F', ..] => Err(ReadError::NotASheet),
        _ => Ok(Format::Csv),
    }
}
