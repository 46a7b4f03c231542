//! XLSX for people: a cover, the notes, one table a sheet with its header frozen.

use rust_xlsxwriter::{DocProperties, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::{Marker, Out, OutBook, OutTable};

/// What Excel holds in one cell; longer text is cut there, with a mark.
const CELL_MAX: usize = 32_767;
const NAME_MAX: usize = 31;
const WIDTHS: std::ops::RangeInclusive<usize> = 8..=60;
/// Rows looked at for a column's width.
const WIDTH_FROM: usize = 200;

pub(super) struct Styles {
    pub title: Format,
    pub head: Format,
    pub wrapped: Format,
    pub right: Format,
    pub date: Format,
}

impl Styles {
    pub fn new() -> Self {
        Self {
            title: Format::new().set_bold().set_font_size(14),
            head: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_border_bottom(FormatBorder::Thin),
            wrapped: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            right: Format::new().set_align(FormatAlign::Right),
            date: Format::new().set_num_format("yyyy-mm-dd"),
        }
    }
}

/// Bytes of the workbook; the same book gives the same bytes.
///
/// An error means a table beyond what Excel can hold (a million rows, 16,384 columns).
pub fn to_xlsx(book: &OutBook) -> Result<Vec<u8>, XlsxError> {
    let styles = Styles::new();
    let mut workbook = new_workbook(&book.title, &book.author, book.created);
    let mut names = Names::default();
    cover(workbook.add_worksheet(), &names.unique("Cover"), book, &styles)?;
    if !book.notes.is_empty() || has_markers(&book.tables) {
        notes(workbook.add_worksheet(), &names.unique("Notes"), book, &styles)?;
    }
    for table in &book.tables {
        let sheet = workbook.add_worksheet().set_name(names.unique(&table.name))?;
        sheet.write_string_with_format(0, 0, table.caption.as_str(), &styles.title)?;
        put_table(sheet, 2, table, &styles)?;
    }
    workbook.save_to_buffer()
}

pub(super) fn new_workbook(title: &str, author: &str, created: chrono::DateTime<chrono::Utc>) -> Workbook {
    let mut workbook = Workbook::new();
    let properties = DocProperties::new().set_title(title).set_author(author).set_creation_datetime(&created);
    workbook.set_properties(&properties);
    workbook
}

fn cover(sheet: &mut Worksheet, name: &str, book: &OutBook, styles: &Styles) -> Result<(), XlsxError> {
    sheet.set_name(name)?.set_column_width(0, 28)?.set_column_width(1, 90)?;
    sheet.write_string_with_format(0, 0, book.title.as_str(), &styles.title)?;
    let tables = book.tables.iter().map(|t| ("Table".to_owned(), t.caption.clone()));
    for (row, (label, text)) in (2..).zip(book.cover.iter().cloned().chain(tables)) {
        sheet.write_string_with_format(row, 0, cut(&label), &styles.head)?;
        sheet.write_string_with_format(row, 1, cut(&text), &styles.wrapped)?;
    }
    Ok(())
}

fn notes(sheet: &mut Worksheet, name: &str, book: &OutBook, styles: &Styles) -> Result<(), XlsxError> {
    sheet.set_name(name)?.set_column_width(0, 110)?;
    sheet.write_string_with_format(0, 0, "Notes", &styles.title)?;
    let legend = [Marker::Confidential, Marker::Unavailable, Marker::NotApplicable];
    let legend = legend.iter().map(|m| format!("{} {}", m.text(), m.meaning()));
    for (row, note) in (2..).zip(book.notes.iter().cloned().chain(legend)) {
        sheet.write_string_with_format(row, 0, cut(&note), &styles.wrapped)?;
    }
    Ok(())
}

fn has_markers(tables: &[OutTable]) -> bool {
    tables.iter().flat_map(|t| &t.rows).flatten().any(|v| matches!(v, Out::Marker(_)))
}

/// The header at `top`, frozen and repeated in print, and the rows under it.
pub(super) fn put_table(sheet: &mut Worksheet, top: u32, table: &OutTable, styles: &Styles) -> Result<(), XlsxError> {
    for (column, title) in (0_u16..).zip(&table.header) {
        sheet.write_string_with_format(top, column, cut(title), &styles.head)?;
    }
    for (row, values) in (top + 1..).zip(&table.rows) {
        for (column, value) in (0_u16..).zip(values) {
            put(sheet, row, column, value, styles)?;
        }
    }
    for (at, column) in (0_u16..).zip(0..table.header.len()).map(|(c, at)| (at, c)) {
        let texts = table.rows.iter().take(WIDTH_FROM).filter_map(|r| r.get(at)).map(length);
        // a wrapped header needs the width of its longest word only
        let head = table.header[at].split_whitespace().map(|w| w.chars().count()).max().unwrap_or_default();
        let longest = texts.max().unwrap_or_default().max(head) + 2;
        let width = longest.clamp(*WIDTHS.start(), *WIDTHS.end());
        sheet.set_column_width(column, u16::try_from(width).unwrap_or(u16::MAX))?;
    }
    sheet.set_freeze_panes(top + 1, 0)?.set_repeat_rows(top, top)?;
    Ok(())
}

pub(super) fn put(sheet: &mut Worksheet, row: u32, column: u16, value: &Out, styles: &Styles) -> Result<(), XlsxError> {
    match value {
        Out::Blank => {}
        Out::Text(text) => {
            sheet.write_string(row, column, cut(text))?;
        }
        Out::Number { units, places } => {
            let format = Format::new().set_num_format(pattern(*places));
            sheet.write_number_with_format(row, column, float(*units, *places), &format)?;
        }
        Out::Date(date) => {
            sheet.write_datetime_with_format(row, column, date, &styles.date)?;
        }
        Out::Marker(marker) => {
            sheet.write_string_with_format(row, column, marker.text(), &styles.right)?;
        }
    }
    Ok(())
}

fn pattern(places: u8) -> String {
    match usize::from(places) {
        0 => "#,##0".into(),
        places => format!("#,##0.{}", "0".repeat(places)),
    }
}

/// The nearest float, which is what Excel would hold had the decimal been typed.
fn float(units: i64, places: u8) -> f64 {
    super::decimal_text(units, places).parse().unwrap_or(f64::NAN)
}

fn length(value: &Out) -> usize {
    match value {
        Out::Blank => 0,
        Out::Text(text) => text.lines().map(|l| l.chars().count()).max().unwrap_or_default(),
        Out::Number { units, places } => super::decimal_text(*units, *places).len() + 2,
        Out::Date(_) => 10,
        Out::Marker(_) => 3,
    }
}

pub(super) fn cut(text: &str) -> String {
    // Excel counts in UTF-16
    if text.encode_utf16().count() <= CELL_MAX {
        return text.to_owned();
    }
    let mut units = 1;
    let mut kept: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= CELL_MAX
        })
        .collect();
    kept.push('…');
    kept
}

/// Sheet names that Excel accepts, each once.
#[derive(Default)]
pub(super) struct Names(Vec<String>);

impl Names {
    pub fn unique(&mut self, wanted: &str) -> String {
        let lawful: String =
            wanted.chars().map(|c| if "[]:*?/\\".contains(c) || c.is_control() { ' ' } else { c }).collect();
        let lawful = lawful.trim().trim_matches('\'');
        let lawful = if lawful.is_empty() { "Table" } else { lawful };
        let mut name = first(lawful, NAME_MAX);
        for n in 2.. {
            if !self.0.iter().any(|taken| taken.to_lowercase() == name.to_lowercase()) {
                break;
            }
            let end = format!(" {n}");
            name = first(lawful, NAME_MAX - end.len()) + &end;
        }
        self.0.push(name.clone());
        name
    }
}

fn first(text: &str, units: usize) -> String {
    let mut used = 0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            used += c.len_utf16();
            used <= units
        })
        .collect();
    kept.trim_end().to_owned()
}
