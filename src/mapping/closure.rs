//! One table protected whole: from counts to the cells of the disclosure engine and back. Pure.

use disclosure::{Cell, Dimension, Linked, Reason, Rule, protect};

use super::answer::NoAnswer;
use super::axes::{Axis, AxisKind};
use super::measures::Pattern;
use super::tally::Tally;

/// By combination of nodes: why it is hidden, if it is.
pub type Hidden = Vec<Option<Reason>>;

/// What is settled of a combination before the table is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    Hidden(Reason),
    /// Another table shows it, or may
    Shown,
    Open,
}

impl Given {
    pub fn hidden(reason: Option<Reason>) -> Self {
        reason.map_or(Self::Open, Self::Hidden)
    }
}

/// Protects every combination of the tally's axes together.
pub fn closure(
    pattern: Pattern,
    tally: &Tally,
    rule: &Rule,
    given: impl Fn(&[usize]) -> Given,
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
        let is_share = outcomes > 1;
        let (value, met) = match pattern {
            Pattern::People => (figures.people, 0),
            Pattern::Posts => (figures.posts, 0),
            Pattern::Covered => (figures.coverable, figures.covered),
            Pattern::Complied => (figures.required, figures.met),
        };
        let reason = match given(nodes) {
            Given::Shown if is_share => return Cell::public([met, value - met, value][all[width]]),
            Given::Shown => return Cell::public(value),
            Given::Hidden(reason) => Some(reason),
            Given::Open => dominated(tally, rule, nodes, pattern),
        };
        if is_share { outcome(rule, met, value, all[width], reason) } else { count(rule, value, reason) }
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
pub fn dominated(tally: &Tally, rule: &Rule, nodes: &[usize], pattern: Pattern) -> Option<Reason> {
    let of_an_area = tally.axes().iter().zip(nodes).any(|(axis, node)| is_area(axis) && *node != axis.total());
    if !of_an_area {
        return None;
    }
    let by_posts = pattern == Pattern::Posts;
    let employers = tally.cell(nodes).employers.values();
    let parts: Vec<u64> = employers.map(|share| if by_posts { share.posts } else { share.people }).collect();
    rule.dominance(&parts)
}

fn is_area(axis: &Axis) -> bool {
    axis.kind == AxisKind::Area
}
