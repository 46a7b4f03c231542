//! One cell with its address, and the typed ways to read it.
//! A getter gives `None` for a blank cell and a [`Finding`] with the address for one that makes no sense.

use chrono::NaiveDate;

use super::{
    choices::{Choices, fold},
    finding::{Finding, shorten},
    header::Header,
    table::Row,
    value::{Value, tidy},
    when,
    write::unescape,
};
use crate::base::day::{self, Day};
use crate::base::text;

/// Whole numbers beyond this lose digits in a spreadsheet and in a browser.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'t> {
    row: Row<'t>,
    header: Option<&'t Header>,
    name: &'t str,
    value: &'t Value,
}

type Got<T> = Result<Option<T>, Finding>;

impl<'t> Cell<'t> {
    pub(super) fn new(row: Row<'t>, header: Option<&'t Header>, name: &'t str, value: &'t Value) -> Self {
        Self { row, header, name, value }
    }

    pub fn value(&self) -> &'t Value {
        self.value
    }

    /// What the file said, tidied of surrounding white space.
    pub fn original(&self) -> String {
        tidy(&self.value.original()).to_owned()
    }

    pub fn is_blank(&self) -> bool {
        self.value.is_blank()
    }

    /// An error at this address, with the value seen.
    pub fn error(&self, code: &'static str, message: impl Into<String>) -> Finding {
        let finding = Finding::error(code, message).on_row(self.row.sheet(), self.row.number).seen(&self.original());
        match self.header {
            Some(header) => finding.in_column(header.letters.clone(), &header.text),
            None => Finding { header: Some(self.name.to_owned()), ..finding },
        }
    }

    pub fn warning(&self, code: &'static str, message: impl Into<String>) -> Finding {
        self.error(code, message).as_warning()
    }

    /// Insists on a value: `row.cell("title").must(Cell::text)`.
    pub fn must<T>(&self, get: impl FnOnce(&Self) -> Got<T>) -> Result<T, Finding> {
        get(self)?.ok_or_else(|| {
            self.error("required", format!("{} is missing", self.name)).right(format!("a value for {}", self.name))
        })
    }

    /// Text, with an apostrophe that protected a formula-like text removed again.
    pub fn text(&self) -> Got<String> {
        match self.value {
            Value::Fault(fault) => {
                return Err(self
                    .error("formula_fault", format!("this formula's result is {fault}"))
                    .right("a value, or a formula without an error"));
            }
            Value::NoResult => {
                return Err(self
                    .error("formula_without_result", "the file holds this formula, but not its result")
                    .right("the file opened and saved once in a spreadsheet program, or the value itself"));
            }
            // Excel makes 1 March of MAR-1; what was typed is lost, and no day is what was meant
            Value::Moment(_) => {
                return Err(self
                    .error("date_instead_of_text", "a date stands here, where text or a number should stand")
                    .right("the column formatted as text, and the value typed again"));
            }
            _ => {}
        }
        let text = self.original();
        let text = if matches!(self.value, Value::Text(_)) { unescape(&text).to_owned() } else { text };
        let text = text::lines(&text)
            .map_err(|fault| self.error("control_character", fault.message).right("the text without that character"))?;
        Ok((!text.is_empty()).then_some(text))
    }

    /// Text of at most `max` characters.
    pub fn text_within(&self, max: usize) -> Got<String> {
        let text = self.text()?;
        match text.as_ref().map(|t| t.chars().count()) {
            Some(length) if length > max => Err(self
                .error("too_long", format!("this text has {length} characters"))
                .right(format!("at most {max} characters"))),
            _ => Ok(text),
        }
    }

    /// A real date of the workbook, or any text that [`when::parse_date`] understands.
    pub fn date(&self) -> Got<NaiveDate> {
        if let Value::Moment(moment) = self.value {
            return self.plausible(moment.date());
        }
        if let Value::Number(serial) = self.value
            && self.row.counts_from_1904()
        {
            return self.serial_from_1904(*serial).map(Some);
        }
        let Some(text) = self.text()? else {
            return Ok(None);
        };
        let date = when::parse_date(&text).map_err(|e| self.error("not_a_date", e.message).right(e.right))?;
        self.plausible(date)
    }

    /// A typed 0026 is a date, but none that anybody means.
    fn plausible(&self, date: NaiveDate) -> Got<NaiveDate> {
        let day = Day::new(date).map_err(|fault| {
            let right = format!("a year from {} to {}", day::YEARS.start(), day::YEARS.end());
            self.error("date_out_of_range", fault.message).right(right)
        })?;
        Ok(Some(day.date()))
    }

    fn serial_from_1904(&self, serial: f64) -> Result<NaiveDate, Finding> {
        #[expect(clippy::cast_possible_truncation, reason = "the time of day is cut off; what is too large is refused")]
        let day = when::from_serial((serial as i64).saturating_add(when::DAYS_TO_1904));
        day.ok_or_else(|| self.not("not_a_date", &self.original(), "a date", "day/month/year such as 28/02/2026"))
    }

    pub fn integer(&self) -> Got<i64> {
        let Some(text) = self.text()? else {
            return Ok(None);
        };
        let whole = match self.value {
            Value::Number(n) if n.abs() >= EXACT => None,
            _ => decimal(&text, 0),
        };
        whole
            .map(Some)
            .ok_or_else(|| self.not("not_a_whole_number", &text, "a whole number", "digits only, such as 12"))
    }

    /// A number with at most `places` decimals, as that many-th parts: with 3 places, `0.5` is 500.
    pub fn parts(&self, places: u32) -> Got<i64> {
        let Some(text) = self.text()? else {
            return Ok(None);
        };
        let bare = text.trim_start_matches('£').trim();
        decimal(bare, places).map(Some).ok_or_else(|| {
            self.not(
                "not_a_number",
                &text,
                "a number",
                &format!("a number with at most {places} decimals, such as 37.5"),
            )
        })
    }

    pub fn yes_or_no(&self) -> Got<bool> {
        let Some(text) = self.text()? else {
            return Ok(None);
        };
        match fold(&text).as_str() {
            "yes" | "y" | "true" | "1" => Ok(Some(true)),
            "no" | "n" | "false" | "0" => Ok(Some(false)),
            _ => Err(self.not("not_yes_or_no", &text, "yes or no", "yes or no")),
        }
    }

    /// One of the choices, by code or by any of its names.
    pub fn choice<'c, T>(&self, choices: &'c Choices<T>) -> Got<&'c T> {
        let Some(text) = self.text()? else {
            return Ok(None);
        };
        self.one_of(&text, choices).map(Some)
    }

    /// Several choices, set apart by `;`, `|` or line breaks. Blank is none.
    pub fn choices<'c, T>(&self, choices: &'c Choices<T>) -> Result<Vec<&'c T>, Finding> {
        self.texts()?.iter().map(|text| self.one_of(text, choices)).collect()
    }

    /// Several texts, set apart by `;`, `|` or line breaks. Blank is none.
    pub fn texts(&self) -> Result<Vec<String>, Finding> {
        let text = self.text()?.unwrap_or_default();
        Ok(text.split([';', '|', '\n']).map(tidy).filter(|t| !t.is_empty()).map(str::to_owned).collect())
    }

    fn one_of<'c, T>(&self, text: &str, choices: &'c Choices<T>) -> Result<&'c T, Finding> {
        choices.find(text).ok_or_else(|| {
            let finding = self.error("unknown_value", format!("{} is not known here", shorten(text, 60)));
            match choices.right(text) {
                Some(right) => finding.right(right),
                None => finding,
            }
        })
    }

    fn not(&self, code: &'static str, text: &str, what: &str, right: &str) -> Finding {
        self.error(code, format!("{} is not {what}", shorten(text, 60))).right(right)
    }
}

/// Reads `1,234.50` exactly, as parts of 10^-places; None when it is no number or has more decimals.
fn decimal(text: &str, places: u32) -> Option<i64> {
    let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = ungrouped(whole)?;
    let fraction = fraction.trim_end_matches('0');
    let places = usize::try_from(places).ok()?;
    if fraction.len() > places || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits = format!("{whole}{fraction}{}", "0".repeat(places - fraction.len()));
    let parts: i64 = digits.parse().ok()?;
    Some(if negative { -parts } else { parts })
}

/// `1,234,567` without its commas, which must group by three.
fn ungrouped(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next().filter(|g| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit()))?;
    let mut digits = first.to_owned();
    for group in groups {
        if first.len() > 3 || group.len() != 3 || !group.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{Column, Wanted, read};

    const COLUMNS: &[Column] = &[Column::required("name"), Column::optional("value")];

    fn with<T>(value: &str, check: impl FnOnce(Cell<'_>) -> T) -> T {
        let csv = format!("name,value\nA,\"{}\"\n", value.replace('"', "\"\""));
        let table = read(csv.as_bytes(), &Wanted::columns(COLUMNS)).unwrap();
        check(table.rows().next().unwrap().cell("value"))
    }

    #[test]
    fn numbers_are_exact_or_refused() {
        for (text, whole) in [("12", 12), ("1,234", 1234), ("12.00", 12), ("-3", -3), ("+4", 4)] {
            assert_eq!(with(text, |c| c.integer()), Ok(Some(whole)), "{text}");
        }
        for text in ["1.5", "12,34", "1,23", "twelve", "1e3", ".", "99999999999999999999", "1 2"] {
            assert_eq!(with(text, |c| c.integer()).unwrap_err().code, "not_a_whole_number", "{text}");
        }
        assert_eq!(with("0.5", |c| c.parts(3)), Ok(Some(500)));
        assert_eq!(with("£1,234.56", |c| c.parts(2)), Ok(Some(123_456)));
        assert_eq!(with("0.1234", |c| c.parts(3)).unwrap_err().code, "not_a_number");
    }

    #[test]
    fn a_wrong_date_has_its_address_and_what_would_be_right() {
        let finding = with("31/02/2026", |c| c.date()).unwrap_err();
        assert_eq!(finding.message, "31/02/2026 is not a date");
        assert_eq!(
            (finding.row, finding.column.as_deref(), finding.header.as_deref()),
            (Some(2), Some("B"), Some("value"))
        );
        assert_eq!(finding.value.as_deref(), Some("31/02/2026"));
        assert!(finding.right.unwrap().contains("28/02/2026"));
        let finding = with("01/01/0026", |c| c.date()).unwrap_err();
        assert_eq!(
            (finding.code.as_ref(), finding.right.as_deref()),
            ("date_out_of_range", Some("a year from 1900 to 2200"))
        );
    }

    #[test]
    fn choices_take_codes_and_names_and_suggest() {
        let levels = Choices::new().with("informed", ["Level 1"], 1).with("skilled", ["Level 2"], 2);
        assert_eq!(with("SKILLED", |c| c.choice(&levels).map(Option::<&i32>::copied)), Ok(Some(2)));
        assert_eq!(with("level 1; skilled", |c| c.choices(&levels).map(|l| l.len())), Ok(2));
        assert_eq!(with("", |c| c.choices(&levels).map(|l| l.len())), Ok(0));
        let finding = with("skiled", |c| c.choice(&levels).map(Option::<&i32>::copied)).unwrap_err();
        assert_eq!((finding.code.as_ref(), finding.right.as_deref()), ("unknown_value", Some("skilled")));
    }

    #[test]
    fn blank_is_none_and_required_says_so() {
        assert_eq!(with(" \u{a0}", |c| c.text()), Ok(None));
        assert_eq!(with("", |c| c.must(Cell::date)).unwrap_err().message, "value is missing");
        assert_eq!(with("Y", |c| c.yes_or_no()), Ok(Some(true)));
        assert_eq!(with("perhaps", |c| c.yes_or_no()).unwrap_err().code, "not_yes_or_no");
        assert_eq!(with("abcdef", |c| c.text_within(5)).unwrap_err().code, "too_long");
    }

    #[test]
    fn names_of_every_script_pass_unharmed() {
        for name in ["Zoë 👩🏽‍⚕️", "محمد", "O'Neill", "Seonaidh NicDhòmhnaill"] {
            assert_eq!(with(name, |c| c.text()), Ok(Some(name.to_owned())));
        }
        assert_eq!(with("e\u{301}\u{200b}\u{ad}", |c| c.text()), Ok(Some("é".to_owned())));
        assert_eq!(with("Bad\u{9f}tab", |c| c.text()).unwrap_err().code, "control_character");
        assert_eq!(with("'=1+1", |c| c.text()), Ok(Some("=1+1".into())), "our own protection is taken off again");
    }
}
