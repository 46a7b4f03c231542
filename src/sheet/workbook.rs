//! XLSX and ODS through `calamine`, cell by cell into a sparse grid: a value in the last row of the last
//! column must not make the machine build everything before it.

use std::{
    collections::BTreeMap,
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{Data, Ods, Reader, Sheet, SheetType, SheetVisible, Xlsx, XlsxError};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::{
    choices::fold,
    finding::Finding,
    guard,
    header::best,
    read::{Limits, ReadError, Wanted},
    table::{Raw, RawRow},
    value::Value,
};

/// Sheets looked at when none was named.
const SHEETS: usize = 12;
/// Merged areas considered; a sheet with more is a drawing.
const MERGES: usize = 5_000;
/// Cells of one sheet that the library may not understand; with more, the file is not a spreadsheet's.
const STRANGE: usize = 10_000;

type Book<'b> = Cursor<&'b [u8]>;
/// (row, column, rows covered), from 0.
type Span = (u32, u32, u32);

pub(super) fn read_xlsx(bytes: &[u8], wanted: &Wanted<'_>) -> Result<Raw, ReadError> {
    unpanicked(|| {
        let mut book = Xlsx::<Book<'_>>::new(Cursor::new(bytes)).map_err(broken)?;
        let sheets = book.sheets_metadata().to_vec();
        let from_1904 = book.has_1904_epoch();
        let raw = choose(&sheets, wanted, |name| {
            let merges = book.merge_cells_by_sheet_name(name).map_err(broken)?;
            let spans = merges.iter().map(|m| (m.start.0, m.start.1, m.end.0.saturating_sub(m.start.0) + 1));
            let spans: Vec<Span> = spans.filter(|s| s.2 > 1).take(MERGES).collect();
            let mut grid = Grid::new(&wanted.limits);
            let mut strange = Vec::new();
            let mut cells = book.worksheet_cells_reader(name).map_err(broken)?;
            let mut at = 0;
            loop {
                match cells.next_cell_with_formula_metadata() {
                    Ok(None) => break,
                    Ok(Some(cell)) => {
                        let value = match (value_of(Data::from(cell.value)), cell.formula) {
                            (Value::Blank, Some(_)) => Value::NoResult,
                            (value, _) => value,
                        };
                        grid.put(cell.pos, value)?;
                    }
                    // a kind of value newer than the library: the cell is passed over, not the sheet
                    Err(error) if of_one_cell(&error) && strange.len() < STRANGE => strange.push((at, error)),
                    Err(error) => return Err(broken(error)),
                }
                at += 1;
            }
            drop(cells);
            if !strange.is_empty() {
                let mut places = book.worksheet_cells_reader(name).map_err(broken)?;
                let mut passed = 0;
                for (at, error) in strange {
                    let mut place = None;
                    while passed <= at {
                        place = places.next_formula().map_err(broken)?.map(|cell| cell.get_position());
                        passed += 1;
                    }
                    let Some(place) = place else { return Err(broken(error)) };
                    grid.put(place, Value::Fault(fault_of(&error)))?;
                }
            }
            grid.into_rows(&spans)
        })?;
        Ok(Raw { from_1904, ..raw })
    })
}

/// Whether the library stumbled over what one cell holds, and can go on with the next.
fn of_one_cell(error: &XlsxError) -> bool {
    !matches!(
        error,
        XlsxError::Io(_) | XlsxError::Zip(_) | XlsxError::Xml(_) | XlsxError::XmlAttr(_) | XlsxError::XmlEof(_)
    )
}

/// What a user would see in the cell, such as `#SPILL!`, as far as it is known.
fn fault_of(error: &XlsxError) -> String {
    match error {
        XlsxError::CellError(text) if text.starts_with('#') && text.len() < 40 => text.clone(),
        _ => "of a kind that we do not know".to_owned(),
    }
}

pub(super) fn read_ods(bytes: &[u8], wanted: &Wanted<'_>) -> Result<Raw, ReadError> {
    // before calamine may expand what is repeated
    let mut odd = guard::ods_odd(bytes, &wanted.limits)?;
    unpanicked(|| {
        let mut book = Ods::<Book<'_>>::new(Cursor::new(bytes)).map_err(broken)?;
        let sheets = book.sheets_metadata().to_vec();
        choose(&sheets, wanted, |name| {
            let range = book.worksheet_range(name).map_err(broken)?;
            let (top, left) = range.start().unwrap_or_default();
            let mut grid = Grid::new(&wanted.limits);
            for (row, column, data) in range.used_cells() {
                let at = (top + index(row), left + index(column));
                grid.put(at, value_of(data.clone()))?;
            }
            for at in odd.unresolved.remove(name).unwrap_or_default() {
                grid.put(at, Value::NoResult)?;
            }
            let mut spans = odd.spans.remove(name).unwrap_or_default();
            spans.truncate(MERGES);
            grid.into_rows(&spans)
        })
    })
}

/// The sheet that was asked for, or the one whose header names most of the wanted columns; the first of equals.
fn choose(
    sheets: &[Sheet],
    wanted: &Wanted<'_>,
    mut read: impl FnMut(&str) -> Result<Vec<RawRow>, ReadError>,
) -> Result<Raw, ReadError> {
    let names: Vec<&str> = sheets
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet && (s.visible == SheetVisible::Visible || wanted.sheet.is_some()))
        .map(|s| s.name.as_str())
        .collect();
    if let Some(asked) = wanted.sheet {
        let there = || names.iter().map(|n| (*n).to_owned()).collect();
        let name = names.iter().find(|n| fold(n) == fold(asked));
        let name = name.ok_or_else(|| ReadError::NoSuchSheet { name: asked.to_owned(), there: there() })?;
        return Ok(Raw { sheet: Some((*name).to_owned()), rows: read(name)?, ..Raw::default() });
    }
    let mut chosen: Option<(usize, Raw)> = None;
    let mut failed = None;
    for name in names.iter().take(SHEETS) {
        match read(name) {
            Ok(rows) if rows.is_empty() => {}
            Ok(rows) => {
                let raw = Raw { sheet: Some((*name).to_owned()), rows, ..Raw::default() };
                let score = best(&raw, wanted.columns).1;
                if chosen.as_ref().is_none_or(|(most, _)| score > *most) {
                    chosen = Some((score, raw));
                }
            }
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    let (score, mut raw) = match (chosen, failed) {
        // a sheet that fits beats one that could not be read
        (Some((score, raw)), None) => (score, raw),
        (Some((score, raw)), Some(_)) if score > 0 => (score, raw),
        (_, Some(error)) => return Err(error),
        (None, None) => return Err(ReadError::Empty),
    };
    let others: Vec<&str> = names.into_iter().filter(|n| Some(*n) != raw.sheet.as_deref()).collect();
    if score > 0 && !others.is_empty() {
        let message = format!("only this sheet was read, not {}", others.join(", "));
        raw.findings.push(Finding { sheet: raw.sheet.clone(), ..Finding::warning("other_sheets_not_read", message) });
    }
    Ok(raw)
}

struct Grid<'l> {
    rows: BTreeMap<u32, Vec<Value>>,
    limits: &'l Limits,
    cells: usize,
    /// One long text can be shared by every cell of a file.
    text: u64,
}

impl<'l> Grid<'l> {
    fn new(limits: &'l Limits) -> Self {
        Self { rows: BTreeMap::new(), limits, cells: 0, text: 0 }
    }

    fn put(&mut self, (row, column): (u32, u32), value: Value) -> Result<(), ReadError> {
        if value.is_blank() {
            return Ok(());
        }
        let at = usize::try_from(column).unwrap_or(usize::MAX);
        let before = self.rows.len() - usize::from(self.rows.contains_key(&row));
        self.limits.check(before, at.saturating_add(1), self.cells)?;
        self.spend(&value)?;
        let values = self.rows.entry(row).or_default();
        if values.len() <= at {
            self.cells += at + 1 - values.len();
            values.resize(at + 1, Value::Blank);
        }
        values[at] = value;
        Ok(())
    }

    fn spend(&mut self, value: &Value) -> Result<(), ReadError> {
        if let Value::Text(text) = value {
            self.text += text.len() as u64;
        }
        if self.text > self.limits.unpacked { Err(ReadError::UnpacksTooLarge) } else { Ok(()) }
    }

    /// A value merged over several rows is meant for each of them. Over columns it is not: that is layout.
    fn into_rows(mut self, spans: &[Span]) -> Result<Vec<RawRow>, ReadError> {
        for &(top, column, deep) in spans {
            let at = usize::try_from(column).unwrap_or(usize::MAX);
            let Some(value) = self.rows.get(&top).and_then(|row| row.get(at)).cloned() else {
                continue;
            };
            let below: Vec<u32> = self.rows.range(top + 1..top.saturating_add(deep)).map(|(row, _)| *row).collect();
            for row in below {
                self.put((row, column), value.clone())?;
            }
        }
        Ok(self.rows.into_iter().filter_map(|(row, values)| RawRow::new(row + 1, values)).collect())
    }
}

fn value_of(data: Data) -> Value {
    match data {
        Data::Empty => Value::Blank,
        Data::String(text) | Data::DurationIso(text) => Value::Text(text),
        #[expect(clippy::cast_precision_loss, reason = "a spreadsheet has no larger whole numbers")]
        Data::Int(number) => Value::Number(number as f64),
        Data::Float(number) if !number.is_finite() => Value::Fault("#NUM!".to_owned()),
        Data::Float(number) => Value::Number(number),
        Data::Bool(yes) => Value::Yes(yes),
        Data::Error(fault) => Value::Fault(fault.to_string()),
        Data::DateTimeIso(text) => iso_moment(&text).map_or(Value::Text(text), Value::Moment),
        Data::DateTime(serial) => {
            let (year, month, day, hour, minute, second, _) = serial.to_ymd_hms_milli();
            let time = NaiveTime::from_hms_opt(hour.into(), minute.into(), second.into());
            let date = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
            match (date, time) {
                (_, Some(time)) if serial.is_duration() || serial.as_f64() < 1.0 => {
                    Value::Text(time.format("%H:%M").to_string())
                }
                (Some(date), Some(time)) => Value::Moment(date.and_time(time)),
                _ => Value::Number(serial.as_f64()),
            }
        }
    }
}

fn iso_moment(text: &str) -> Option<NaiveDateTime> {
    let date = || text.parse::<NaiveDate>().ok().map(|d| d.and_time(NaiveTime::MIN));
    text.parse::<NaiveDateTime>().ok().or_else(date)
}

/// The library must not take the server down over a file that nobody has seen before.
fn unpanicked<T>(read: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(ReadError::Broken("it cannot be understood".into())))
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn broken(error: impl std::fmt::Display) -> ReadError {
    ReadError::Broken(error.to_string())
}

#[cfg(test)]
#[path = "workbook_tests.rs"]
mod tests;
