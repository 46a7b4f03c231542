//! The last line of defence, written against the linked set alone: for every hidden figure, two
//! tables of whole numbers that agree with everything shown and everything known, and in which it
//! differs by at least the span. A release without this proof does not happen.

use super::grid::Grid;
use super::state::{Point, State};
use super::{Linked, Refusal};

pub(crate) fn check(linked: &Linked, state: &State<'_>) -> Result<(), Refusal> {
    let mut points = Checker::new(linked, state.grid);
    let mut possible: Vec<Option<bool>> = vec![None; state.points.len()];
    for (cell, &variable) in state.grid.variable_of.iter().enumerate() {
        if !state.hidden[variable] {
            continue;
        }
        let mut spread = 0;
        for (reach, sign) in [(state.above[variable], 1), (state.below[variable], -1)] {
            let point = &state.points[reach.point];
            let fits = *possible[reach.point].get_or_insert_with(|| points.is_possible(point, &state.hidden));
            let by = point.binary_search_by_key(&variable, |&(moved, _)| moved).map_or(0, |index| point[index].1);
            if !fits || by * sign != reach.by {
                return Err(Refusal::Exposed { cell });
            }
            spread += reach.by;
        }
        if spread < state.span {
            return Err(Refusal::Exposed { cell });
        }
    }
    Ok(())
}

struct Checker<'a> {
    linked: &'a Linked,
    members: Vec<Vec<usize>>,
    /// By cell: the sums it is in, and whether as total.
    sums: Vec<Vec<(usize, bool)>>,
    within: Vec<Vec<usize>>,
    change: Vec<i64>,
    balance: Vec<i64>,
}

impl<'a> Checker<'a> {
    fn new(linked: &'a Linked, grid: &Grid) -> Self {
        let size = linked.cells().len();
        let mut members = vec![Vec::new(); grid.len()];
        for (cell, &variable) in grid.variable_of.iter().enumerate() {
            members[variable].push(cell);
        }
        let mut sums = vec![Vec::new(); size];
        for (index, sum) in linked.sums().iter().enumerate() {
            sums[sum.total].push((index, true));
            for &part in &sum.parts {
                sums[part].push((index, false));
            }
        }
        let mut within = vec![Vec::new(); size];
        for (index, &(part, whole)) in linked.within().iter().enumerate() {
            within[part].push(index);
            within[whole].push(index);
        }
        Self { linked, members, sums, within, change: vec![0; size], balance: vec![0; linked.sums().len()] }
    }

    /// Can a reader who sees what is not hidden rule this table out?
    fn is_possible(&mut self, point: &Point, hidden: &[bool]) -> bool {
        let moved: Vec<usize> =
            point.iter().flat_map(|&(variable, _)| self.members[variable].iter().copied()).collect();
        for &(variable, by) in point {
            for &cell in &self.members[variable] {
                self.change[cell] = by;
            }
        }
        for &cell in &moved {
            for &(sum, is_total) in &self.sums[cell] {
                self.balance[sum] += if is_total { -self.change[cell] } else { self.change[cell] };
            }
        }
        let possible = point.iter().all(|&(variable, _)| hidden[variable])
            && moved.iter().all(|&cell| self.is_known_possible(cell))
            && moved.iter().all(|&cell| self.sums[cell].iter().all(|&(sum, _)| self.balance[sum] == 0));
        for &cell in &moved {
            self.change[cell] = 0;
            for &(sum, _) in &self.sums[cell] {
                self.balance[sum] = 0;
            }
        }
        possible
    }

    fn is_known_possible(&self, cell: usize) -> bool {
        let now = |cell: usize| i128::from(self.linked.cells()[cell].value) + i128::from(self.change[cell]);
        let Some(known) = self.linked.cells().get(cell) else { return false };
        now(cell) >= i128::from(known.lower)
            && known.upper.is_none_or(|upper| now(cell) <= i128::from(upper))
            && self.within[cell].iter().all(|&pair| {
                let (part, whole) = self.linked.within()[pair];
                now(part) <= now(whole)
            })
    }
}
