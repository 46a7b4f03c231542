//! What is hidden of counts, decided once for a date and its facts and not question by question:
//! every pair of axes is protected whole (all geographies, all margins), and the margins that
//! pairs share are hidden in all of them or in none. So tables of one and two dimensions agree
//! whatever is asked first, and none can be held against another to uncover a margin. Tables of
//! three dimensions, and of shares, stand on these: see `layers`. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use disclosure::{Reason, Rule};

use super::answer::NoAnswer;
use super::axes::{Axis, AxisKind};
use super::closure::{Given, Hidden, closure};
use super::facts::Facts;
use super::measures::Pattern;
use super::tally::Tally;

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

    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        let hidden = self.singles.values().chain(self.pairs.values());
        hidden.map(|hidden| size_of_val(hidden.as_slice())).sum()
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
            Given::hidden(margin.or_else(|| above.and_then(|above| above.hidden(&kinds, nodes))))
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
