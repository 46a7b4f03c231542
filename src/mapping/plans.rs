//! The plans of late: deciding takes a moment, and many questions share the same facts.

use std::sync::Arc;

use chrono::NaiveDate;
use disclosure::Rule;

use super::answer::{Hides, NoAnswer};
use super::axes::{Axis, AxisKind};
use super::facts::Facts;
use super::measures::Pattern;
use super::plan::Plan;
use super::question::Question;
use super::tally::Tally;
use crate::base::memo::Memo;

/// Which facts a plan is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Fingerprint of the facts without skills
    pub facts: String,
    pub as_at: NaiveDate,
}

type Key = (Basis, Pattern, String);

static PLANS: Memo<Key, Plan> = Memo::new(16);

/// Says of each combination of the question's axes whether it is hidden.
pub fn hidden(
    pattern: Pattern,
    question: &Question,
    facts: &Facts,
    basis: &Basis,
    rule: &Rule,
) -> Result<Hides, NoAnswer> {
    let people = plan(Pattern::People, facts, basis, rule, None)?;
    let own = match pattern {
        Pattern::Posts => plan(pattern, facts, basis, rule, Some(&people))?,
        _ => Arc::clone(&people),
    };
    let kinds = question.axes();
    let is_share = matches!(pattern, Pattern::Covered | Pattern::Complied);
    if kinds.len() < 3 && !is_share {
        return Ok(Box::new(move |nodes| own.hidden(&kinds, nodes)));
    }
    let axes: Vec<Axis> = kinds
        .iter()
        .map(|kind: &AxisKind| Axis::new(*kind, question.as_at, &[]))
        .collect::<Result<_, _>>()
        .map_err(NoAnswer::from)?;
    let tally = Tally::new(axes, facts);
    let of_people = if kinds.len() < 3 { None } else { Some(people.alone(Pattern::People, &tally, rule, None)?) };
    let hidden = match (pattern, of_people) {
        (Pattern::People, Some(of_people)) => of_people,
        (_, above) => own.alone(pattern, &tally, rule, above.as_ref())?,
    };
    Ok(Box::new(move |nodes| hidden[tally.index(nodes)]))
}

fn plan(
    pattern: Pattern,
    facts: &Facts,
    basis: &Basis,
    rule: &Rule,
    above: Option<&Plan>,
) -> Result<Arc<Plan>, NoAnswer> {
    let key = (basis.clone(), pattern, rule.version.clone());
    PLANS.get_or_make(key, || Plan::new(pattern, facts, basis.as_at, rule, above))
}
