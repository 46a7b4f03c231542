//! When earlier releases leave no box: looks for the cheapest change of any shape, by integer
//! programming over the figures that are tied to the target. Rare, and limited in size; what it
//! finds is checked by `proof` like everything else.

use std::collections::BTreeMap;

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};

use super::Linked;
use super::state::{Point, State};

/// Of larger tables only the variables nearest to the target are moved.
const MOST_VARIABLES: usize = 300;
const MOST_BRANCHES: u64 = 200;

/// Hides what lets the target move by the span. Returns what it hid.
pub(crate) fn detour(linked: &Linked, state: &mut State<'_>, target: usize) -> Option<Vec<usize>> {
    let tied = Tied::around(linked, state, target);
    let span = state.span;
    let one_way = [span, -span].into_iter().map(|by| vec![by]);
    let both_ways = (1..span).map(|up| vec![up, up - span]);
    let points: Vec<Point> = one_way
        .chain(both_ways)
        .find_map(|steps| steps.into_iter().map(|by| tied.cheapest(state, target, by)).collect())?;
    let mut newly: Vec<usize> =
        points.iter().flatten().map(|&(variable, _)| variable).filter(|&variable| !state.hidden[variable]).collect();
    newly.sort_unstable();
    newly.dedup();
    for &variable in &newly {
        state.hidden[variable] = true;
    }
    for point in points {
        state.keep(point);
    }
    state.is_safe(target).then_some(newly)
}

/// The part of the linked set that can move together with the target.
struct Tied {
    variables: Vec<usize>,
    /// Total and parts; only the members of `variables` matter.
    sums: Vec<(usize, Vec<usize>)>,
}

impl Tied {
    fn around(linked: &Linked, state: &State<'_>, target: usize) -> Self {
        let grid = state.grid;
        let sums: Vec<(usize, Vec<usize>)> = linked
            .sums()
            .iter()
            .map(|sum| (grid.variable_of[sum.total], sum.parts.iter().map(|&part| grid.variable_of[part]).collect()))
            .filter(|(total, parts): &(usize, Vec<usize>)| *parts != [*total])
            .collect();
        let mut touching = vec![Vec::new(); grid.len()];
        for (index, (total, parts)) in sums.iter().enumerate() {
            for &variable in parts.iter().chain([total]) {
                touching[variable].push(index);
            }
        }
        let mut variables = vec![target];
        let mut seen = vec![false; grid.len()];
        seen[target] = true;
        let mut next = 0;
        while let Some(&variable) = variables.get(next).filter(|_| variables.len() < MOST_VARIABLES) {
            next += 1;
            for &(total, ref parts) in touching[variable].iter().map(|&sum| &sums[sum]) {
                for &other in parts.iter().chain([&total]) {
                    if grid.open[other] && !std::mem::replace(&mut seen[other], true) {
                        variables.push(other);
                    }
                }
            }
        }
        let sums =
            sums.into_iter().filter(|(total, parts)| parts.iter().chain([total]).any(|&part| seen[part])).collect();
        Self { variables, sums }
    }

    /// The change that moves the target by `by` and costs least to hide.
    fn cheapest(&self, state: &State<'_>, target: usize, by: i64) -> Option<Point> {
        let grid = state.grid;
        let cap = state.span.saturating_mul(8);
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let mut halves: BTreeMap<usize, [Variable; 2]> = BTreeMap::new();
        for &variable in &self.variables {
            let rise = (grid.upper[variable] - grid.value[variable]).min(cap);
            let fall = (grid.value[variable] - grid.lower[variable]).min(cap);
            let price = if state.hidden[variable] { 0.5 } else { f64::from(u32::try_from(grid.cost[variable]).ok()?) };
            let range = |room: i64, step: i64| -> Option<(i32, i32)> {
                let (low, high) = if variable == target { (step.max(0), step.max(0)) } else { (0, room) };
                (high <= room).then_some(())?;
                Some((i32::try_from(low).ok()?, i32::try_from(high).ok()?))
            };
            let up = problem.add_integer_var(price, range(rise, by)?);
            let down = problem.add_integer_var(price, range(fall, -by)?);
            halves.insert(variable, [up, down]);
        }
        let terms = |variable: usize, sign: f64| {
            halves.get(&variable).into_iter().flat_map(move |&[up, down]| [(up, sign), (down, -sign)])
        };
        for (total, parts) in &self.sums {
            let row: Vec<(Variable, f64)> =
                parts.iter().flat_map(|&part| terms(part, 1.0)).chain(terms(*total, -1.0)).collect();
            problem.add_constraint(row, ComparisonOp::Eq, 0.0);
        }
        for &(part, whole) in self.variables.iter().flat_map(|&variable| &grid.ties[variable]) {
            let row: Vec<(Variable, f64)> = terms(part, 1.0).chain(terms(whole, -1.0)).collect();
            let slack = (grid.value[whole] - grid.value[part]).min(cap * 2);
            problem.add_constraint(row, ComparisonOp::Le, f64::from(i32::try_from(slack).ok()?));
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(MOST_BRANCHES);
        let solution = problem.solve_with(options).ok()?.into_solution().ok()?;
        let whole = |variable: Variable| whole_number(solution.var_value(variable));
        Some(
            halves
                .iter()
                .map(|(&variable, &[up, down])| (variable, whole(up) - whole(down)))
                .filter(|&(_, by)| by != 0)
                .collect(),
        )
    }
}

/// Solutions lie within `[-8 span, 8 span]`; the proof checks the result exactly.
fn whole_number(value: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "bounded by the caps on the variables")]
    let rounded = value.round() as i64;
    rounded
}
