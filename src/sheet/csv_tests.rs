//! CSVs as they arrive.

use proptest::prelude::*;

use super::*;
use crate::sheet::{Cell, Severity, Table, Wanted, has_errors};

const COLUMNS: &[Column] =
    &[Column::required("ref"), Column::required("title").or(&["name"]), Column::optional("mat_standards").or(&["MAT"])];

fn table(bytes: &[u8]) -> Table {
    crate::sheet::read(bytes, &Wanted::columns(COLUMNS)).unwrap()
}

fn refused(bytes: &[u8]) -> ReadError {
    crate::sheet::read(bytes, &Wanted::columns(COLUMNS)).unwrap_err()
}

fn titles(table: &Table) -> Vec<(u32, String)> {
    table.rows().map(|r| (r.number, r.cell("title").original())).collect()
}

#[test]
fn the_same_table_in_every_dress() {
    let plain = "ref,title,MAT\na,\"Overdose, prevention\",4\nb,Zoë's,\"1;2\"\n";
    let wanted = vec![(2, "Overdose, prevention".to_owned()), (3, "Zoë's".to_owned())];
    let dressed: [Vec<u8>; 6] = [
        plain.into(),
        format!("\u{feff}{plain}").into(),
        plain.replace('\n', "\r\n").into(),
        plain.replace('\n', "\r").into(),
        plain.trim_end().into(),
        plain.replace("ref,title,MAT", " Ref , \"Title\",Mat Standards ").into(),
    ];
    for bytes in dressed {
        let table = table(&bytes);
        assert_eq!(titles(&table), wanted);
        assert_eq!(table.findings, []);
    }
    let semicolons = "ref;title;MAT\na;\"Overdose, prevention\";4\nb;Zoë's;\"1;2\"\n";
    assert_eq!(titles(&table(semicolons.as_bytes())), wanted);
    assert_eq!(titles(&table(semicolons.replace(';', "\t").as_bytes())), wanted);
    let told = titles(&table(format!("sep=;\r\n{semicolons}").as_bytes()));
    assert_eq!(told, [(3, wanted[0].1.clone()), (4, wanted[1].1.clone())], "the sep line is a line");
}

#[test]
fn lines_of_an_old_mac_with_a_line_feed_in_a_cell() {
    let table = table(b"ref,title\rm-1,\"two\nlines\"\rm-2,B\r");
    assert_eq!(titles(&table), [(2, "two\nlines".to_owned()), (3, "B".to_owned())]);
    assert_eq!(table.findings, []);
}

#[test]
fn a_slip_of_one_byte_names_its_row_and_the_rest_is_read() {
    let utf8 = "ref,title\na,M\u{f2}rag\u{2019}s course\n".as_bytes();
    let table = table(&[utf8, b"b,Alcohol \x96 basics\nc,Bad\x0btab\nd,Fine\n\x1a"].concat());
    assert_eq!(titles(&table)[0].1, "M\u{f2}rag\u{2019}s course");
    assert_eq!(titles(&table)[3].1, "Fine");
    let named: Vec<_> =
        table.findings.iter().map(|f| (f.code.as_ref(), f.row, f.column.as_deref(), f.severity)).collect();
    let (row_3, row_4) = ((Some(3), Some("B")), (Some(4), Some("B")));
    assert_eq!(
        named,
        [("letter_lost", row_3.0, row_3.1, Severity::Error), ("control_character", row_4.0, row_4.1, Severity::Error)]
    );
    let broken: Vec<_> = table.rows().map(|row| table.broken_rows().contains(&row.number)).collect();
    assert_eq!(broken, [false, true, true, false]);
}

#[test]
fn the_column_that_bears_the_name_itself_is_the_one_that_is_meant() {
    let table = table(b"name,title,ref\n9,Right,a\n");
    assert_eq!(titles(&table), [(2, "Right".to_owned())]);
    assert_eq!(table.findings.len(), 1);
    assert_eq!((table.findings[0].code.as_ref(), table.findings[0].severity), ("unknown_column", Severity::Warning));
    let twice = self::table(b"ref,title,title\na,One,Two\n");
    assert_eq!(twice.findings.iter().map(|f| f.code.as_ref()).collect::<Vec<_>>(), ["duplicate_column"]);
}

#[test]
fn a_header_alone_is_said_to_be_alone() {
    let table = table(b"ref,title\n");
    assert_eq!((table.rows().len(), table.findings[0].code.as_ref()), (0, "no_rows"));
}

#[test]
fn ten_megabytes_without_a_line_or_of_quotes_are_refused_at_once() {
    assert_eq!(refused(&vec![b'a'; 9_900_000]).code(), "text_too_long");
    assert!(matches!(refused(&vec![b'"'; 9_900_000]).code(), "text_too_long" | "unclosed_quote"));
    assert_eq!(
        refused(&[b"ref,title\na,\"".as_slice(), &vec![b'x'; 9_000_000], b"\"\n"].concat()).code(),
        "text_too_long"
    );
    let spaces = [vec![b' '; 9_000_000], b"\"".to_vec()].concat();
    assert!(matches!(refused(&spaces).code(), "text_too_long" | "unclosed_quote"));
}

#[test]
fn windows_letters_are_read_with_a_warning_that_shows_one() {
    let table = table(b"ref,title\na,Plain\nb,Zo\xeb \x96 \x93nurse\x94\n");
    assert_eq!(titles(&table)[1].1, "Zoë – “nurse”");
    let warning = &table.findings[0];
    assert_eq!(
        (warning.code.as_ref(), warning.severity, warning.row),
        ("encoding_guessed", Severity::Warning, Some(3))
    );
}

#[test]
fn rows_are_numbered_as_the_spreadsheet_shows_them() {
    let table = table(b"Our list 2026,,\n\nref,title\n\na,\"two\nlines\"\n,,\nb,B\n");
    assert_eq!(table.header_row, 3);
    assert_eq!(titles(&table), [(5, "two\nlines".to_owned()), (7, "B".to_owned())]);
}

#[test]
fn a_lost_quote_is_named_with_the_line_that_opened_it() {
    let error = refused(b"ref,title\na,Fine\nb,\"Never closed,x\nc,C\n");
    assert!(matches!(error, ReadError::UnclosedQuote { line: 3, .. }), "{error}");
    assert!(error.to_string().contains("line 3"));
    let error = refused(b"ref,title\na,\"Lost,x\nb,\"Overdose, prevention\"\n");
    assert!(matches!(error, ReadError::StrayQuote { line: 3, opened: 2 }), "{error}");
}

#[test]
fn ragged_rows_short_ones_are_blank_and_long_ones_are_blocked() {
    let table = table(b"ref,title,MAT\na\nb,B,4,extra\n");
    assert!(table.rows().next().unwrap().cell("title").is_blank());
    let finding = &table.findings[0];
    assert_eq!(
        (finding.code.as_ref(), finding.row, finding.column.as_deref()),
        ("too_many_values", Some(3), Some("D"))
    );
    assert!(table.broken_rows().contains(&table.rows().nth(1).unwrap().number));
}

#[test]
fn columns_missing_unknown_and_double() {
    let table = table(b"ref,titel,junk,ref\na,A,1,a\n");
    let codes: Vec<_> = table.findings.iter().map(|f| f.code.as_ref()).collect();
    assert_eq!(codes, ["duplicate_column", "missing_column", "unknown_column", "unknown_column"]);
    assert!(table.findings[1].right.as_ref().unwrap().contains("titel"));
    assert_eq!(table.findings[2].right.as_deref(), Some("title"));
    assert!(has_errors(&table.findings));
    assert_eq!(table.rows().next().unwrap().cell("title").must(Cell::text).unwrap_err().code, "required");
}

#[test]
fn two_hundred_columns_give_a_short_list_of_warnings() {
    let head: Vec<String> = (0..200).map(|n| format!("x{n}")).collect();
    let table = table(format!("ref,title,{}\na,A\n", head.join(",")).as_bytes());
    assert_eq!(table.findings.len(), 21);
    assert!(table.findings[20].message.starts_with("180 more"));
    assert!(!has_errors(&table.findings));
}

#[test]
fn limits_hold() {
    assert!(matches!(refused("a,".repeat(400).as_bytes()), ReadError::TooManyColumns { .. }));
    let long = format!("ref,title\n{}", "a,b\n".repeat(20_001));
    assert!(matches!(refused(long.as_bytes()), ReadError::TooManyRows { .. }));
    assert_eq!(table(format!("ref,title\n{}", "a,b\n".repeat(20_000)).as_bytes()).rows().len(), 20_000);
    assert!(matches!(refused(b""), ReadError::Empty));
    assert!(matches!(refused(b"\xef\xbb\xbf\r\n , \r\n"), ReadError::Empty));
    assert!(matches!(refused(b"<html><table>"), ReadError::NotASheet));
}

proptest! {
    #[test]
    fn whatever_the_csv_crate_writes_is_read_back(cells in prop::collection::vec(
        prop::collection::vec("[a-z\",;\n\té ]{0,6}[a-zé]", 2..5), 1..6,
    )) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        writer.write_record(["ref", "title", "c", "d", "e"]).unwrap();
        for row in &cells {
            writer.write_record(row).unwrap();
        }
        let table = table(&writer.into_inner().unwrap());
        let read: Vec<Vec<String>> =
            table.body.iter().map(|r| r.values.iter().map(Value::original).collect()).collect();
        // blanks before a quote are not part of a quoted text, and nothing else is lost
        prop_assert_eq!(read, cells);
    }

    #[test]
    fn no_bytes_are_a_crash(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = crate::sheet::read(&bytes, &Wanted::columns(COLUMNS));
    }
}
