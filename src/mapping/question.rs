//! A question in its normal form: checked, sorted, spelled one way, so that the same question is
//! recognised and gets the same answer. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{OrganisationId, RequirementId};
use entity::value::{Assurance, Level};
use serde::{Deserialize, Serialize};

use super::axes::{AxisKind, By};
use super::measures::{Measure, Pattern};

/// What a table shows. Rows and columns together are its dimensions, in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Question {
    pub as_at: NaiveDate,
    /// Facts as they had been recorded by this instant; now when absent
    pub known_at: Option<DateTime<Utc>>,
    pub measures: Vec<Measure>,
    pub rows: Vec<By>,
    pub columns: Vec<By>,
    pub filters: BTreeMap<By, Vec<String>>,
    pub skill: Skill,
    pub assurance: Assurance,
    /// An employer's own figures, unprotected
    pub organisation: Option<OrganisationId>,
}

/// Which skill coverage and compliance look at.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Skill {
    /// Everything that is required of each person
    Everything,
    Requirement(RequirementId),
    /// A theme of the Knowledge and Skills Framework at a level, of those whose role expects it
    Theme(String, Level),
}

/// What is wrong with a question: field, code, message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub field: &'static str,
    pub code: &'static str,
    pub message: String,
}

impl Wrong {
    pub fn new(field: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self { field, code, message: message.into() }
    }
}

impl Question {
    pub fn dimensions(&self) -> impl Iterator<Item = By> + Clone {
        self.rows.iter().chain(&self.columns).copied()
    }

    /// The axes in use, by filters too, in their order.
    pub fn axes(&self) -> Vec<AxisKind> {
        let mut axes: Vec<_> = self.dimensions().chain(self.filters.keys().copied()).map(By::axis).collect();
        axes.sort_unstable();
        axes.dedup();
        axes
    }

    /// The filters on one axis.
    pub fn chosen(&self, axis: AxisKind) -> Vec<(By, Vec<String>)> {
        let on_axis = self.filters.iter().filter(|(by, _)| by.axis() == axis);
        on_axis.map(|(by, values)| (*by, values.clone())).collect()
    }

    /// Says everything that is wrong, and puts what is right into its normal form.
    pub fn check(mut self, today: NaiveDate, most_dimensions: usize) -> Result<Self, Vec<Wrong>> {
        let mut wrong = Vec::new();
        if self.measures.is_empty() {
            wrong.push(Wrong::new("measures", "missing", "Choose at least one measure."));
        }
        self.measures.sort_unstable();
        self.measures.dedup();
        if self.as_at > today {
            wrong.push(Wrong::new("as_at", "in_the_future", "Choose a date that is not in the future."));
        }
        let dimensions: Vec<_> = self.dimensions().collect();
        let mut axes: Vec<_> = dimensions.iter().map(|by| by.axis()).collect();
        axes.sort_unstable();
        if axes.windows(2).any(|pair| pair[0] == pair[1]) {
            wrong.push(Wrong::new(
                "rows",
                "same_axis_twice",
                "Choose one kind of area, and either roles or role families: a table cannot be broken down by both.",
            ));
        }
        for (by, values) in &mut self.filters {
            values.sort_unstable();
            values.dedup();
            let known = by.values();
            for value in values.iter().filter(|value| !known.iter().any(|(slug, _)| slug == value)) {
                let message = format!("{value:?} is not a value of {}.", by.id());
                wrong.push(Wrong::new("filters", "unknown_value", message));
            }
        }
        self.filters.retain(|_, values| !values.is_empty());
        let crossed = self.axes().len();
        if self.organisation.is_none() && crossed > most_dimensions {
            wrong.push(Wrong::new(
                "rows",
                "too_many_dimensions",
                format!(
                    "A table for publication crosses at most {most_dimensions} dimensions, filters included; this one crosses {crossed}."
                ),
            ));
        }
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }

    /// Whether a measure is asked that looks at a skill.
    pub fn is_about_skill(&self) -> bool {
        self.measures.iter().any(|measure| matches!(measure.pattern(), Pattern::Covered | Pattern::Complied))
    }

    /// The question as a sentence; `skill` says which one is looked at.
    pub fn sentence(&self, skill: Option<&str>) -> String {
        let list = |names: Vec<String>| match names.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [most @ .., last] => format!("{} and {last}", most.join(", ")),
        };
        let measures = list(self.measures.iter().map(|measure| measure.label().to_owned()).collect());
        let by = list(self.dimensions().map(|by| lower_first(by.label())).collect());
        let by = if by.is_empty() { String::new() } else { format!(" by {by}") };
        let filters: Vec<String> = self
            .filters
            .iter()
            .map(|(by, values)| list(values.iter().map(|v| by.value_label(v).unwrap_or(v).to_owned()).collect()))
            .collect();
        let only = if filters.is_empty() { String::new() } else { format!(", {}", filters.join("; ")) };
        let skill = skill.map_or_else(String::new, |skill| format!(" ({skill})"));
        format!("{measures}{by}{only}, as at {}{skill}", self.as_at.format("%-d %B %Y"))
    }
}

fn lower_first(label: &str) -> String {
    if label.starts_with("Alcohol and Drug") {
        return label.to_owned();
    }
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
