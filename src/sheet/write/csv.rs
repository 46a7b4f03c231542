//! CSV by RFC 4180: commas, CRLF, UTF-8.

use super::{Out, OutTable, decimal_text, escape};

/// Bytes of one table. The byte-order mark is there because Excel takes a CSV without one for Windows-1252.
pub fn to_csv(table: &OutTable) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(Vec::from(*b"\xef\xbb\xbf"));
    let header = table.header.iter().map(|text| escape(text).into_owned()).collect::<Vec<_>>();
    let rows = table.rows.iter().map(|row| row.iter().map(text_of).collect::<Vec<_>>());
    for record in std::iter::once(header).chain(rows) {
        write(&mut writer, &record);
    }
    writer.into_inner().unwrap_or_else(|error| {
        // a Vec takes every write and its flush does nothing
        unreachable!("writing to memory failed: {error}")
    })
}

fn write(writer: &mut csv::Writer<Vec<u8>>, record: &[String]) {
    if let Err(error) = writer.write_record(record) {
        unreachable!("writing to memory failed: {error}");
    }
}

fn text_of(value: &Out) -> String {
    match value {
        Out::Blank => String::new(),
        Out::Text(text) => escape(text).into_owned(),
        Out::Number { units, places } => decimal_text(*units, *places),
        Out::Date(date) => date.to_string(),
        Out::Marker(marker) => marker.text().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{Cell, Column, Wanted, read, write::Marker};

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not_touched() {
        let table = OutTable {
            name: "t".into(),
            caption: String::new(),
            header: vec!["name".into(), "wte".into()],
            rows: vec![
                vec!["=HYPERLINK(\"http://x\")".into(), Out::Number { units: -5, places: 1 }],
                vec!["\t=1".into(), Out::Marker(Marker::Confidential)],
                vec!["+44 131 496 0000".into(), Out::integer(0)],
                vec!["Zoë, \"nurse\"".into(), Out::Blank],
            ],
        };
        let text = String::from_utf8(to_csv(&table)).unwrap();
        assert_eq!(
            text,
            "\u{feff}name,wte\r\n\"'=HYPERLINK(\"\"http://x\"\")\",-0.5\r\n'\t=1,[c]\r\n'+44 131 496 0000,0\r\n\"Zoë, \"\"nurse\"\"\",\r\n"
        );
        let back = read(text.as_bytes(), &Wanted::columns(&[Column::required("name")])).unwrap();
        let names: Vec<_> = back.rows().map(|r| r.cell("name").must(Cell::text).unwrap()).collect();
        assert_eq!(names, ["=HYPERLINK(\"http://x\")", "=1", "+44 131 496 0000", "Zoë, \"nurse\""]);
    }
}
