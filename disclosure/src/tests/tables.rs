//! Random and written tables for the tests, described by the people in them.

use std::collections::BTreeSet;

use super::super::{Cell, Dimension, Linked, Protection, Refusal, Rule, protect};

/// Where one person is counted: one atom per dimension for each post held.
pub type Person = Vec<Vec<usize>>;

/// A table of distinct people. `outcome` adds the split of a measure, where zeros may be hidden.
#[derive(Clone, Debug)]
pub struct Table {
    pub dimensions: Vec<Dimension>,
    pub people: Vec<Person>,
}

impl Table {
    /// One post per person: `counts` by atom combination, row-major.
    pub fn additive(dimensions: Vec<Dimension>, counts: &[u64]) -> Self {
        let mut people = Vec::new();
        for (index, &count) in counts.iter().enumerate() {
            let mut at = Vec::new();
            let mut rest = index;
            for dimension in dimensions.iter().rev() {
                at.push(rest % dimension.atoms());
                rest /= dimension.atoms();
            }
            at.reverse();
            people.extend((0..count).map(|_| vec![at.clone()]));
        }
        Self { dimensions, people }
    }

    pub fn value(&self, nodes: &[usize]) -> u64 {
        let covers = |post: &Vec<usize>| {
            post.iter().zip(nodes).zip(&self.dimensions).all(|((atom, &node), dim)| dim.beneath(node).contains(atom))
        };
        self.people.iter().filter(|posts| posts.iter().any(covers)).count() as u64
    }

    pub fn outcome_at(&self) -> Option<usize> {
        self.dimensions.iter().position(|dimension| !dimension.is_crossed())
    }

    /// The linked set as the mapping feature would build it.
    pub fn linked(&self, rule: &Rule, released: &BTreeSet<usize>) -> Result<Linked, Refusal> {
        let mut index = 0;
        Linked::build(self.dimensions.clone(), |at| {
            let value = self.value(at);
            let cell = match self.outcome_at() {
                Some(dimension) if at[dimension] < 2 => {
                    let mut whole = at.to_vec();
                    whole[dimension] = 2;
                    let base = self.value(&whole);
                    if base == 0 {
                        Cell::public(0)
                    } else {
                        Cell::outcome(value, rule.sensitive_share(value, base, false))
                    }
                }
                Some(_) => Cell::count(
                    value,
                    rule.sensitive_count(value, false).or((value < 10).then_some(super::super::Reason::SmallBase)),
                ),
                None => Cell::count(value, rule.sensitive_count(value, false)),
            };
            index += 1;
            if released.contains(&(index - 1)) { Cell::public(value) } else { cell }
        })
    }
}

/// A table without hierarchies, given row by row without margins.
pub fn flat(shape: &[usize], counts: &[u64]) -> (Linked, Protection) {
    let dimensions = shape.iter().map(|&atoms| Dimension::flat(atoms).unwrap()).collect();
    let linked = Table::additive(dimensions, counts).linked(&Rule::default(), &BTreeSet::new()).unwrap();
    let protection = protect(&linked, &Rule::default()).unwrap();
    (linked, protection)
}
