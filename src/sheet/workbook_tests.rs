//! Real workbooks, made here byte by byte or by the writing library, read back.

use std::io::Write;

use rust_xlsxwriter::{Format, Formula, Workbook};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;
use crate::sheet::{Cell, Column, Table, column_letters, read};

const COLUMNS: &[Column] = &[Column::required("ref"), Column::optional("completed_on"), Column::optional("minutes")];

fn wanted() -> Wanted<'static> {
    Wanted::columns(COLUMNS)
}

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn ods(tables: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"#
    );
    // as LibreOffice writes it, and as the reading library expects it: nothing between the elements
    let content: String = content.lines().map(str::trim_start).collect();
    let manifest = r#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"#;
    zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", &content),
    ])
}

fn text(value: &str) -> String {
    format!(r#"<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>"#)
}

fn refs(table: &Table) -> Vec<(u32, String)> {
    table.rows().map(|r| (r.number, r.cell("ref").original())).collect()
}

/// A workbook as offices make them: a cover sheet, a title above the header, real dates and text dates,
/// numbers as text, a formula, merged cells.
fn office_workbook() -> Vec<u8> {
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Cover").unwrap().write_string(0, 0, "Our training").unwrap();
    let sheet = book.add_worksheet().set_name("Staff").unwrap();
    sheet.merge_range(0, 0, 0, 2, "Completions 2026", &Format::new()).unwrap();
    for (column, title) in ["Ref", "Completed on", "Minutes"].into_iter().enumerate() {
        sheet.write_string(2, u16::try_from(column).unwrap(), title).unwrap();
    }
    sheet.merge_range(3, 0, 4, 0, "a", &Format::new()).unwrap();
    sheet.write_number_with_format(3, 1, 46_081.0, &date).unwrap();
    sheet.write_string(3, 2, "1,200").unwrap();
    sheet.write_string(4, 1, "28/02/2026").unwrap();
    sheet.write_formula(4, 2, Formula::new("=40+50").set_result("90")).unwrap();
    sheet.write_string(6, 0, "b").unwrap();
    sheet.write_number(6, 1, 46_081.0).unwrap();
    sheet.write_formula(6, 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn an_office_workbook_reads_as_people_see_it() {
    let table = read(&office_workbook(), &wanted()).unwrap();
    assert_eq!((table.sheet.as_deref(), table.header_row), (Some("Staff"), 3));
    assert_eq!(refs(&table), [(4, "a".into()), (5, "a".into()), (7, "b".into())], "merged down means each row");
    let days: Vec<_> = table.rows().map(|r| r.cell("completed_on").must(Cell::date).unwrap().to_string()).collect();
    assert_eq!(days, ["2026-02-28"; 3], "a real date, a text and a bare serial number");
    let minutes: Vec<_> = table.rows().map(|r| r.cell("minutes").integer()).collect();
    assert_eq!(minutes[..2], [Ok(Some(1200)), Ok(Some(90))], "a number as text, a formula's result");
    let fault = minutes[2].as_ref().unwrap_err();
    assert_eq!((fault.code.as_ref(), fault.value.as_deref()), ("formula_fault", Some("#DIV/0!")));
    assert_eq!((fault.sheet.as_deref(), fault.row, fault.column.as_deref()), (Some("Staff"), Some(7), Some("C")));
    assert_eq!(table.findings[0].code, "other_sheets_not_read");
}

#[test]
fn a_sheet_can_be_asked_for_by_name() {
    let bytes = office_workbook();
    let table = read(&bytes, &Wanted { sheet: Some("staff"), ..wanted() }).unwrap();
    assert_eq!(table.sheet.as_deref(), Some("Staff"));
    let error = read(&bytes, &Wanted { sheet: Some("Posts"), ..wanted() }).unwrap_err();
    assert_eq!(error.to_string(), "the workbook has no sheet called Posts; it has Cover, Staff");
}

#[test]
fn an_ods_reads_the_same_way() {
    let rows = format!(
        r#"<table:table table:name="Staff"><table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
        <table:table-row>{}{}{}</table:table-row>
        <table:table-row><table:table-cell office:value-type="string" table:number-rows-spanned="2"><text:p>a<text:s text:c="2"/>b</text:p></table:table-cell>
        <table:table-cell office:value-type="date" office:date-value="2026-02-28"><text:p>28/02/26</text:p></table:table-cell>
        <table:table-cell office:value-type="float" office:value="90"><text:p>90</text:p></table:table-cell></table:table-row>
        <table:table-row><table:covered-table-cell/>{}</table:table-row>
        <table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>"#,
        text("ref"),
        text("completed on"),
        text("minutes"),
        text("01/03/2026"),
    );
    let table = read(&ods(&rows), &wanted()).unwrap();
    assert_eq!(table.header_row, 3);
    assert_eq!(refs(&table), [(4, "a  b".into()), (5, "a  b".into())]);
    let first = table.rows().next().unwrap();
    assert_eq!(first.cell("completed_on").must(Cell::date).unwrap().to_string(), "2026-02-28");
    assert_eq!(first.cell("minutes").integer(), Ok(Some(90)));
}

#[test]
fn an_ods_of_two_numbers_that_mean_a_hundred_million_cells_is_refused() {
    let filled = format!(
        r#"<table:table table:name="x"><table:table-row table:number-rows-repeated="1000000">{}</table:table-row></table:table>"#,
        text("x")
    );
    assert_eq!(read(&ods(&filled), &wanted()).unwrap_err().code(), "too_many_rows");
    let wide = text("x").replace("<table:table-cell", r#"<table:table-cell table:number-columns-repeated="16000""#);
    let wide = format!(r#"<table:table table:name="x"><table:table-row>{wide}</table:table-row></table:table>"#);
    assert_eq!(read(&ods(&wide), &wanted()).unwrap_err().code(), "too_many_columns");
    let corners = format!(
        r#"<table:table-row>{}</table:table-row><table:table-row table:number-rows-repeated="19000"><table:table-cell/></table:table-row>
        <table:table-row><table:table-cell table:number-columns-repeated="290"/>{}</table:table-row>"#,
        text("x"),
        text("y")
    );
    let corners = format!(r#"<table:table table:name="x">{corners}</table:table>"#);
    assert_eq!(read(&ods(&corners), &wanted()).unwrap_err().code(), "too_many_cells");
    let spaces = text(r#"<text:s text:c="99999999999"/>"#);
    let spaces = format!(r#"<table:table table:name="x"><table:table-row>{spaces}</table:table-row></table:table>"#);
    assert_eq!(read(&ods(&spaces), &wanted()).unwrap_err().code(), "unpacks_too_large");
}

#[test]
fn a_zip_bomb_is_refused_before_it_unpacks() {
    let zeros = " ".repeat(30_000_000);
    let bomb = zipped(&[("xl/workbook.xml", ""), ("xl/worksheets/sheet1.xml", &zeros), ("xl/styles.xml", &zeros)]);
    assert!(bomb.len() < 200_000);
    assert_eq!(read(&bomb, &wanted()).unwrap_err(), ReadError::UnpacksTooLarge);
}

#[test]
fn one_long_text_shared_by_every_cell_is_refused() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "ref").unwrap();
    let long = "x".repeat(30_000);
    for row in 1..6000 {
        sheet.write_string(row, 0, &long).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    assert!(bytes.len() < 100_000);
    assert_eq!(read(&bytes, &wanted()).unwrap_err(), ReadError::UnpacksTooLarge);
}

#[test]
fn a_value_in_the_last_cell_of_a_sheet_costs_nothing() {
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "ref").unwrap().write_string(1_048_575, 16_383, "far").unwrap();
    let error = read(&book.save_to_buffer().unwrap(), &wanted()).unwrap_err();
    assert_eq!(error, ReadError::TooManyColumns { limit: 300 });
    assert_eq!(column_letters(16_383), "XFD");
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "ref").unwrap().write_string(1_048_575, 0, "far").unwrap();
    let table = read(&book.save_to_buffer().unwrap(), &wanted()).unwrap();
    assert_eq!(refs(&table), [(1_048_576, "far".into())]);
}

#[test]
fn too_many_rows_are_counted_and_refused() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..20_002 {
        sheet.write_string(row, 0, "ref").unwrap();
    }
    assert_eq!(read(&book.save_to_buffer().unwrap(), &wanted()).unwrap_err().code(), "too_many_rows");
}

#[test]
fn what_is_no_workbook_says_what_to_do() {
    for (bytes, code) in [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old or locked".to_vec(), "old_or_locked_workbook"),
        (zipped(&[("xl/workbook.bin", "")]), "binary_workbook"),
        (zipped(&[("word/document.xml", "")]), "not_a_sheet"),
        (zipped(&[("xl/workbook.xml", "<not")]), "broken_file"),
        (b"PK\x03\x04 cut off".to_vec(), "broken_file"),
        (b"%PDF-1.7".to_vec(), "not_a_sheet"),
        (vec![b'a'; 10_000_001], "file_too_large"),
    ] {
        assert_eq!(read(&bytes, &wanted()).unwrap_err().code(), code);
    }
}

#[test]
fn a_damaged_workbook_never_takes_the_process_down() {
    let whole = office_workbook();
    for at in (0..whole.len()).step_by(97) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0xff;
        let _ = read(&damaged, &wanted());
        let _ = read(&whole[..at], &wanted());
    }
}
