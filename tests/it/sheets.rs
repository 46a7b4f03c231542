//! Files of others are read in a process of their own: what they do to it, they do to nobody else.

use std::io::{Cursor, Write};
use std::time::Duration;

use cairn::sheet::{Column, Reader, Wanted, read};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::support::{TestApp, catalogue};

const COLUMNS: &[Column] = &[Column::required("ref"), Column::optional("title").or(&["name"])];

fn reader() -> Reader {
    Reader::new(env!("CARGO_BIN_EXE_cairn").into())
}

fn workbook(parts: &[(&str, String)]) -> Vec<u8> {
    const NS: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const RELS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let all = [
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{NS}" xmlns:r="{REL}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                r#"<worksheet xmlns="{NS}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>"#
            ),
        ),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in all.iter().chain(parts) {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A table of shared texts that says it has ten million million of them.
fn impossible() -> Vec<u8> {
    workbook(&[("xl/sharedStrings.xml", r#"<sst uniqueCount="10000000000000"><si><t>ref</t></si></sst>"#.to_owned())])
}

#[tokio::test]
async fn a_table_read_outside_is_the_table_read_inside() {
    let strings = r#"<sst uniqueCount="1"><si><t>ref</t></si></sst>"#.to_owned();
    for bytes in [
        "ref,name,other\na,Mòrag,\nb,\"two\nlines\",\n".as_bytes().to_vec(),
        workbook(&[("xl/sharedStrings.xml", strings)]),
        b"%PDF-1.7".to_vec(),
        b"PK\x03\x04 cut off".to_vec(),
        Vec::new(),
    ] {
        let outside = reader().read(bytes.clone(), Wanted::columns(COLUMNS)).await;
        let inside = read(&bytes, &Wanted::columns(COLUMNS));
        assert_eq!(format!("{outside:?}"), format!("{inside:?}"));
    }
}

#[tokio::test]
async fn what_takes_too_much_memory_or_time_is_refused_and_what_comes_next_is_read() {
    let error = reader().read(impossible(), Wanted::columns(COLUMNS)).await.unwrap_err();
    assert_eq!(error.code(), "too_heavy");
    // a reader that answers nothing is ended
    let stuck = Reader::new("/bin/sleep".into()).within(1 << 30, Duration::from_millis(200));
    let error = stuck.read(b"ref\na\n".to_vec(), Wanted::columns(COLUMNS)).await.unwrap_err();
    assert!(matches!(error.code(), "too_heavy" | "reading_unavailable"), "{error:?}");
    let missing = Reader::new("/nowhere/cairn".into());
    let error = missing.read(b"ref\na\n".to_vec(), Wanted::columns(COLUMNS)).await.unwrap_err();
    assert_eq!(error.code(), "reading_unavailable");
    assert_eq!(reader().read(b"ref\na\n".to_vec(), Wanted::columns(COLUMNS)).await.unwrap().rows().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workbook_that_ends_its_reader_ends_nobody_else() {
    let test = TestApp::sqlite().await;
    let curator = catalogue::curator(&test).await;
    let file = ("file", "a.xlsx", impossible());
    let answer = curator.upload("/api/catalogue/imports", &[("mode", "preview")], (file.0, file.1, &file.2)).await;
    let problem = answer.expect_problem(422, "invalid");
    assert_eq!(problem["fields"][0]["code"], "too_heavy", "{problem}");
    let text = answer.text();
    for inside in ["allocation", "panicked", "signal", "calamine"] {
        assert!(!text.contains(inside), "{text}");
    }
    curator.get("/api/me").await.expect(200);
}
