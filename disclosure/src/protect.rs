//! Complementary suppression. For each figure that must be hidden: find tables that a reader
//! cannot rule out and in which it differs enough; if hiding more is needed for that, hide what
//! costs least. Everything hidden on the way is a target in its turn. See `proof` for the check.

use std::cmp::Reverse;
use std::collections::VecDeque;

use super::grid::Grid;
use super::hunt::{Goal, Move};
use super::state::State;
use super::{Linked, Reason, Refusal, Rule, Standing, detour, proof, tidy};

/// A wider span than this cannot be asked for: no count is as large.
const WIDEST: i64 = 1 << 40;
/// After this much work (see `State::effort`; about 20 ms) no further order is tried.
const ENOUGH: u64 = 1_000_000;

/// Which figures are not shown, and why; by cell of the linked set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protection {
    pub hidden: Vec<Option<Reason>>,
}

impl Protection {
    pub fn is_hidden(&self, cell: usize) -> bool {
        self.hidden[cell].is_some()
    }

    /// How many figures are hidden only to protect others.
    pub fn complementary(&self) -> usize {
        self.hidden.iter().filter(|reason| **reason == Some(Reason::Complementary)).count()
    }

    /// How many figures are hidden for their own sake.
    pub fn primary(&self) -> usize {
        self.hidden.iter().flatten().count() - self.complementary()
    }
}

/// Decides what to hide. The same linked set and rule always give the same answer.
///
/// # Errors
/// [`Refusal::Exposed`] when a sensitive figure cannot be protected because too much is public
/// already: then nothing of this table may be released.
pub fn protect(linked: &Linked, rule: &Rule) -> Result<Protection, Refusal> {
    let asked = linked.dimensions().iter().filter(|dimension| dimension.is_crossed()).count();
    if asked > rule.dimensions {
        return Err(Refusal::TooManyDimensions { asked });
    }
    let grid = Grid::new(linked)?;
    let span = i64::try_from(rule.span).unwrap_or(i64::MAX).min(WIDEST);
    let state = cheapest(linked, &grid, span).map_err(|variable| Refusal::Exposed {
        cell: grid.variable_of.iter().position(|&other| other == variable).unwrap_or(0),
    })?;
    proof::check(linked, &state)?;
    let reason = |(cell, &variable): (usize, &usize)| match linked.cells()[cell].standing {
        Standing::Sensitive(reason) => Some(reason),
        _ => state.hidden[variable].then_some(Reason::Complementary),
    };
    Ok(Protection { hidden: grid.variable_of.iter().enumerate().map(reason).collect() })
}

/// In which order the targets are taken. What is hidden for one helps the next, so the order
/// decides how much is hidden in the end; none is always best.
#[derive(Clone, Copy)]
enum Order {
    TotalsFirst,
    InnerFirst,
    AsTheyStand,
}

/// Tries the orders, as long as they take little work, and keeps what hides least.
fn cheapest<'g>(linked: &Linked, grid: &'g Grid, span: i64) -> Result<State<'g>, usize> {
    let mut best: Option<(u64, State<'g>)> = None;
    let mut stuck = 0;
    let mut effort = 0;
    for order in [Order::TotalsFirst, Order::InnerFirst, Order::AsTheyStand] {
        let mut state = State::new(grid, span);
        match secure(linked, &mut state, order) {
            Ok(()) => {
                tidy::tidy(&mut state);
                let cost = (0..grid.len())
                    .filter(|&variable| state.hidden[variable])
                    .map(|variable| grid.cost[variable])
                    .sum::<u64>();
                effort += state.effort.get();
                if best.as_ref().is_none_or(|&(least, _)| cost < least) {
                    best = Some((cost, state));
                }
            }
            Err(variable) => stuck = variable,
        }
        if best.is_some() && effort > ENOUGH {
            break;
        }
    }
    best.map(|(_, state)| state).ok_or(stuck)
}

/// Hides until every hidden variable is safe; names one that cannot be made so.
fn secure(linked: &Linked, state: &mut State<'_>, order: Order) -> Result<(), usize> {
    let mut targets: Vec<usize> = (0..state.grid.len()).filter(|&variable| state.hidden[variable]).collect();
    match order {
        Order::TotalsFirst => targets.sort_by_key(|&variable| Reverse(state.grid.cost[variable])),
        Order::InnerFirst => targets.sort_by_key(|&variable| state.grid.cost[variable]),
        Order::AsTheyStand => {}
    }
    let mut queue = VecDeque::from(targets);
    while let Some(target) = queue.pop_front() {
        while !state.prove(target) {
            let newly = widen(state, target).or_else(|| detour::detour(linked, state, target)).ok_or(target)?;
            queue.extend(newly);
        }
    }
    Ok(())
}

/// Hides the cheapest box that makes the target safe by itself, or else the cheapest that helps.
/// Returns what it hid.
fn widen(state: &mut State<'_>, target: usize) -> Option<Vec<usize>> {
    let alone = Goal::Widen { least: state.span, reach: (0, 0) };
    let helps =
        Goal::Widen { least: state.spread(target) + 1, reach: (state.above[target].by, state.below[target].by) };
    let found: Move = state.hunt(target, alone).or_else(|| state.hunt(target, helps))?;
    let newly: Vec<usize> = found.cells.iter().map(|&(cell, _)| cell).filter(|&cell| !state.hidden[cell]).collect();
    for &cell in &newly {
        state.hidden[cell] = true;
    }
    state.keep_box(&found);
    Some(newly)
}
