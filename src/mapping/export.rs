//! A release as files: a tidy CSV for programs, a workbook for people, JSON with the manifest.

use entity::release;
use poem_openapi::types::ToJSON;
use serde_json::json;

use super::measures::Measure;
use super::wire::{FigureOut, MarkerOut, ResponseOut, TableOut};
use crate::base::day::in_words;
use crate::sheet::write::{Marker, Out, OutBook, OutTable, XlsxError, to_csv, to_xlsx};

pub struct File {
    pub name: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

/// One row a cell: measure, a column for each dimension's id and label, value, unit, marker.
pub fn csv(table: &TableOut) -> File {
    let mut header = vec!["as_at".to_owned(), "measure".to_owned()];
    for dimension in &table.dimensions {
        header.push(dimension.id.id().to_owned());
        header.push(format!("{}_label", dimension.id.id()));
    }
    header.extend(["unit", "value", "marker", "rule_version", "response_rate", "manifest"].map(str::to_owned));
    let rows = table.cells.iter().map(|cell| {
        let mut row = vec![Out::Date(table.as_at), Out::from(cell.measure.id())];
        for dimension in &table.dimensions {
            let value = cell.keys.get(dimension.id.id()).cloned().flatten();
            row.push(Out::from(value.as_deref().unwrap_or("total")));
            row.push(Out::from(label(table, dimension.id.id(), value.as_deref()).as_str()));
        }
        row.push(Out::from(cell.measure.unit()));
        row.push(cell.value.map_or(Out::Blank, |value| number(cell.measure, value)));
        row.push(cell.marker.map_or(Out::Blank, |marker| Out::Marker(marker_of(marker))));
        row.push(Out::from(table.rule_version.as_str()));
        let unknown = if table.response.unknown > 0 { Out::Marker(Marker::Unavailable) } else { Out::Blank };
        row.push(table.response.rate.map_or(unknown, tenths));
        row.push(Out::from(table.manifest.to_string().as_str()));
        row
    });
    let rows = rows.collect();
    let table_out = OutTable { name: "table".to_owned(), caption: table.title.clone(), header, rows };
    File { name: format!("{}.csv", stem(table)), media_type: "text/csv; charset=utf-8", bytes: to_csv(&table_out) }
}

fn response(ResponseOut { employers, answered, unknown, rate, .. }: &ResponseOut) -> String {
    let rate = match rate {
        Some(rate) => format!("{rate:.1}%"),
        None if *unknown > 0 => Marker::Unavailable.text().to_owned(),
        None => "not applicable".to_owned(),
    };
    let known = format!("{answered} of {employers} employers ({rate}) confirmed their figures within the year");
    match unknown {
        0 => known,
        some => format!("{known}; of {some} it is not known, as only a later answer was kept"),
    }
}

/// Cover, notes, and one sheet a measure: rows down, columns across, real numbers.
pub fn xlsx(table: &TableOut, sha256: &str) -> Result<File, XlsxError> {
    let mut cover = vec![
        ("As at".to_owned(), in_words(table.as_at)),
        ("Released".to_owned(), table.released_at.format("%-d %B %Y %H:%M UTC").to_string()),
        ("Response".to_owned(), response(&table.response)),
        ("Disclosure rule".to_owned(), table.rule_version.clone()),
        ("Manifest".to_owned(), table.manifest.to_string()),
        ("SHA-256 of the table".to_owned(), sha256.to_owned()),
    ];
    for marker in [Marker::Confidential, Marker::Unavailable, Marker::NotApplicable] {
        cover.push((marker.text().to_owned(), marker.meaning().to_owned()));
    }
    let mut notes = table.notes.clone();
    notes.extend(table.measures.iter().map(|measure| format!("{}: {}", measure.label, measure.definition)));
    let book = OutBook {
        title: table.title.clone(),
        author: "Cairn".to_owned(),
        created: table.released_at,
        cover,
        notes,
        tables: table.measures.iter().map(|measure| sheet(table, measure.id, &measure.label)).collect(),
    };
    let bytes = to_xlsx(&book)?;
    Ok(File {
        name: format!("{}.xlsx", stem(table)),
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        bytes,
    })
}

pub fn json(table: &TableOut, kept: &release::Model) -> File {
    let document = json!({
        "table": table.to_json(),
        "question": kept.question,
        "rule_version": kept.rule_version,
        "vocabularies": kept.manifest.get("vocabularies"),
        "hidden": kept.manifest.get("hidden"),
        "sha256": kept.sha256,
    });
    File {
        name: format!("{}.json", stem(table)),
        media_type: "application/json",
        bytes: document.to_string().into_bytes(),
    }
}

fn sheet(table: &TableOut, measure: Measure, name: &str) -> OutTable {
    let cells: Vec<&FigureOut> = table.cells.iter().filter(|cell| cell.measure == measure).collect();
    let across: Vec<&str> = table.columns.iter().map(|by| by.id()).collect();
    let down: Vec<&str> = table.rows.iter().map(|by| by.id()).collect();
    let keys = |cell: &FigureOut, dimensions: &[&str]| -> Vec<Option<String>> {
        dimensions.iter().map(|id| cell.keys.get(*id).cloned().flatten()).collect()
    };
    let (mut row_keys, mut column_keys) = (Vec::new(), Vec::new());
    let mut at = std::collections::HashMap::new();
    for cell in cells {
        let (row, column) = (keys(cell, &down), keys(cell, &across));
        let row_at = place(&mut row_keys, row);
        let column_at = place(&mut column_keys, column);
        at.insert((row_at, column_at), cell);
    }
    let labels = |dimensions: &[&str], values: &[Option<String>]| -> Vec<String> {
        dimensions.iter().zip(values).map(|(id, value)| label(table, id, value.as_deref())).collect()
    };
    let mut header: Vec<String> = table.dimensions.iter().take(down.len()).map(|found| found.label.clone()).collect();
    header.extend(column_keys.iter().map(|column| {
        let text = labels(&across, column).join(", ");
        if text.is_empty() { name.to_owned() } else { text }
    }));
    let rows = row_keys.iter().enumerate().map(|(row, values)| {
        let mut line: Vec<Out> = labels(&down, values).iter().map(|text| Out::from(text.as_str())).collect();
        line.extend((0..column_keys.len()).map(|column| at.get(&(row, column)).map_or(Out::Blank, |cell| shown(cell))));
        line
    });
    let rows = rows.collect();
    OutTable { name: name.to_owned(), caption: table.title.clone(), header, rows }
}

fn place(known: &mut Vec<Vec<Option<String>>>, key: Vec<Option<String>>) -> usize {
    if let Some(at) = known.iter().position(|other| *other == key) {
        return at;
    }
    known.push(key);
    known.len() - 1
}

fn shown(cell: &FigureOut) -> Out {
    match (cell.value, cell.marker) {
        (Some(value), _) => number(cell.measure, value),
        (None, Some(marker)) => Out::Marker(marker_of(marker)),
        (None, None) => Out::Blank,
    }
}

fn marker_of(marker: MarkerOut) -> Marker {
    match marker {
        MarkerOut::C => Marker::Confidential,
        MarkerOut::X => Marker::Unavailable,
        MarkerOut::Z => Marker::NotApplicable,
    }
}

fn number(measure: Measure, value: f64) -> Out {
    match measure {
        Measure::Headcount | Measure::Posts => Out::integer(rounded(value)),
        _ => tenths(value),
    }
}

fn tenths(value: f64) -> Out {
    Out::Number { units: rounded(value * 10.0), places: 1 }
}

#[expect(clippy::cast_possible_truncation, reason = "counts, WTE and percent are far below 2^52")]
fn rounded(value: f64) -> i64 {
    value.round() as i64
}

fn label(table: &TableOut, dimension: &str, value: Option<&str>) -> String {
    let Some(value) = value else { return "Total".to_owned() };
    let found = table.dimensions.iter().find(|found| found.id.id() == dimension);
    let found = found.and_then(|found| found.values.iter().find(|known| known.id == value));
    found.map_or_else(|| value.to_owned(), |found| found.label.clone())
}

fn stem(table: &TableOut) -> String {
    let measures: Vec<&str> = table.measures.iter().map(|measure| measure.id.id()).collect();
    format!("cairn-{}-{}", measures.join("-"), table.as_at)
}
