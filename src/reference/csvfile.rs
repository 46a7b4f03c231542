//! Rows of an embedded CSV file by column name. A fault in these files is a fault in the build,
//! so it names file, line and column and ends the program; the tests read every file.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::period::Period;

pub(super) struct Row {
    place: String,
    cells: BTreeMap<String, String>,
}

pub(super) fn rows(file: &str, text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader
        .deserialize::<BTreeMap<String, String>>()
        .enumerate()
        .map(|(index, row)| {
            let place = format!("{file}, line {}", index + 2);
            match row {
                Ok(cells) => Row { place, cells },
                Err(fault) => panic!("{place}: {fault}"),
            }
        })
        .collect()
}

impl Row {
    /// Takes a column that must be there; it may be empty.
    pub fn take(&mut self, column: &str) -> String {
        match self.cells.remove(column) {
            Some(value) => value,
            None => panic!("{}: no column {column}", self.place),
        }
    }

    /// Takes a column that a file may leave out.
    pub fn take_or_empty(&mut self, column: &str) -> String {
        self.cells.remove(column).unwrap_or_default()
    }

    pub fn take_some(&mut self, column: &str) -> Option<String> {
        Some(self.take_or_empty(column)).filter(|value| !value.is_empty())
    }

    pub fn take_list(&mut self, column: &str) -> Vec<String> {
        self.take_or_empty(column).split(';').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    pub fn take_number<N: std::str::FromStr>(&mut self, column: &str) -> N {
        let value = self.take(column);
        value.parse().unwrap_or_else(|_| panic!("{}, {column}: {value:?} is not a number", self.place))
    }

    pub fn take_period(&mut self) -> Period {
        Period { from: self.take_date("valid_from"), to: self.take_date("valid_to") }
    }

    pub fn take_date(&mut self, column: &str) -> Option<NaiveDate> {
        self.take_some(column)
            .map(|value| value.parse().unwrap_or_else(|_| panic!("{}, {column}: {value:?} is not a date", self.place)))
    }

    /// What nobody took: columns of this one file.
    pub fn rest(self) -> BTreeMap<String, String> {
        self.cells.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}
