//! The uploaded table given back with what is wrong written beside each row.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::{
    Out, OutTable,
    xlsx::{Names, Styles, cut, new_workbook, put_table},
};
use crate::sheet::{
    finding::{Finding, Severity},
    table::{RawRow, Table},
    value::Value,
};

/// An XLSX of the table with every row where it was, a column "Problems" behind the last one, and a
/// sheet that lists all findings. Saved and corrected, it can be uploaded as it is: the new column is ignored.
pub fn annotated(table: &Table, findings: &[Finding], created: DateTime<Utc>) -> Result<Vec<u8>, XlsxError> {
    let styles = Styles::new();
    let mut workbook = new_workbook("Upload with its problems", "Cairn", created);
    let mut names = Names::default();
    let sheet = workbook.add_worksheet();
    sheet.set_name(names.unique(table.sheet.as_deref().unwrap_or("Upload")))?;
    let header =
        RawRow { number: table.header_row, values: table.header.iter().map(|h| Value::Text(h.text.clone())).collect() };
    let above = table.preamble.iter().chain(&table.body);
    let width = above.map(|r| r.values.len()).max().unwrap_or_default().max(header.values.len());
    let last = u16::try_from(width).unwrap_or(u16::MAX);

    for row in &table.preamble {
        put_row(sheet, row, None, &styles)?;
    }
    put_row(sheet, &header, Some(&styles.head), &styles)?;
    sheet.write_string_with_format(table.header_row - 1, last, "Problems", &styles.head)?;
    let mut by_row: HashMap<u32, Vec<String>> = HashMap::new();
    for finding in findings {
        if let Some(row) = finding.row {
            by_row.entry(row).or_default().push(brief(finding));
        }
    }
    for row in &table.body {
        put_row(sheet, row, None, &styles)?;
        if let Some(problems) = by_row.get(&row.number) {
            sheet.write_string_with_format(row.number - 1, last, cut(&problems.join("\n")), &styles.wrapped)?;
        }
    }
    for column in 0..last {
        sheet.set_column_width(column, 18)?;
    }
    sheet.set_column_width(last, 80)?.set_freeze_panes(table.header_row, 0)?;

    let list = workbook.add_worksheet().set_name(names.unique("All problems"))?;
    put_table(list, 0, &listed(findings), &styles)?;
    workbook.save_to_buffer()
}

fn put_row(sheet: &mut Worksheet, row: &RawRow, format: Option<&Format>, styles: &Styles) -> Result<(), XlsxError> {
    for (column, value) in (0_u16..).zip(&row.values) {
        let at = row.number - 1;
        match (value, format) {
            (Value::Blank, _) => {}
            (Value::Number(number), None) if number.is_finite() => {
                sheet.write_number(at, column, *number)?;
            }
            (Value::Moment(moment), None) if moment.time() == chrono::NaiveTime::MIN => {
                sheet.write_datetime_with_format(at, column, moment.date(), &styles.date)?;
            }
            (value, Some(format)) => {
                sheet.write_string_with_format(at, column, cut(&value.original()), format)?;
            }
            (value, None) => {
                sheet.write_string(at, column, cut(&value.original()))?;
            }
        }
    }
    Ok(())
}

fn brief(finding: &Finding) -> String {
    let kind = word(finding.severity);
    let place = match (&finding.header, &finding.column) {
        (Some(header), _) => format!(" in {header}"),
        (None, Some(column)) => format!(" in column {column}"),
        (None, None) => String::new(),
    };
    let right = finding.right.as_ref().map(|r| format!(" Would be right: {r}.")).unwrap_or_default();
    format!("{kind}{place}: {}.{right}", finding.message)
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
    }
}

/// All findings as a table, for this workbook or for a download of its own.
pub(super) fn listed(findings: &[Finding]) -> OutTable {
    let header = ["Severity", "Code", "Sheet", "Row", "Column", "Header", "Value seen", "Problem", "Would be right"];
    let row = |f: &Finding| {
        vec![
            word(f.severity).into(),
            f.code.as_ref().into(),
            f.sheet.clone().into(),
            f.row.map_or(Out::Blank, |row| Out::integer(row.into())),
            f.column.clone().into(),
            f.header.clone().into(),
            f.value.clone().into(),
            f.message.as_str().into(),
            f.right.clone().into(),
        ]
    };
    OutTable {
        name: "All problems".into(),
        caption: "All problems".into(),
        header: header.map(str::to_owned).to_vec(),
        rows: findings.iter().map(row).collect(),
    }
}
