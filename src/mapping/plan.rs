//! What is hidden, decided once for a date and its facts and not question by question: every
//! pair of axes is protected whole (all geographies, all margins), and the margins that pairs
//! share are hidden in all of them or in none. So tables of one and two dimensions agree whatever
//! is asked first, and none can be held against another to uncover a margin. Tables of three
//! dimensions, and of shares, are protected by themselves, and hide what the plan hides. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use disclosure::{Cell, Dimension, Linked, Reason, Rule, protect};

use super::answer::NoAnswer;
use super::axes::{Axis, AxisKind};
use super::facts::Facts;
use super::measures::Pattern;
use super::tally::{Figures, Tally};

type Hidden = Vec<Option<Reason>>;

/// Rounds until the shared margins agree; each hides more, so they end.
const MOST_ROUNDS: usize = 50;

#[derive(Debug)]
pub struct Plan {
    pattern: Pattern,
    singles: BTreeMap<AxisKind, Hidden>,
    pairs: BTreeMap<(AxisKind, AxisKind), Hidden>,
    lengths: BTreeMap<AxisKind, usize>,
}

impl Plan {
    /// Decides for one pattern; `above` is the plan of people, which all others follow.
    pub fn new(
        pattern: Pattern,
        facts: &Facts,
        date: NaiveDate,
        rule: &Rule,
        above: Option<&Self>,
    ) -> Result<Self, NoAnswer> {
        let axes: Vec<Axis> =
            AxisKind::ALL.into_iter().map(|kind| Axis::new(kind, date, &[])).collect::<Result<_, _>>()?;
        let mut plan = Self {
            pattern,
            singles: axes.iter().map(|axis| (axis.kind, vec![None; axis.len()])).collect(),
            pairs: BTreeMap::new(),
            lengths: axes.iter().map(|axis| (axis.kind, axis.len())).collect(),
        };
        let mut tallies = Vec::new();
        for (at, first) in axes.iter().enumerate() {
            for second in &axes[at + 1..] {
                tallies.push(Tally::new(vec![first.clone(), second.clone()], facts));
            }
        }
        let mut stale = vec![true; tallies.len()];
        for _ in 0..MOST_ROUNDS {
            for at in 0..tallies.len() {
                if std::mem::take(&mut stale[at]) {
                    let hidden = plan.pair(&tallies[at], rule, above)?;
                    plan.note(&tallies, at, hidden, &mut stale);
                }
            }
            if !stale.contains(&true) {
                return Ok(plan);
            }
        }
        Err(NoAnswer::Broken("the margins of the pairs do not come to agree".to_owned()))
    }

    /// Whether a combination of up to two axes (in order) is hidden, and why.
    pub fn hidden(&self, kinds: &[AxisKind], nodes: &[usize]) -> Option<Reason> {
        match (kinds, nodes) {
            ([], _) => self.singles.values().next().and_then(|hidden| hidden.last().copied().flatten()),
            ([kind], [node]) => self.singles[kind][*node],
            ([first, second], [a, b]) => self.pairs[&(*first, *second)][a * self.lengths[second] + b],
            _ => None,
        }
    }

    /// Protects one table by itself: of three axes, or of shares. It hides at least what this plan
    /// hides of it, and what `above` does.
    pub fn alone(
        &self,
        pattern: Pattern,
        tally: &Tally,
        rule: &Rule,
        above: Option<&Hidden>,
    ) -> Result<Hidden, NoAnswer> {
        let kinds: Vec<AxisKind> = tally.axes().iter().map(|axis| axis.kind).collect();
        let totals: Vec<usize> = tally.axes().iter().map(Axis::total).collect();
        closure(pattern, tally, rule, |nodes| {
            let parts: Vec<usize> = (0..nodes.len()).filter(|place| nodes[*place] != totals[*place]).collect();
            let from_pairs = if parts.len() < 3 {
                let kinds: Vec<_> = parts.iter().map(|place| kinds[*place]).collect();
                let nodes: Vec<_> = parts.iter().map(|place| nodes[*place]).collect();
                self.hidden(&kinds, &nodes)
            } else {
                None
            };
            from_pairs.or_else(|| above.and_then(|above| above[tally.index(nodes)]))
        })
    }

    fn pair(&self, tally: &Tally, rule: &Rule, above: Option<&Self>) -> Result<Hidden, NoAnswer> {
        let [first, second] = [&tally.axes()[0], &tally.axes()[1]];
        let kinds = [first.kind, second.kind];
        closure(self.pattern, tally, rule, |nodes| {
            let margin = match (nodes[0] == first.total(), nodes[1] == second.total()) {
                (false, true) => self.singles[&first.kind][nodes[0]],
                (true, false) => self.singles[&second.kind][nodes[1]],
                (true, true) => self.singles.values().find_map(|hidden| hidden.last().copied().flatten()),
                (false, false) => None,
            };
            margin.or_else(|| above.and_then(|above| above.hidden(&kinds, nodes)))
        })
    }

    /// Takes over a pair; what it hides of a margin, the other pairs with that axis must hide too.
    fn note(&mut self, tallies: &[Tally], at: usize, hidden: Hidden, stale: &mut [bool]) {
        let axes = tallies[at].axes();
        let (kinds, width) = ((axes[0].kind, axes[1].kind), axes[1].len());
        let margins = [
            (kinds.0, (0..axes[0].len()).map(|node| hidden[node * width + width - 1]).collect::<Vec<_>>()),
            (kinds.1, hidden[axes[0].total() * width..].to_vec()),
        ];
        for (kind, margin) in margins {
            let known = self.singles.entry(kind).or_default();
            let mut news = false;
            for (known, found) in known.iter_mut().zip(margin) {
                if known.is_none() && found.is_some() {
                    *known = found;
                    news = true;
                }
            }
            for (other, stale) in stale.iter_mut().enumerate() {
                *stale |= news && other != at && tallies[other].axes().iter().any(|axis| axis.kind == kind);
            }
        }
        self.pairs.insert(kinds, hidden);
    }
}

/// Protects every combination of the tally's axes together; `forced` must be hidden in any case.
fn closure(
    pattern: Pattern,
    tally: &Tally,
    rule: &Rule,
    forced: impl Fn(&[usize]) -> Option<Reason>,
) -> Result<Hidden, NoAnswer> {
    let mut dimensions: Vec<Dimension> = tally.axes().iter().map(|axis| axis.dimension.clone()).collect();
    let outcomes = match pattern {
        Pattern::People | Pattern::Posts => 1,
        Pattern::Covered | Pattern::Complied => {
            dimensions.push(Dimension::outcome());
            3
        }
    };
    let width = tally.axes().len();
    let linked = Linked::build(dimensions, |all| {
        let nodes = &all[..width];
        let figures = tally.cell(nodes);
        let reason = forced(nodes).or_else(|| dominated(tally, rule, nodes, pattern));
        match pattern {
            Pattern::People => count(rule, figures.people, reason),
            Pattern::Posts => count(rule, figures.posts, reason),
            Pattern::Covered => outcome(rule, figures.covered, figures.coverable, all[width], reason),
            Pattern::Complied => outcome(rule, figures.met, figures.required, all[width], reason),
        }
    })?;
    let hidden = protect(&linked, rule)?.hidden;
    Ok(hidden.chunks(outcomes).map(|of_one| of_one.iter().copied().flatten().next()).collect())
}

fn count(rule: &Rule, value: u64, reason: Option<Reason>) -> Cell {
    Cell::count(value, reason.or_else(|| rule.sensitive_count(value, false)))
}

/// A cell of those who meet (0), those who do not (1), or both together (2).
fn outcome(rule: &Rule, met: u64, base: u64, which: usize, reason: Option<Reason>) -> Cell {
    if base == 0 {
        return Cell::public(0);
    }
    let share = reason.or_else(|| rule.sensitive_share(met, base, false));
    match which {
        0 => Cell::outcome(met, share),
        1 => Cell::outcome(base - met, share),
        _ => Cell::count(base, reason.or_else(|| (base < rule.base.ordinary).then_some(Reason::SmallBase))),
    }
}

/// Figures of an area say too much of one employer when few employers stand behind them.
fn dominated(tally: &Tally, rule: &Rule, nodes: &[usize], pattern: Pattern) -> Option<Reason> {
    let of_an_area =
        tally.axes().iter().zip(nodes).any(|(axis, node)| axis.kind == AxisKind::Area && *node != axis.total());
    if !of_an_area {
        return None;
    }
    let figures: &Figures = tally.cell(nodes);
    let by_posts = pattern == Pattern::Posts;
    let parts: Vec<u64> =
        figures.employers.values().map(|share| if by_posts { share.posts } else { share.people }).collect();
    rule.dominance(&parts)
}
