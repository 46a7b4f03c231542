//! A question in its normal form: checked, sorted, spelled one way, so that the same question is
//! recognised and gets the same answer. Pure.

use crate::base::day::in_words;
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{OrganisationId, RequirementId};
use entity::value::{Assurance, Level};
use serde::{Deserialize, Serialize};

use super::axes::{self, AxisKind, By};
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
        if wrong.is_empty() {
            wrong.extend(AxisKind::ALL.into_iter().filter_map(|axis| self.contradiction(axis)));
        }
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

    /// Says in words when the filters on one axis let nothing through.
    fn contradiction(&self, axis: AxisKind) -> Option<Wrong> {
        let chosen = self.chosen(axis);
        if !axes::leaves_nothing(axis, self.as_at, &chosen) {
            return None;
        }
        let label = |by: By, value: &str| by.value_label(value).unwrap_or(value).to_owned();
        let sides: Vec<String> = chosen
            .iter()
            .map(|(by, values)| list(values.iter().map(|value| label(*by, value)).collect(), "or"))
            .collect();
        let what = if axis == AxisKind::Role { "role" } else { "place" };
        let message = match sides.as_slice() {
            [one] => format!("No place belonged to {one} on {}.", in_words(self.as_at)),
            [one, other] => format!("No {what} is in both {one} and {other}."),
            _ => format!("No {what} is in {} at once.", list(sides, "and")),
        };
        Some(Wrong::new("filters", "nothing_in_common", format!("{message} Take one of them away.")))
    }

    /// Whether a measure is asked that looks at a skill.
    pub fn is_about_skill(&self) -> bool {
        self.measures.iter().any(|measure| matches!(measure.pattern(), Pattern::Covered | Pattern::Complied))
    }

    /// The question as a sentence; `skill` says which one is looked at.
    pub fn sentence(&self, skill: Option<&str>) -> String {
        let list = |names: Vec<String>| list(names, "and");
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
        format!("{measures}{by}{only}, as at {}{skill}", in_words(self.as_at))
    }
}

/// "one, two and three".
fn list(names: Vec<String>, word: &str) -> String {
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {word} {last}", most.join(", ")),
    }
}

fn lower_first(label: &str) -> String {
    if label.starts_with("Alcohol and Drug") {
        return label.to_owned();
    }
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::super::axes::Axis;
    use super::*;

    fn asked(filters: BTreeMap<By, Vec<String>>, date: &str) -> Question {
        Question {
            as_at: date.parse().unwrap(),
            known_at: None,
            measures: vec![Measure::Headcount],
            rows: Vec::new(),
            columns: Vec::new(),
            filters,
            skill: Skill::Everything,
            assurance: Assurance::SelfDeclared,
            organisation: None,
        }
    }

    /// Every pair of filters on one axis either has a node to be counted at or is refused in words.
    #[test]
    fn every_two_filters_of_one_axis_are_counted_or_refused() {
        let today: NaiveDate = "2026-06-30".parse().unwrap();
        let mut refused = 0;
        for date in ["2026-06-30", "1990-01-01"] {
            for (one, other) in By::ALL.iter().flat_map(|one| By::ALL.iter().map(move |other| (*one, *other))) {
                if one >= other || one.axis() != other.axis() {
                    continue;
                }
                for (a, b) in one.values().into_iter().flat_map(|a| other.values().into_iter().map(move |b| (a, b))) {
                    let filters = BTreeMap::from([(one, vec![a.0.to_owned()]), (other, vec![b.0.to_owned()])]);
                    match asked(filters, date).check(today, 3) {
                        Ok(question) => {
                            let chosen = question.chosen(one.axis());
                            let axis = Axis::new(one.axis(), question.as_at, &chosen).unwrap();
                            assert!(axis.chosen(&chosen).is_some(), "{} and {}", a.0, b.0);
                        }
                        Err(wrong) => {
                            refused += 1;
                            assert_eq!(wrong.len(), 1);
                            assert_eq!(wrong[0].code, "nothing_in_common");
                            assert!(wrong[0].message.contains(a.1) && wrong[0].message.contains(b.1), "{wrong:?}");
                        }
                    }
                }
            }
        }
        assert!(refused > 1000, "{refused}");
    }

    #[test]
    fn what_cannot_be_both_is_named() {
        let today = "2026-06-30".parse().unwrap();
        let two = BTreeMap::from([
            (By::HealthBoard, vec!["nhs-lothian".to_owned()]),
            (By::Council, vec!["council-fife".to_owned(), "council-angus".to_owned()]),
        ]);
        let wrong = asked(two, "2026-06-30").check(today, 3).unwrap_err();
        let said = "No place is in both NHS Lothian and Angus or Fife. Take one of them away.";
        assert_eq!(wrong[0].message, said);
        let role = BTreeMap::from([
            (By::RoleFamily, vec!["medical".to_owned()]),
            (By::Role, vec!["social_worker".to_owned()]),
        ]);
        let wrong = asked(role, "2026-06-30").check(today, 3).unwrap_err();
        assert!(wrong[0].message.starts_with("No role is in both "), "{}", wrong[0].message);
    }
}
