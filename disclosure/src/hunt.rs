//! Looks for the best change through a variable. First boxes: a depth-first walk over one factor
//! per dimension, cut off as soon as the cells that a partial box fixes are too dear or leave no
//! room. Then swaps: one person from any atom to any other, which moves more margins, but needs
//! only two atoms that are not zero where a box in three dimensions needs eight.

use std::cmp::Ordering;

use super::grid::FAR;
use super::state::State;

/// Pairs of atoms that are tried for one target; above it boxes must do.
const MOST_SWAPS: usize = 20_000;

/// What to look for.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// Through hidden variables only: the most room to move the target up (or down), up to `most`.
    Climb { up: bool, most: i64 },
    /// Whatever costs least to hide, so that the target can move by at least `least` in all
    /// (and `reach` says how far it is known to move already, up and down).
    Widen { least: i64, reach: (i64, i64) },
}

/// A box: variables and signs, with room to go along the signs (`up`) and against them (`down`).
#[derive(Clone, Debug)]
pub(crate) struct Move {
    pub cells: Vec<(usize, i8)>,
    pub cost: u64,
    pub up: i64,
    pub down: i64,
}

pub(crate) struct Hunt<'a, 'g> {
    state: &'a State<'g>,
    /// The table to start from.
    here: &'a [i64],
    goal: Goal,
    target: usize,
    cells: Vec<(usize, i8)>,
    best: Option<Move>,
    done: bool,
    effort: u64,
}

#[derive(Clone, Copy)]
struct Tally {
    cost: u64,
    up: i64,
    down: i64,
}

impl<'a, 'g> Hunt<'a, 'g> {
    pub fn best(state: &'a State<'g>, here: &'a [i64], target: usize, goal: Goal) -> Option<Move> {
        let mut hunt = Self { state, here, goal, target, cells: Vec::new(), best: None, done: false, effort: 0 };
        let start = Tally { cost: 0, up: FAR, down: FAR };
        if let Some(tally) = hunt.add(start, target, 1) {
            hunt.walk(0, tally);
        }
        if matches!(goal, Goal::Widen { .. }) || hunt.best.is_none() {
            hunt.swaps(start);
        }
        state.effort.set(state.effort.get() + hunt.effort);
        hunt.best
    }

    fn walk(&mut self, dimension: usize, tally: Tally) {
        let grid = self.state.grid;
        if dimension == grid.dimensions() {
            self.arrive(tally);
            return;
        }
        let known = self.cells.len();
        for factor in grid.factors(dimension, self.target) {
            if let Some(tally) = self.spread(known, tally, &factor.others) {
                self.walk(dimension + 1, tally);
            }
            self.cells.truncate(known);
            if self.done {
                return;
            }
        }
    }

    /// Repeats the cells so far at each of the other nodes of a factor.
    fn spread(&mut self, known: usize, mut tally: Tally, others: &[(isize, i8)]) -> Option<Tally> {
        for &(offset, sign) in others {
            for index in 0..known {
                let (cell, along) = self.cells[index];
                tally = self.add(tally, cell.wrapping_add_signed(offset), along * sign)?;
            }
        }
        Some(tally)
    }

    fn swaps(&mut self, start: Tally) {
        let grid = self.state.grid;
        let gaining = &grid.beneath[self.target];
        if gaining.len() * grid.beneath[grid.top()].len() > MOST_SWAPS {
            return;
        }
        for &gains in gaining {
            for &loses in self.partners(gains) {
                if !self.done && grid.covering[loses].binary_search(&self.target).is_err() {
                    self.cells.clear();
                    if let Some(tally) = self.swap(start, &grid.covering[gains], &grid.covering[loses]) {
                        self.arrive(tally);
                    }
                }
            }
        }
    }

    /// The atoms that can be swapped with this one. What is shown and covers it must stay as it is,
    /// and so cover the other one too, unless more may be hidden.
    fn partners(&self, atom: usize) -> &'a [usize] {
        let (state, grid) = (self.state, self.state.grid);
        let may_stay = |cover: &usize| match self.goal {
            Goal::Climb { .. } => !state.hidden[*cover],
            Goal::Widen { .. } => !grid.open[*cover],
        };
        let fixed = grid.covering[atom].iter().copied().filter(may_stay);
        let narrowest = fixed.min_by_key(|&cover| grid.beneath[cover].len());
        &grid.beneath[narrowest.unwrap_or(grid.top())]
    }

    /// All that covers one of two atoms and not the other.
    fn swap(&mut self, mut tally: Tally, gains: &[usize], loses: &[usize]) -> Option<Tally> {
        let (mut gains, mut loses) = (gains.iter().peekable(), loses.iter().peekable());
        loop {
            let next = match (gains.peek(), loses.peek()) {
                (Some(up), Some(down)) => up.cmp(down),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return Some(tally),
            };
            let up = if next.is_le() { gains.next() } else { None };
            let down = if next.is_ge() { loses.next() } else { None };
            match (up, down) {
                (Some(&cell), None) => tally = self.add(tally, cell, 1)?,
                (None, Some(&cell)) => tally = self.add(tally, cell, -1)?,
                _ => {}
            }
        }
    }

    /// Adds one cell to the box; `None` when no box with it can be good enough.
    fn add(&mut self, mut tally: Tally, cell: usize, sign: i8) -> Option<Tally> {
        let (state, grid) = (self.state, self.state.grid);
        self.effort += 1;
        if !grid.open[cell] {
            return None;
        }
        if !state.hidden[cell] {
            tally.cost += grid.cost[cell];
        }
        let rise = grid.upper[cell] - self.here[cell];
        let fall = self.here[cell] - grid.lower[cell];
        let (up, down) = if sign > 0 { (rise, fall) } else { (fall, rise) };
        tally.up = tally.up.min(up);
        tally.down = tally.down.min(down);
        self.promises(tally).then(|| {
            self.cells.push((cell, sign));
            tally
        })
    }

    /// Could a box with this tally beat the best so far?
    fn promises(&self, tally: Tally) -> bool {
        match self.goal {
            Goal::Climb { up, .. } => {
                let room = if up { tally.up } else { tally.down };
                tally.cost == 0 && room > self.best.as_ref().map_or(0, |best| if up { best.up } else { best.down })
            }
            Goal::Widen { least, reach } => {
                let width = tally.up.max(reach.0).saturating_add(tally.down.max(reach.1));
                width >= least && self.best.as_ref().is_none_or(|best| tally.cost < best.cost)
            }
        }
    }

    fn arrive(&mut self, tally: Tally) {
        let tally = self.tied(tally);
        if !self.promises(tally) {
            return;
        }
        self.done = match self.goal {
            Goal::Climb { up, most } => most <= if up { tally.up } else { tally.down },
            Goal::Widen { .. } => tally.cost == 0,
        };
        let Tally { cost, up, down } = tally;
        self.best = Some(Move { cells: self.cells.clone(), cost, up, down });
    }

    /// The room that is left when no part may outgrow its whole.
    fn tied(&self, mut tally: Tally) -> Tally {
        let grid = self.state.grid;
        let step =
            |cell: usize| self.cells.iter().find(|&&(other, _)| other == cell).map_or(0, |&(_, sign)| i64::from(sign));
        for &(part, whole) in self.cells.iter().flat_map(|&(cell, _)| &grid.ties[cell]) {
            let slack = self.here[whole] - self.here[part];
            let closing = step(part) - step(whole);
            if closing > 0 {
                tally.up = tally.up.min(slack / closing);
            } else if closing < 0 {
                tally.down = tally.down.min(slack / -closing);
            }
        }
        tally
    }
}
