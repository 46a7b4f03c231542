//! The columns of a table of items, and one row put over what the item says now. A column that
//! the file does not have leaves its field alone; an empty cell empties it.

use chrono::NaiveDate;
use entity::value::{ItemKind, Level, Provenance};
use sea_orm::Iterable;
use std::borrow::Cow;

use crate::catalogue::rules::{Content, Theme};
use crate::catalogue::words;
use crate::sheet::{Cell, Column, Finding, Row, Table};
use entity::value::Spelled;

pub const COLUMNS: &[Column] = &[
    Column::required("ref").or(&["reference", "id", "code"]),
    Column::required("title").or(&["name"]),
    Column::required("provider").or(&["provided by", "organisation"]),
    Column::optional("kind").or(&["type"]),
    Column::optional("summary"),
    Column::optional("description").or(&["details"]),
    Column::optional("url").or(&["link", "web address", "website"]),
    Column::optional("taking_part").or(&["how to take part", "contact"]),
    Column::optional("topics").or(&["topic"]),
    Column::optional("themes").or(&["theme"]),
    Column::optional("mat_standards").or(&["mat standard", "mat"]),
    Column::optional("level"),
    Column::optional("audience").or(&["for whom"]),
    Column::optional("delivery").or(&["delivery mode", "format"]),
    Column::optional("minutes").or(&["duration", "duration in minutes"]),
    Column::optional("cost"),
    Column::optional("cost_pence").or(&["price in pence"]),
    Column::optional("scqf_level"),
    Column::optional("scqf_credit").or(&["scqf credits", "scqf points"]),
    Column::optional("language"),
    Column::optional("area"),
    Column::optional("licence").or(&["license"]),
    Column::optional("validity_months").or(&["valid for months", "validity"]),
    Column::optional("provenance"),
    Column::optional("review_by").or(&["review date"]),
];

/// Longest text that is looked at; the rules say what may be kept.
const LONGEST: usize = 25_000;

pub struct Filler<'t> {
    pub table: &'t Table,
    pub row: Row<'t>,
    pub findings: Vec<Finding>,
}

impl<'t> Filler<'t> {
    /// What a cell says: `None` when the file has no such column or the cell makes no sense.
    fn get<T>(&mut self, name: &'static str, read: impl FnOnce(&Cell<'t>) -> Result<T, Finding>) -> Option<T> {
        if !self.table.has(name) {
            return None;
        }
        match read(&self.row.cell(name)) {
            Ok(value) => Some(value),
            Err(finding) => {
                self.findings.push(finding);
                None
            }
        }
    }

    fn text(&mut self, name: &'static str, into: &mut String) {
        if let Some(text) = self.get(name, |cell| cell.text_within(LONGEST)) {
            *into = text.unwrap_or_default();
        }
    }

    fn may(&mut self, name: &'static str, into: &mut Option<String>) {
        if let Some(text) = self.get(name, |cell| cell.text_within(LONGEST)) {
            *into = text;
        }
    }

    fn number(&mut self, name: &'static str, into: &mut Option<i32>) {
        let read = |cell: &Cell<'t>| {
            let number = cell.integer()?;
            let narrow = |number: i64| {
                i32::try_from(number)
                    .map_err(|_| cell.error("out_of_range", format!("{number} is too great")).right("a smaller number"))
            };
            number.map(narrow).transpose()
        };
        if let Some(number) = self.get(name, read) {
            *into = number;
        }
    }

    fn date(&mut self, name: &'static str, into: &mut Option<NaiveDate>) {
        if let Some(date) = self.get(name, Cell::date) {
            *into = date;
        }
    }

    /// One of a closed set, by its spelling; `empty` says what an empty cell means.
    fn one<E: Iterable + Spelled + Copy, T>(
        &mut self,
        name: &'static str,
        into: &mut T,
        empty: impl FnOnce(Option<E>) -> T,
    ) {
        let read = |cell: &Cell<'t>| {
            let Some(text) = cell.text()? else { return Ok(None) };
            named::<E>(&text)
                .map(Some)
                .map_err(|right| cell.error("unknown_value", "this value is not known here".to_owned()).right(right))
        };
        if let Some(value) = self.get(name, read) {
            *into = empty(value);
        }
    }

    /// Puts the row over the content, as far as its cells make sense.
    pub fn fill(&mut self, content: &mut Content) {
        self.text("title", &mut content.title);
        self.text("summary", &mut content.summary);
        self.text("description", &mut content.description);
        self.text("audience", &mut content.audience);
        self.text("delivery", &mut content.delivery);
        self.text("cost", &mut content.cost);
        self.may("url", &mut content.url);
        self.may("taking_part", &mut content.taking_part);
        self.may("area", &mut content.area);
        self.may("licence", &mut content.licence);
        self.number("minutes", &mut content.minutes);
        self.number("cost_pence", &mut content.cost_pence);
        self.number("scqf_level", &mut content.scqf_level);
        self.number("scqf_credit", &mut content.scqf_credit);
        self.number("validity_months", &mut content.validity_months);
        self.date("review_by", &mut content.review_by);
        if let Some(language) = self.get("language", Cell::text) {
            content.language = language.unwrap_or_else(|| "en".to_owned());
        }
        self.one("kind", &mut content.kind, |kind| kind.unwrap_or(ItemKind::Module));
        self.one("provenance", &mut content.provenance, |known| known.unwrap_or(Provenance::Known));
        self.one("level", &mut content.level, |level: Option<Level>| level);
        if let Some(topics) = self.get("topics", list) {
            content.topics = topics;
        }
        if let Some(themes) = self.get("themes", themes) {
            content.themes = themes;
        }
        if let Some(standards) = self.get("mat_standards", standards) {
            content.mat_standards = standards;
        }
    }

    /// Whether the cell of this field was already found to make no sense.
    pub fn has_named(&self, field: &str) -> bool {
        let header = self.table.header.iter().find(|header| header.name == Some(field));
        header.is_some_and(|header| {
            self.findings.iter().any(|finding| finding.header.as_deref() == Some(header.text.as_str()))
        })
    }

    /// A field that the rules refuse, at the address of its cell.
    pub fn refused(&mut self, field: &str, code: &str, message: &str) {
        let name = COLUMNS.iter().find(|column| column.name == field).map_or("title", |column| column.name);
        let cell = self.row.cell(name);
        let (said, right) = match message.split_once("” is not known here. ") {
            Some((seen, right)) => (format!("{seen}” is not known here"), right.to_owned()),
            None if code == "missing" => ("there is nothing here".to_owned(), message.to_owned()),
            None => ("this value cannot be kept".to_owned(), message.to_owned()),
        };
        let finding = cell.error("refused", said).right(right);
        self.findings.push(Finding { code: Cow::Owned(code.to_owned()), ..finding });
    }
}

fn named<E: Iterable + Spelled + Copy>(text: &str) -> Result<E, String> {
    let wanted = crate::sheet::fold(text);
    let spellings: Vec<&str> = E::iter().map(|value| value.spelling()).collect();
    E::iter().find(|value| crate::sheet::fold(value.spelling()) == wanted).ok_or_else(|| {
        crate::sheet::closest(text, spellings.iter().copied())
            .map_or_else(|| format!("one of {}", spellings.join(", ")), str::to_owned)
    })
}

/// Slugs and names, set apart by `;`, `|`, line breaks or commas. A name may itself hold a
/// comma, so commas part only what is no name as a whole.
fn list(cell: &Cell<'_>) -> Result<Vec<String>, Finding> {
    let mut values = Vec::new();
    for text in cell.texts()? {
        if words::named("topic", &text).is_some() || !text.contains(',') {
            values.push(text);
        } else {
            values.extend(text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()));
        }
    }
    Ok(values)
}

/// `theme` or `theme:level`.
fn themes(cell: &Cell<'_>) -> Result<Vec<Theme>, Finding> {
    let mut themes = Vec::new();
    for text in cell.texts()?.iter().flat_map(|text| text.split(',')) {
        let (slug, own) = match text.split_once(':') {
            None => (text, None),
            Some((slug, spelled)) if spelled.trim().is_empty() => (slug, None),
            Some((slug, spelled)) => {
                let found = named::<Level>(spelled.trim()).map_err(|right| {
                    cell.error("unknown_value", "this level is not known here".to_owned()).right(right)
                })?;
                (slug, Some(found))
            }
        };
        if !slug.trim().is_empty() {
            themes.push(Theme { slug: slug.trim().to_owned(), level: own });
        }
    }
    Ok(themes)
}

fn standards(cell: &Cell<'_>) -> Result<Vec<i32>, Finding> {
    let wrong = || {
        cell.error("not_a_mat_standard", "this is not a list of MAT standards".to_owned())
            .right("numbers from 1 to 10, such as 1;2;5")
    };
    let texts = cell.texts()?;
    let parts = texts.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| part.trim_start_matches("MAT").trim().parse::<i32>().ok())
        .map(|number| number.filter(|number| (1..=10).contains(number)).ok_or_else(wrong))
        .collect()
}
