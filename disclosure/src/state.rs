//! What the engine has decided and proved so far: which variables are hidden, and the tables
//! (points) found that agree with everything shown, as differences from the true one.

use std::cell::Cell;

use super::grid::Grid;
use super::hunt::{Goal, Hunt, Move};

/// How far a variable was seen from its true value, and in which point.
#[derive(Clone, Copy, Default)]
pub(crate) struct Reach {
    pub by: i64,
    pub point: usize,
}

/// A table that a reader cannot rule out: the variables that differ from the true one, ascending.
pub(crate) type Point = Vec<(usize, i64)>;

pub(crate) struct State<'g> {
    pub grid: &'g Grid,
    pub span: i64,
    pub hidden: Vec<bool>,
    pub above: Vec<Reach>,
    pub below: Vec<Reach>,
    pub points: Vec<Point>,
    /// By variable: the points that move it. By point: the variables whose reach rested on it once.
    moved_in: Vec<Vec<usize>>,
    relied_on: Vec<Vec<usize>>,
    /// Cells looked at by all hunts so far: a measure of work that is the same on every machine.
    pub effort: Cell<u64>,
    /// The true table; moved while climbing, and moved back.
    here: Vec<i64>,
}

impl<'g> State<'g> {
    pub fn new(grid: &'g Grid, span: i64) -> Self {
        let size = grid.len();
        Self {
            grid,
            span,
            hidden: grid.sensitive.clone(),
            above: vec![Reach::default(); size],
            below: vec![Reach::default(); size],
            points: vec![Point::new()],
            moved_in: vec![Vec::new(); size],
            relied_on: vec![Vec::new()],
            effort: Cell::new(0),
            here: grid.value.clone(),
        }
    }

    /// How wide a reader's doubt about the variable is known to be.
    pub fn spread(&self, variable: usize) -> i64 {
        self.above[variable].by + self.below[variable].by
    }

    pub fn is_safe(&self, variable: usize) -> bool {
        self.spread(variable) >= self.span
    }

    /// Keeps a point and what it says about each variable that it moves.
    pub fn keep(&mut self, mut point: Point) {
        point.retain(|&(_, by)| by != 0);
        point.sort_unstable();
        let number = self.points.len();
        let mut relying = Vec::new();
        for &(variable, by) in &point {
            self.moved_in[variable].push(number);
            let (reach, by) = if by > 0 { (&mut self.above, by) } else { (&mut self.below, -by) };
            if reach[variable].by < by {
                reach[variable] = Reach { by, point: number };
                relying.push(variable);
            }
        }
        self.points.push(point);
        self.relied_on.push(relying);
    }

    /// The variables whose safety rests on this one being hidden, ascending.
    pub fn relying_on(&self, variable: usize) -> Vec<usize> {
        let rests = |other: usize, point: usize| self.above[other].point == point || self.below[other].point == point;
        let points = self.moved_in[variable].iter();
        let mut relying: Vec<usize> = points
            .flat_map(|&point| self.relied_on[point].iter().copied().filter(move |&other| rests(other, point)))
            .collect();
        relying.sort_unstable();
        relying.dedup();
        relying
    }

    /// Does this reach rest on the variable being hidden?
    pub fn rests_on(&self, reach: Reach, variable: usize) -> bool {
        self.points[reach.point].binary_search_by_key(&variable, |&(moved, _)| moved).is_ok()
    }

    /// The best box through the variable, starting from the true table.
    pub fn hunt(&self, variable: usize, goal: Goal) -> Option<Move> {
        Hunt::best(self, &self.here, variable, goal)
    }

    /// Keeps what a box from the true table shows in either direction.
    pub fn keep_box(&mut self, found: &Move) {
        for (room, sign) in [(found.up, 1), (found.down, -1)] {
            let by = room.min(self.span) * sign;
            self.keep(found.cells.iter().map(|&(cell, along)| (cell, i64::from(along) * by)).collect());
        }
    }

    /// Tries to show, with what is hidden now, that the variable is safe.
    pub fn prove(&mut self, variable: usize) -> bool {
        for up in [true, false] {
            if self.is_safe(variable) {
                return true;
            }
            let other = if up { self.below[variable].by } else { self.above[variable].by };
            self.climb(variable, up, self.span - other);
        }
        self.is_safe(variable)
    }

    /// Moves the variable as far as `most` through hidden variables, box after box.
    fn climb(&mut self, variable: usize, up: bool, most: i64) {
        let mut here = std::mem::take(&mut self.here);
        let mut moved = Point::new();
        let mut left = most;
        while left > 0 {
            let goal = Goal::Climb { up, most: left };
            let Some(found) = Hunt::best(self, &here, variable, goal) else { break };
            let step = left.min(if up { found.up } else { found.down });
            left -= step;
            for &(cell, along) in &found.cells {
                here[cell] += i64::from(along) * if up { step } else { -step };
                moved.push((cell, 0));
            }
        }
        moved.sort_unstable();
        moved.dedup();
        for (cell, by) in &mut moved {
            *by = here[*cell] - self.grid.value[*cell];
            here[*cell] = self.grid.value[*cell];
        }
        self.here = here;
        if left < most {
            self.keep(moved);
        }
    }
}
