//! Tables that stand on others: shares, and three crossed dimensions. Decided from the total
//! downwards: what a smaller table hides, a larger one hides too, and as far as possible a margin
//! that a smaller table shows is shown. Where that would uncover somebody, the larger table may
//! hide more of its margins; it is then safe by itself. Pure.

use std::collections::BTreeMap;

use disclosure::{Reason, Rule};

use super::answer::NoAnswer;
use super::axes::{Axis, AxisKind};
use super::closure::{Given, Hidden, closure, dominated};
use super::facts::Facts;
use super::measures::Pattern;
use super::plan::Plan;
use super::tally::Tally;

/// A decided table, with the axes that lead into it.
#[derive(Debug)]
pub struct Layer {
    tally: Tally,
    hidden: Hidden,
}

impl Layer {
    pub fn hidden(&self, nodes: &[usize]) -> Option<Reason> {
        self.hidden[self.tally.index(nodes)]
    }
}

pub struct Layers<'a> {
    pub facts: &'a Facts,
    pub rule: &'a Rule,
    pub people: &'a Plan,
    pub posts: Option<&'a Plan>,
    /// Of the question, without filters, in the order of their kinds
    pub axes: &'a [Axis],
    /// Whether or not the question has it
    pub area: &'a Axis,
}

type Decided = BTreeMap<(Pattern, Vec<AxisKind>), Layer>;

impl Layers<'_> {
    /// What is hidden of the table over all axes.
    pub fn decide(&self, pattern: Pattern) -> Result<Layer, NoAnswer> {
        let mut decided = Decided::new();
        let kinds: Vec<AxisKind> = self.axes.iter().map(|axis| axis.kind).collect();
        self.table(pattern, &kinds, &mut decided)?;
        decided.remove(&(pattern, kinds)).ok_or_else(|| NoAnswer::Broken("a layer went missing".to_owned()))
    }

    fn table(&self, pattern: Pattern, kinds: &[AxisKind], decided: &mut Decided) -> Result<(), NoAnswer> {
        if self.is_planned(pattern, kinds) || decided.contains_key(&(pattern, kinds.to_vec())) {
            return Ok(());
        }
        for left_out in 0..kinds.len() {
            let mut smaller = kinds.to_vec();
            smaller.remove(left_out);
            self.table(pattern, &smaller, decided)?;
        }
        if pattern != Pattern::People {
            self.table(Pattern::People, kinds, decided)?;
        }
        let axes: Vec<Axis> = self.axes.iter().filter(|axis| kinds.contains(&axis.kind)).cloned().collect();
        let tally = Tally::new(axes, self.facts);
        let alone = self.all_in_one_area(pattern, &tally);
        let given = |nodes: &[usize], otherwise: Given| {
            let parts: Vec<usize> = (0..nodes.len()).filter(|at| nodes[*at] != tally.axes()[*at].total()).collect();
            if parts.len() < kinds.len() {
                let kinds: Vec<AxisKind> = parts.iter().map(|at| kinds[*at]).collect();
                let nodes: Vec<usize> = parts.iter().map(|at| nodes[*at]).collect();
                return self.known(pattern, &kinds, &nodes, decided).map_or(otherwise, Given::Hidden);
            }
            let with_people = match pattern {
                Pattern::People => None,
                _ => self.known(Pattern::People, kinds, nodes, decided),
            };
            Given::hidden(with_people.or_else(|| alone.get(&tally.index(nodes)).copied()))
        };
        let hidden = match closure(pattern, &tally, self.rule, |nodes| given(nodes, Given::Shown)) {
            Err(NoAnswer::WouldReveal) => closure(pattern, &tally, self.rule, |nodes| given(nodes, Given::Open))?,
            decided => decided?,
        };
        decided.insert((pattern, kinds.to_vec()), Layer { tally, hidden });
        Ok(())
    }

    fn is_planned(&self, pattern: Pattern, kinds: &[AxisKind]) -> bool {
        kinds.len() < 3 && self.plan(pattern).is_some()
    }

    fn plan(&self, pattern: Pattern) -> Option<&Plan> {
        match pattern {
            Pattern::People => Some(self.people),
            Pattern::Posts => self.posts,
            Pattern::Covered | Pattern::Complied => None,
        }
    }

    /// Whether a smaller or an earlier table hides it.
    fn known(&self, pattern: Pattern, kinds: &[AxisKind], nodes: &[usize], decided: &Decided) -> Option<Reason> {
        match self.plan(pattern).filter(|_| kinds.len() < 3) {
            Some(plan) => plan.hidden(kinds, nodes),
            None => decided.get(&(pattern, kinds.to_vec()))?.hidden(nodes),
        }
    }

    /// Shares whose people are all in one area, where too few employers stand behind them: shown
    /// without the area they would say what the table by area hides.
    fn all_in_one_area(&self, pattern: Pattern, tally: &Tally) -> BTreeMap<usize, Reason> {
        let mut found = BTreeMap::new();
        let has_area = tally.axes().iter().any(|axis| axis.kind == AxisKind::Area);
        let is_share = matches!(pattern, Pattern::Covered | Pattern::Complied);
        if has_area || !is_share || tally.axes().len() > 2 {
            return found;
        }
        let base = |tally: &Tally, nodes: &[usize]| match pattern {
            Pattern::Covered => tally.cell(nodes).coverable,
            _ => tally.cell(nodes).required,
        };
        let mut axes = vec![self.area.clone()];
        axes.extend(tally.axes().iter().cloned());
        let by_area = Tally::new(axes, self.facts);
        for nodes in tally.combinations() {
            let whole = base(tally, &nodes);
            let alone = (0..self.area.total()).find_map(|place| {
                let inside: Vec<usize> = std::iter::once(place).chain(nodes.iter().copied()).collect();
                let same = whole > 0 && base(&by_area, &inside) == whole;
                same.then(|| dominated(&by_area, self.rule, &inside, pattern)).flatten()
            });
            if let Some(reason) = alone {
                found.insert(tally.index(&nodes), reason);
            }
        }
        found
    }
}
