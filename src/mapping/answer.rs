//! From counts to the cells of the asked table: which may be shown, and what they say. Pure.
//! Rates and WTE follow the pattern of the count beneath them.

use std::collections::BTreeMap;

use disclosure::{Reason, Refusal};

use super::axes::{Axis, AxisKind, By};
use super::measures::{Measure, Pattern};
use super::question::Question;
use super::tally::{Figures, Tally};
use crate::base::wte::one_decimal;

/// One cell of the table as it is given out.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    pub measure: Measure,
    /// By asked dimension; `None` for the total over it
    pub keys: Vec<(By, Option<String>)>,
    pub value: Option<f64>,
    pub marker: Option<Mark>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `[c]`
    Confidential,
    /// `[x]`
    Unavailable,
    /// `[z]`
    NotApplicable,
}

/// The table.
#[derive(Debug)]
pub struct Answer {
    pub cells: Vec<Given>,
    /// How many asked cells are hidden, by reason, for the manifest
    pub hidden: BTreeMap<&'static str, u64>,
}

/// The role of volunteers, and its family.
const VOLUNTEERS: &str = "volunteer";

/// More cells than anybody reads.
pub const MOST_CELLS: usize = 40_000;

/// Why no table can be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    TooLarge,
    /// Nothing of this table can be shown without revealing somebody
    WouldReveal,
    Broken(String),
}

impl From<Refusal> for NoAnswer {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Exposed { .. } => Self::WouldReveal,
            Refusal::TooManyCells => Self::TooLarge,
            other => Self::Broken(other.to_string()),
        }
    }
}

/// Says of a combination of standard nodes whether it is hidden, and why.
pub type Hides = Box<dyn Fn(&[usize]) -> Option<Reason>>;

/// Nodes of the axes, and the keys that a cell there has in the table.
type Combination = (Vec<usize>, Vec<(By, Option<String>)>);

/// What is hidden in the asked table: one pattern for each kind of count.
pub struct Patterns(BTreeMap<Pattern, Hides>);

impl Patterns {
    /// Nothing is hidden: an employer's own figures.
    pub fn none() -> Self {
        Self(BTreeMap::new())
    }

    pub fn with(mut self, pattern: Pattern, hides: Hides) -> Self {
        self.0.insert(pattern, hides);
        self
    }

    /// Hidden if any of the standard nodes behind these nodes is.
    fn hidden(&self, pattern: Pattern, tally: &Tally, nodes: &[usize]) -> Option<Reason> {
        let hidden = self.0.get(&pattern)?;
        let mut combinations = vec![Vec::new()];
        for (axis, &node) in tally.axes().iter().zip(nodes) {
            let parts = axis.standard(node);
            combinations = combinations
                .into_iter()
                .flat_map(|before| {
                    parts.iter().map(move |part| before.iter().copied().chain([*part]).collect::<Vec<_>>())
                })
                .collect();
        }
        combinations.iter().find_map(|nodes| hidden(nodes))
    }
}

/// Builds the asked cells: for every asked dimension its values that the filters let through, and
/// the total over them.
pub fn give(question: &Question, tally: &Tally, patterns: &Patterns) -> Result<Answer, NoAnswer> {
    let mut combinations: Vec<Combination> = vec![(vec![0; tally.axes().len()], Vec::new())];
    let mut order: Vec<By> = question.dimensions().collect();
    for axis in tally.axes() {
        if !order.iter().any(|by| by.axis() == axis.kind) {
            order.extend(By::ALL.into_iter().find(|by| by.axis() == axis.kind));
        }
    }
    for by in order {
        let Some(place) = tally.axes().iter().position(|axis| axis.kind == by.axis()) else { continue };
        let choices = choices(question, &tally.axes()[place], by)?;
        combinations = combinations
            .into_iter()
            .flat_map(|(nodes, keys)| {
                choices.iter().map(move |(node, key)| {
                    let (mut nodes, mut keys) = (nodes.clone(), keys.clone());
                    nodes[place] = *node;
                    keys.extend(key.clone().map(|value| (by, value)));
                    (nodes, keys)
                })
            })
            .collect();
        if combinations.len() * question.measures.len() > MOST_CELLS {
            return Err(NoAnswer::TooLarge);
        }
    }
    let guarded = !patterns.0.is_empty();
    let mut answer = Answer { cells: Vec::new(), hidden: BTreeMap::new() };
    for (nodes, keys) in combinations {
        let figures = tally.cell(&nodes);
        for &measure in &question.measures {
            let reason = patterns.hidden(measure.pattern(), tally, &nodes);
            let (value, marker) = if tally.is_empty() {
                (None, Some(Mark::Unavailable))
            } else if measure == Measure::VacancyRate && is_of_volunteers(question, &keys) {
                (None, Some(Mark::NotApplicable))
            } else {
                value(measure, figures, reason, guarded)
            };
            if marker == Some(Mark::Confidential) {
                *answer.hidden.entry(reason.map_or("small_base", reason_id)).or_default() += 1;
            }
            answer.cells.push(Given { measure, keys: keys.clone(), value, marker });
        }
    }
    Ok(answer)
}

/// A node of an axis, and the key it has in the table (none for an axis that was only filtered).
type Choice = (usize, Option<Option<String>>);

fn choices(question: &Question, axis: &Axis, by: By) -> Result<Vec<Choice>, NoAnswer> {
    let chosen = question.chosen(axis.kind);
    let whole = axis.chosen(&chosen).ok_or_else(|| NoAnswer::Broken("a filter without a node".to_owned()))?;
    if !question.dimensions().any(|asked| asked == by) {
        return Ok(vec![(whole, None)]);
    }
    let mut choices: Vec<Choice> = by
        .values()
        .into_iter()
        .filter_map(|(value, _)| Some((axis.find(by, value)?, Some(Some(value.to_owned())))))
        .filter(|(node, _)| axis.lies_within(*node, whole))
        .collect();
    choices.push((whole, Some(None)));
    Ok(choices)
}

/// Whether a cell is about nobody but volunteers: they have no establishment by definition, so the
/// rate means nothing, and saying so tells nothing of anybody.
fn is_of_volunteers(question: &Question, keys: &[(By, Option<String>)]) -> bool {
    let volunteers = |value: &str| value == VOLUNTEERS;
    let key = keys.iter().find(|(by, _)| by.axis() == AxisKind::Role).and_then(|(_, value)| value.as_deref());
    match key {
        Some(value) => volunteers(value),
        None => question.chosen(AxisKind::Role).iter().any(|(_, values)| values.iter().all(|value| volunteers(value))),
    }
}

fn value(measure: Measure, figures: &Figures, hidden: Option<Reason>, guarded: bool) -> (Option<f64>, Option<Mark>) {
    let confidential = (None, Some(Mark::Confidential));
    if hidden.is_some() {
        return confidential;
    }
    let wte = |thousandths: i64| (Some(one_decimal(thousandths)), None);
    match measure {
        Measure::Headcount => (Some(count(figures.people)), None),
        Measure::Posts => (Some(count(figures.posts)), None),
        Measure::EstablishmentWte => wte(figures.in_post + figures.vacant),
        Measure::InPostWte => wte(figures.in_post),
        Measure::VacantWte => wte(figures.vacant),
        Measure::VacancyRate => match (figures.in_post + figures.vacant, figures.posts) {
            (0, _) => (None, Some(Mark::NotApplicable)),
            (_, posts) if guarded && posts < 10 => confidential,
            (establishment, _) => (Some(percent(figures.vacant, establishment)), None),
        },
        Measure::Coverage => rate(figures.covered, figures.coverable),
        Measure::Compliance => rate(figures.met, figures.required),
    }
}

fn rate(part: u64, whole: u64) -> (Option<f64>, Option<Mark>) {
    if whole == 0 { (None, Some(Mark::NotApplicable)) } else { (Some(share_percent(part, whole)), None) }
}

/// `part` of `whole` in percent with one decimal; `whole` is not zero.
pub fn share_percent(part: u64, whole: u64) -> f64 {
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    percent(signed(part), signed(whole))
}

/// Percent with one decimal, rounded half up, without a float on the way.
fn percent(part: i64, whole: i64) -> f64 {
    let tenths = (part * 2000 + whole) / (2 * whole);
    one_decimal(tenths * 100)
}

#[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^52")]
fn count(number: u64) -> f64 {
    number as f64
}

fn reason_id(reason: Reason) -> &'static str {
    match reason {
        Reason::SmallCount => "small_count",
        Reason::TooFewEmployers => "too_few_employers",
        Reason::DominantEmployer => "dominant_employer",
        Reason::SmallBase => "small_base",
        Reason::AllOrNothing => "all_or_nothing",
        Reason::EarlierRelease => "earlier_release",
        Reason::Complementary => "complementary",
    }
}
