//! Looks into a zipped workbook before the reading library may: a small file can unpack to gigabytes,
//! and two numbers in an ODS can stand for a hundred million cells.

use std::{
    collections::HashMap,
    io::{BufReader, Cursor, Read},
};

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use zip::ZipArchive;

use super::read::{Format, Limits, ReadError};

/// A workbook has dozens of parts, not thousands.
const PARTS: usize = 2_000;
const SHARED_STRINGS: u64 = 32_000_000;
/// Styles and the like: many small things that each take a large structure in memory.
const OTHER_PARTS: u64 = 8_000_000;

type Zip<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Tells what kind of workbook this is, after unpacking every part to nowhere and counting.
/// What the archive says about its own sizes is not believed.
pub(super) fn unpack_within(bytes: &[u8], limits: &Limits) -> Result<Format, ReadError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if zip.len() > PARTS {
        return Err(ReadError::UnpacksTooLarge);
    }
    let format = format_of(&zip)?;
    let mut left = limits.unpacked;
    for at in 0..zip.len() {
        let part = zip.by_index(at).map_err(broken)?;
        let Some(most) = part.name().map_err(broken).map(|name| most_for(&name))? else { continue };
        let most = most.min(left);
        let size = std::io::copy(&mut part.take(most + 1), &mut std::io::sink()).map_err(broken)?;
        if size > most {
            return Err(ReadError::UnpacksTooLarge);
        }
        left -= size;
    }
    Ok(format)
}

/// The main part of a workbook may bear any name; that it has worksheets tells it.
fn format_of(zip: &Zip<'_>) -> Result<Format, ReadError> {
    let has = |name| zip.index_for_name(name).is_some();
    let any = |start: &str, end: &str| {
        zip.file_names().filter_map(Result::ok).any(|name| {
            let name = name.to_ascii_lowercase();
            name.starts_with(start) && name.ends_with(end)
        })
    };
    match () {
        () if has("content.xml") && has("mimetype") => Ok(Format::Ods),
        () if any("xl/workbook", ".bin") => Err(ReadError::Binary),
        () if any("xl/workbook", ".xml") || any("xl/worksheets/", ".xml") => Ok(Format::Xlsx),
        () => Err(ReadError::NotASheet),
    }
}

/// How many bytes a part may unpack to; `None` for one that nobody reads, such as a calculation chain,
/// a drawing or a picture: it costs nothing and refuses nothing.
fn most_for(name: &str) -> Option<u64> {
    let name = name.to_ascii_lowercase();
    let unread = ["calcchain", "drawing", "media/", "comment", "printersettings", "externallink", "pivot", "customxml"];
    match name.as_str() {
        name if name.ends_with("sharedstrings.xml") => Some(SHARED_STRINGS),
        name if unread.iter().any(|part| name.contains(part)) || !is_xml(name) => None,
        name if name == "content.xml" || name.contains("worksheets/") => Some(u64::MAX - 1),
        _ => Some(OTHER_PARTS),
    }
}

fn is_xml(name: &str) -> bool {
    [".xml", ".rels", ".vml"].iter().any(|end| name.ends_with(end))
}

/// Columns of merged cells, for each sheet: (row, column, rows covered), all from 0.
pub(super) type Spans = HashMap<String, Vec<(u32, u32, u32)>>;

/// What the reading library does not tell of an ODS, by sheet.
#[derive(Default)]
pub(super) struct Odd {
    pub spans: Spans,
    /// (row, column) of formulas without a stored result, from 0.
    pub unresolved: HashMap<String, Vec<(u32, u32)>>,
}

/// Formulas without a result that are named one by one.
const UNRESOLVED: usize = 10_000;

/// The merged cells of an ODS and its formulas without a result; an error when its repeated rows
/// and columns would expand to more than the limits.
pub(super) fn ods_odd(bytes: &[u8], limits: &Limits) -> Result<Odd, ReadError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let content = zip.by_name("content.xml").map_err(broken)?;
    let mut xml = Reader::from_reader(BufReader::new(content));
    xml.config_mut().expand_empty_elements = true;
    xml.config_mut().check_end_names = false;
    let mut scan = Scan::default();
    let mut buffer = Vec::new();
    loop {
        match xml.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(element) => scan.start(&element, limits)?,
            Event::End(element) => scan.end(element.name().as_ref(), limits)?,
            Event::Text(text) => scan.text += text.len() as u64,
            Event::Eof => return Ok(scan.odd),
            _ => {}
        }
        buffer.clear();
    }
}

/// How far a sheet's values reach, counted without building them.
#[derive(Default)]
struct Scan {
    odd: Odd,
    sheet: String,
    row: u64,
    row_repeat: u64,
    column: u64,
    column_repeat: u64,
    row_span: u64,
    has_value: bool,
    has_result: bool,
    /// Bytes of the current cell.
    text: u64,
    /// Smallest box around the values of the sheet.
    deep: u64,
    wide: u64,
    boxes: u64,
    expanded: u64,
}

impl Scan {
    fn start(&mut self, element: &BytesStart<'_>, limits: &Limits) -> Result<(), ReadError> {
        match element.name().as_ref() {
            "table:table" => {
                self.sheet = attribute(element, "table:name")?.unwrap_or_default();
                (self.row, self.deep, self.wide) = (0, 0, 0);
            }
            "table:table-row" => {
                self.row_repeat = number(element, "table:number-rows-repeated")?;
                self.column = 0;
            }
            "table:table-cell" | "table:covered-table-cell" => {
                self.column_repeat = number(element, "table:number-columns-repeated")?;
                self.row_span = number(element, "table:number-rows-spanned")?;
                self.text = element.len() as u64;
                let has = |name| attribute(element, name).map(|a| a.is_some());
                self.has_result = has("office:value-type")? || has("calcext:value-type")?;
                self.has_value = self.has_result || has("table:formula")?;
            }
            "text:s" => {
                self.text = self.text.saturating_add(number(element, "text:c")?);
                if self.text > limits.unpacked {
                    return Err(ReadError::UnpacksTooLarge);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str, limits: &Limits) -> Result<(), ReadError> {
        match name {
            "table:table-cell" | "table:covered-table-cell" => {
                let from = self.column;
                self.column = self.column.saturating_add(self.column_repeat);
                if self.has_value {
                    self.value(from, limits)?;
                }
            }
            "table:table-row" => self.row = self.row.saturating_add(self.row_repeat),
            "table:table" => self.boxes += self.deep * self.wide,
            _ => {}
        }
        Ok(())
    }

    fn value(&mut self, from: u64, limits: &Limits) -> Result<(), ReadError> {
        self.deep = self.deep.max(self.row.saturating_add(self.row_repeat));
        self.wide = self.wide.max(self.column);
        let times = self.row_repeat.saturating_mul(self.column_repeat);
        self.expanded = self.expanded.saturating_add(self.text.saturating_mul(times));
        // a few rows above the header are not counted as data
        if self.deep > limits.rows as u64 + 100 {
            return Err(ReadError::TooManyRows { limit: limits.rows });
        }
        if self.wide > limits.columns as u64 {
            return Err(ReadError::TooManyColumns { limit: limits.columns });
        }
        if self.boxes + self.deep * self.wide > limits.cells as u64 {
            return Err(ReadError::TooManyCells { limit: limits.cells });
        }
        if self.expanded > limits.unpacked {
            return Err(ReadError::UnpacksTooLarge);
        }
        if self.row_span > 1 {
            let span = [self.row, from, self.row_span].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
            self.odd.spans.entry(self.sheet.clone()).or_default().push(span.into());
        }
        if !self.has_result {
            let cells = self.odd.unresolved.entry(self.sheet.clone()).or_default();
            if let (true, Ok(row), Ok(column)) =
                (cells.len() < UNRESOLVED, u32::try_from(self.row), u32::try_from(from))
            {
                cells.push((row, column));
            }
        }
        Ok(())
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, ReadError> {
    let Some(found) = element.try_get_attribute(name).map_err(broken)? else {
        return Ok(None);
    };
    Ok(Some(found.normalized_value(XmlVersion::Implicit1_0).map_err(broken)?.into_owned()))
}

/// A count, which is one unless said otherwise.
fn number(element: &BytesStart<'_>, name: &str) -> Result<u64, ReadError> {
    attribute(element, name)?.map_or(Ok(1), |text| text.parse().map_err(broken))
}

fn broken(error: impl std::fmt::Display) -> ReadError {
    ReadError::Broken(error.to_string())
}
