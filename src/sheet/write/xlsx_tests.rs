//! Written workbooks, opened again by an independent reader.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use chrono::{DateTime, NaiveDate, Utc};

use super::*;
use crate::sheet::{Cell, Column, Finding, Wanted, read};

const FORMULA: &str = "=cmd|' /C calc'!A0";

fn created() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

fn book() -> OutBook {
    OutBook {
        title: "Workforce map".into(),
        author: "Cairn".into(),
        created: created(),
        cover: vec![("As at".into(), "31 March 2026".into()), ("Source".into(), FORMULA.into())],
        notes: vec!["+1 is a note, not a sum".into()],
        tables: vec![
            OutTable {
                name: "Headcount: [by] area/role".into(),
                caption: "Headcount by area".into(),
                header: vec!["Area".into(), "Headcount".into(), "WTE".into(), "As at".into()],
                rows: vec![
                    vec![
                        FORMULA.into(),
                        Out::integer(1234),
                        Out::Number { units: 375, places: 1 },
                        Out::Date(NaiveDate::from_ymd_opt(2026, 3, 31).unwrap()),
                    ],
                    vec!["http://example.org".into(), Out::Marker(Marker::Confidential), Out::Blank, Out::Blank],
                ],
            },
            OutTable { name: "headcount  by  area role".into(), caption: "Two".into(), header: vec![], rows: vec![] },
        ],
    }
}

fn open(bytes: &[u8]) -> Xlsx<Cursor<&[u8]>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

#[test]
fn an_independent_reader_sees_text_as_text_and_numbers_as_numbers() {
    let bytes = to_xlsx(&book()).unwrap();
    let mut workbook = open(&bytes);
    assert_eq!(workbook.sheet_names(), ["Cover", "Notes", "Headcount   by  area role", "headcount  by  area role"]);
    for name in workbook.sheet_names() {
        assert!(workbook.worksheet_formula(&name).unwrap().used_cells().next().is_none(), "no formula in {name}");
    }
    let range = workbook.worksheet_range("Headcount   by  area role").unwrap();
    let at = |row, column| range.get_value((row, column)).unwrap().clone();
    assert_eq!(at(0, 0), Data::String("Headcount by area".into()));
    assert_eq!(at(2, 1), Data::String("Headcount".into()));
    assert_eq!(at(3, 0), Data::String(FORMULA.into()));
    assert_eq!(at(3, 1), Data::Float(1234.0));
    assert_eq!(at(3, 2), Data::Float(37.5));
    assert_eq!(at(4, 1), Data::String("[c]".into()));
    assert!(matches!(at(3, 3), Data::DateTime(_)));
    let notes = workbook.worksheet_range("Notes").unwrap();
    let legend = notes.used_cells().any(|(_, _, v)| v.to_string().starts_with("[c] confidential"));
    assert!(legend, "markers are explained");
    let properties = workbook.workbook_properties().unwrap();
    assert_eq!((properties.title.as_deref(), properties.creator.as_deref()), (Some("Workforce map"), Some("Cairn")));
}

#[test]
fn the_same_book_gives_the_same_bytes() {
    assert_eq!(to_xlsx(&book()).unwrap(), to_xlsx(&book()).unwrap());
}

#[test]
fn text_longer_than_a_cell_is_cut_with_a_mark() {
    let mut long = book();
    long.tables[0].rows[0][0] = Out::Text("😀".repeat(20_000));
    let bytes = to_xlsx(&long).unwrap();
    let range = open(&bytes).worksheet_range("Headcount   by  area role").unwrap();
    let Some(Data::String(text)) = range.get_value((3, 0)) else { panic!("text") };
    assert!(text.ends_with('…') && text.encode_utf16().count() <= 32_767);
}

#[test]
fn an_annotated_upload_keeps_every_row_in_its_place_and_can_be_uploaded_again() {
    let columns = [Column::required("ref"), Column::required("completed_on")];
    let csv = "My list,\n\nref,completed_on,notes\na,31/02/2026,=1+1\n\nb,01/03/2026,\n";
    let table = read(csv.as_bytes(), &Wanted::columns(&columns)).unwrap();
    let mut findings: Vec<Finding> = table.findings.clone();
    findings.extend(table.rows().filter_map(|r| r.cell("completed_on").must(Cell::date).err()));
    let bytes = annotated(&table, &findings, created()).unwrap();

    let mut workbook = open(&bytes);
    assert!(workbook.worksheet_formula("Upload").unwrap().used_cells().next().is_none());
    let range = workbook.worksheet_range("Upload").unwrap();
    let at = |row, column| range.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
    assert_eq!((at(0, 0).as_str(), at(2, 3).as_str(), at(3, 2).as_str()), ("My list", "Problems", "=1+1"));
    assert!(at(3, 3).starts_with("Error in completed_on: 31/02/2026 is not a date. Would be right: a day"));
    assert_eq!((at(5, 0).as_str(), at(5, 3).as_str()), ("b", ""));
    let list = workbook.worksheet_range("All problems").unwrap();
    assert_eq!(list.height(), findings.len() + 1);

    let again = read(&bytes, &Wanted::columns(&columns)).unwrap();
    assert_eq!(again.rows().map(|r| r.number).collect::<Vec<_>>(), [4, 6]);
    assert_eq!(again.findings.iter().filter(|f| f.is_error()).count(), 0);
}
