//! The plans of late: deciding takes a moment, and many questions share the same facts.

use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use disclosure::Rule;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use super::answer::{Hides, NoAnswer};
use super::axes::{Axis, AxisKind};
use super::facts::Facts;
use super::layers::Layers;
use super::measures::Pattern;
use super::plan::Plan;
use super::question::Question;

/// Which facts a plan is made of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Basis {
    /// Fingerprint of the facts without skills
    pub facts: String,
    pub as_at: NaiveDate,
}

type Key = (Basis, Pattern, String);

/// For threads that may block: whoever asks for the same plan waits for it, nobody else does.
static PLANS: LazyLock<Cache<Key, Arc<Plan>>> = LazyLock::new(|| {
    Cache::builder()
        .max_capacity(MOST_BYTES)
        .eviction_policy(EvictionPolicy::lru())
        .weigher(|_, plan: &Arc<Plan>| u32::try_from(plan.bytes()).unwrap_or(u32::MAX))
        .build()
});
const MOST_BYTES: u64 = 16 << 20;

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
    let axis = |kind| Axis::new(kind, question.as_at, &[]);
    let axes: Vec<Axis> = kinds.iter().copied().map(axis).collect::<Result<_, _>>()?;
    let area = axis(AxisKind::Area)?;
    let posts = (pattern == Pattern::Posts).then_some(&*own);
    let layer = Layers { facts, rule, people: &people, posts, axes: &axes, area: &area }.decide(pattern)?;
    Ok(Box::new(move |nodes| layer.hidden(nodes)))
}

fn plan(
    pattern: Pattern,
    facts: &Facts,
    basis: &Basis,
    rule: &Rule,
    above: Option<&Plan>,
) -> Result<Arc<Plan>, NoAnswer> {
    let key = (basis.clone(), pattern, rule.version.clone());
    let made = PLANS.try_get_with(key, || Plan::new(pattern, facts, basis.as_at, rule, above).map(Arc::new));
    made.map_err(|no| (*no).clone())
}
