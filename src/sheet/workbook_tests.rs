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

/// A workbook from its rows of cells, as programs write it that are not Excel; `main` is its main part.
fn bare_xlsx(rows: &[&str], main: &str, properties: &str, extra: &[(&str, &str)]) -> Vec<u8> {
    const NS: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const RELS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let rows: String = rows.iter().enumerate().map(|(at, row)| format!(r#"<row r="{}">{row}</row>"#, at + 1)).collect();
    let sheet = format!(r#"<worksheet xmlns="{NS}"><sheetData>{rows}</sheetData></worksheet>"#);
    let book = format!(
        r#"<workbook xmlns="{NS}" xmlns:r="{REL}">{properties}<sheets><sheet name="Staff" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let top = format!(
        r#"<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{REL}/officeDocument" Target="{main}"/></Relationships>"#
    );
    let links = format!(
        r#"<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{REL}/styles" Target="styles.xml"/><Relationship Id="rId3" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
    );
    let styles = format!(
        r#"<styleSheet xmlns="{NS}"><numFmts count="1"><numFmt numFmtId="164" formatCode="d\-mmm"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>"#
    );
    let rels = main.replace("xl/", "xl/_rels/") + ".rels";
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
    let mut parts = vec![
        ("[Content_Types].xml", types),
        ("_rels/.rels", top.as_str()),
        (main, book.as_str()),
        (rels.as_str(), links.as_str()),
        ("xl/styles.xml", styles.as_str()),
        ("xl/worksheets/sheet1.xml", sheet.as_str()),
    ];
    parts.extend_from_slice(extra);
    zipped(&parts)
}

const HEAD: &str = r#"<c r="A1" t="inlineStr"><is><t>ref</t></is></c><c r="B1" t="inlineStr"><is><t>completed on</t></is></c><c r="C1" t="inlineStr"><is><t>minutes</t></is></c><c r="D1" t="inlineStr"><is><t>remarks</t></is></c>"#;

#[test]
fn a_main_part_of_another_name_and_parts_that_nobody_reads_are_no_hindrance() {
    let row = r#"<c r="A2" t="str"><v>a</v></c>"#;
    let chain = format!("<calcChain>{}</calcChain>", r#"<c r="A1"/>"#.repeat(900_000));
    let bytes = bare_xlsx(&[HEAD, row], "xl/workbook2.xml", "", &[("xl/calcChain.xml", &chain)]);
    let table = read(&bytes, &wanted()).unwrap();
    assert_eq!(refs(&table), [(2, "a".into())]);
}

#[test]
fn an_error_value_newer_than_the_reader_spoils_its_own_cell_and_no_other() {
    let rows = [
        HEAD,
        r#"<c r="A2" t="str"><v>a</v></c><c r="C2"><v>90</v></c><c r="D2" t="e"><v>#SPILL!</v></c>"#,
        r#"<c r="A3" t="str"><v>b</v></c><c r="C3" t="e"><v>#BLOCKED!</v></c><c r="D3" t="e"><v>#CONNECT!</v></c>"#,
        r#"<c r="A4" t="str"><v>c</v></c><c r="C4" t="hologram"><v>1</v></c>"#,
        r#"<c r="A5" t="s"><v>99</v></c><c r="B5" t="str"><v>1/3/2026</v></c>"#,
    ];
    let table = read(&bare_xlsx(&rows, "xl/workbook.xml", "", &[]), &wanted()).unwrap();
    let minutes: Vec<_> = table.rows().map(|row| row.cell("minutes").integer()).collect();
    assert_eq!(minutes[0], Ok(Some(90)), "the strange cell beside it is one that nobody reads");
    for (row, seen) in [(1, Some("#BLOCKED!")), (2, Some("of a kind that we do not know"))] {
        let fault = minutes[row].as_ref().unwrap_err();
        assert_eq!((fault.code.as_ref(), fault.value.as_deref()), ("formula_fault", seen));
        assert_eq!((fault.column.as_deref(), fault.row), (Some("C"), Some(u32::try_from(row).unwrap() + 2)));
    }
    let last = table.rows().last().unwrap();
    assert_eq!(last.cell("ref").text().unwrap_err().code, "formula_fault", "a shared text that is not there");
    assert_eq!(last.cell("completed_on").must(Cell::date).unwrap().to_string(), "2026-03-01");
}

#[test]
fn a_formula_without_a_result_is_not_an_empty_cell() {
    let rows = [HEAD, r#"<c r="A2" t="str"><v>a</v></c><c r="C2"><f>12*3</f></c><c r="D2"><f>1+1</f></c>"#];
    let table = read(&bare_xlsx(&rows, "xl/workbook.xml", "", &[]), &wanted()).unwrap();
    let finding = table.rows().next().unwrap().cell("minutes").integer().unwrap_err();
    assert_eq!(
        (finding.code.as_ref(), finding.column.as_deref(), finding.row),
        ("formula_without_result", Some("C"), Some(2))
    );
    let rows = format!(
        r#"<table:table table:name="x"><table:table-row>{}{}{}</table:table-row><table:table-row>{}<table:table-cell/><table:table-cell table:formula="of:=12*3"/></table:table-row></table:table>"#,
        text("ref"),
        text("completed on"),
        text("minutes"),
        text("a")
    );
    let table = read(&ods(&rows), &wanted()).unwrap();
    let finding = table.rows().next().unwrap().cell("minutes").integer().unwrap_err();
    assert_eq!(
        (finding.code.as_ref(), finding.column.as_deref(), finding.row),
        ("formula_without_result", Some("C"), Some(2))
    );
}

#[test]
fn a_date_where_a_code_or_a_number_should_stand_is_named() {
    let rows =
        [HEAD, r#"<c r="A2" s="1"><v>46082</v></c><c r="B2" s="1"><v>46082</v></c><c r="C2" s="1"><v>46082</v></c>"#];
    let table = read(&bare_xlsx(&rows, "xl/workbook.xml", "", &[]), &wanted()).unwrap();
    let row = table.rows().next().unwrap();
    assert_eq!(row.cell("completed_on").must(Cell::date).unwrap().to_string(), "2026-03-01");
    let findings = [row.cell("ref").text().unwrap_err(), row.cell("minutes").integer().unwrap_err()];
    assert_eq!(findings.map(|finding| finding.code), ["date_instead_of_text"; 2]);
}

#[test]
fn day_numbers_of_a_1904_workbook_are_days_of_that_workbook() {
    let rows = [
        HEAD,
        r#"<c r="A2" t="str"><v>a</v></c><c r="B2"><v>45000</v></c>"#,
        r#"<c r="A3" t="str"><v>b</v></c><c r="B3" s="1"><v>45000</v></c>"#,
        r#"<c r="A4" t="str"><v>c</v></c><c r="B4"><v>1e300</v></c>"#,
    ];
    let bytes = bare_xlsx(&rows, "xl/workbook.xml", r#"<workbookPr date1904="1"/>"#, &[]);
    let table = read(&bytes, &wanted()).unwrap();
    let days: Vec<_> = table.rows().map(|row| row.cell("completed_on").must(Cell::date)).collect();
    assert_eq!(days[0].as_ref().unwrap().to_string(), "2027-03-16", "a bare number");
    assert_eq!(days[1].as_ref().unwrap().to_string(), "2027-03-16", "a number shown as a date");
    assert_eq!(days[2].as_ref().unwrap_err().code, "not_a_date");
}
