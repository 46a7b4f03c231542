//! Second thoughts: shows again what turned out not to be needed, the most useful figures first.

use super::state::{Reach, State};

/// After this much work (see `State::effort`; about 0.2 s) the rest stays hidden.
const ENOUGH: u64 = 10_000_000;

pub(crate) fn tidy(state: &mut State<'_>) {
    let mut spare: Vec<usize> =
        (0..state.grid.len()).filter(|&variable| state.hidden[variable] && !state.grid.sensitive[variable]).collect();
    spare.sort_by_key(|&variable| std::cmp::Reverse(state.grid.cost[variable]));
    for variable in spare {
        if state.effort.get() > ENOUGH {
            return;
        }
        show_again(state, variable);
    }
}

/// Shows the variable if everything that relied on it can be proved safe without it.
fn show_again(state: &mut State<'_>, variable: usize) {
    let before: Vec<(usize, Reach, Reach)> =
        state.relying_on(variable).into_iter().map(|other| (other, state.above[other], state.below[other])).collect();
    state.hidden[variable] = false;
    for &(other, above, below) in &before {
        if state.rests_on(above, variable) {
            state.above[other] = Reach::default();
        }
        if state.rests_on(below, variable) {
            state.below[other] = Reach::default();
        }
    }
    let unneeded = before.iter().all(|&(other, ..)| other == variable || state.prove(other));
    if !unneeded {
        state.hidden[variable] = true;
        for (other, above, below) in before {
            state.above[other] = above;
            state.below[other] = below;
        }
    }
}
