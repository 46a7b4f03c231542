//! The reader as an attacker: what can be worked out about a hidden figure from all that is shown.
//! Independent of the engine: knows the linked set only, and solves linear programmes.

use microlp::{ComparisonOp, Error, OptimizationDirection, Problem, Variable};

use super::Linked;

/// The smallest and largest value (`None`: no limit) of a cell that agree with all shown cells,
/// all sums and what every reader knows. Whole numbers nearest within the linear bounds, so the
/// true feasible interval is never wider than this, and the same wherever sums form at most two
/// dimensions without overlap. `None` in place of the pair: the solver failed.
pub fn bounds(linked: &Linked, hidden: &[bool], cell: usize) -> Option<(u64, Option<u64>)> {
    if !hidden[cell] {
        let value = linked.cells()[cell].value;
        return Some((value, Some(value)));
    }
    let reached = reachable(linked, hidden, cell);
    let least = extreme(linked, hidden, &reached, cell, OptimizationDirection::Minimize)?;
    let most = extreme(linked, hidden, &reached, cell, OptimizationDirection::Maximize)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of people, never below zero")]
    let whole = |value: f64| value.max(0.0) as u64;
    Some((whole((least? - 1e-5).ceil()), most.map(|most| whole((most + 1e-5).floor()))))
}

/// The hidden cells that are tied to this one through sums.
fn reachable(linked: &Linked, hidden: &[bool], cell: usize) -> Vec<bool> {
    let mut reached = vec![false; hidden.len()];
    reached[cell] = true;
    loop {
        let mut grew = false;
        let groups = linked.sums().iter().map(|sum| (sum.total, sum.parts.as_slice()));
        let pairs = linked.within().iter().map(|(part, whole)| (*whole, std::slice::from_ref(part)));
        for (total, parts) in groups.chain(pairs) {
            let members = || parts.iter().copied().chain([total]).filter(|&member| hidden[member]);
            if members().any(|member| reached[member]) {
                for member in members() {
                    grew |= !std::mem::replace(&mut reached[member], true);
                }
            }
        }
        if !grew {
            return reached;
        }
    }
}

/// Outer `None`: failed. Inner `None`: no limit.
#[expect(clippy::cast_precision_loss, reason = "values stay far below 2^53")]
#[expect(clippy::option_option, reason = "failure and absence of a limit are different answers")]
fn extreme(
    linked: &Linked,
    hidden: &[bool],
    reached: &[bool],
    cell: usize,
    direction: OptimizationDirection,
) -> Option<Option<f64>> {
    let mut problem = Problem::new(direction);
    let variables: Vec<Option<Variable>> = linked
        .cells()
        .iter()
        .enumerate()
        .map(|(index, known)| {
            let range = (known.lower as f64, known.upper.map_or(f64::INFINITY, |upper| upper as f64));
            reached[index].then(|| problem.add_var(f64::from(u8::from(index == cell)), range))
        })
        .collect();
    let shown = |member: usize| if hidden[member] { 0.0 } else { linked.cells()[member].value as f64 };
    let term = |member: usize, sign: f64| variables[member].map(|variable| (variable, sign));
    for sum in linked.sums() {
        if !sum.parts.iter().any(|&part| reached[part]) && !reached[sum.total] {
            continue;
        }
        let row: Vec<(Variable, f64)> =
            sum.parts.iter().filter_map(|&part| term(part, 1.0)).chain(term(sum.total, -1.0)).collect();
        let rest = shown(sum.total) + sum.overlap as f64 - sum.parts.iter().map(|&part| shown(part)).sum::<f64>();
        problem.add_constraint(row, ComparisonOp::Eq, rest);
    }
    for &(part, whole) in linked.within().iter().filter(|&&(part, whole)| reached[part] || reached[whole]) {
        let row: Vec<(Variable, f64)> = term(part, 1.0).into_iter().chain(term(whole, -1.0)).collect();
        problem.add_constraint(row, ComparisonOp::Le, shown(whole) - shown(part));
    }
    match problem.solve() {
        Ok(outcome) => outcome.into_solution().ok().map(|solution| Some(solution.objective())),
        Err(Error::Unbounded) => Some(None),
        Err(_) => None,
    }
}
