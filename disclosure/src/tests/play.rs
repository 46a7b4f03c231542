//! Random tables, played by the attacker. `PROPTEST_CASES=20000 cargo test --release play` for a
//! long run.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::attack::bounds;
use super::super::{Dimension, Linked, Protection, Refusal, Rule, Standing, protect};
use super::exhaustive::Exhaustive;
use super::tables::Table;

fn dimension(most: usize) -> impl Strategy<Value = Dimension> {
    (1..=most)
        .prop_flat_map(|atoms| (Just(atoms), prop::collection::vec(prop::collection::vec(0..atoms, 1..=atoms), 0..=3)))
        .prop_map(|(atoms, unions)| Dimension::with_unions(atoms, &unions).unwrap())
}

/// Mostly small counts and zeros, some large.
fn count() -> impl Strategy<Value = u64> {
    prop_oneof![2 => Just(0_u64), 4 => 1_u64..5, 3 => 5_u64..15, 1 => 15_u64..60]
}

/// Up to `most` atoms per dimension (shorter lists for more dimensions), perhaps people with two
/// posts, perhaps the outcome of a measure.
fn table(most: &'static [usize], doubles: usize, outcome: bool) -> impl Strategy<Value = Table> {
    let dimensions: Vec<_> = most.iter().map(|&most| dimension(most)).collect();
    dimensions.prop_flat_map(move |mut dimensions| {
        if outcome {
            dimensions.push(Dimension::outcome());
        }
        let size = dimensions.iter().map(Dimension::atoms).product::<usize>();
        let post: Vec<_> = dimensions.iter().map(|dimension| 0..dimension.atoms()).collect();
        let second = prop::collection::vec((post.clone(), post), 0..=doubles);
        (Just(dimensions), prop::collection::vec(count(), size), second).prop_map(|(dimensions, counts, second)| {
            let mut table = Table::additive(dimensions, &counts);
            table.people.extend(second.into_iter().map(|(one, other)| vec![one, other]));
            table
        })
    })
}

/// Asserts everything a reader and a planner rely on. `exact` asks the exhaustive attacker, whose
/// intervals are never wider than the linear ones, and the linear one where that gives up.
fn play(linked: &Linked, protection: &Protection, exact: bool) {
    let hidden: Vec<bool> = protection.hidden.iter().map(Option::is_some).collect();
    for (index, cell) in linked.cells().iter().enumerate() {
        match cell.standing {
            Standing::Sensitive(reason) => assert_eq!(protection.hidden[index], Some(reason)),
            Standing::Public => assert!(!hidden[index], "public cell {index} hidden"),
            Standing::Free => {}
        }
    }
    let suppressed = (0..hidden.len()).filter(|&index| hidden[index]);
    let cap = linked.cells().iter().map(|cell| cell.value).max().unwrap_or(0) + 3;
    if let Some(seen) =
        exact.then(|| Exhaustive::run(linked, &hidden, cap, if cases().is_some() { 40_000 } else { 6_000 })).flatten()
    {
        for index in suppressed {
            let (least, most) = seen[index];
            assert!(most - least >= 3, "cell {index}: {least} to {most} exactly\n{linked:?}\n{hidden:?}");
        }
    } else {
        let step = if every_cell() { 1 } else { suppressed.clone().count() / 3 + 1 };
        for index in suppressed.step_by(step) {
            let value = linked.cells()[index].value;
            let (least, most) = bounds(linked, &hidden, index).unwrap();
            assert!(least <= value && most.is_none_or(|most| most >= value));
            assert!(
                most.is_none_or(|most| most - least >= 3),
                "cell {index}: {least} to {most:?}\n{linked:?}\n{hidden:?}"
            );
        }
    }
}

fn answer(table: &Table, released: &BTreeSet<usize>) -> Result<(Linked, Protection), Refusal> {
    let rule = Rule::default();
    let linked = table.linked(&rule, released)?;
    let protection = protect(&linked, &rule)?;
    assert_eq!(protect(&linked, &rule), Ok(protection.clone()), "the same question, another answer");
    Ok((linked, protection))
}

fn play_out(table: &Table, exact: bool) {
    let (linked, protection) = answer(table, &BTreeSet::new()).unwrap();
    play(&linked, &protection, exact);
}

/// Enough to notice a leak at every run, and as many as asked for.
fn cases() -> Option<u32> {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok())
}

/// The linear attacker is slow: it takes on every cell in runs of up to a thousand cases that were
/// asked for, and some cells of each table otherwise.
fn every_cell() -> bool {
    cases().is_some_and(|cases| cases <= 1000)
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: cases().unwrap_or(40), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn one_dimension(table in table(&[7], 0, false)) {
        play_out(&table, true);
    }

    #[test]
    fn two_dimensions(table in table(&[4, 3], 0, false)) {
        play_out(&table, true);
    }

    #[test]
    fn wide_two_dimensions(table in table(&[6, 4], 0, false)) {
        play_out(&table, false);
    }

    #[test]
    fn three_dimensions(table in table(&[3, 3, 2], 0, false)) {
        play_out(&table, true);
    }

    #[test]
    fn people_with_two_posts(table in table(&[4, 3], 4, false)) {
        play_out(&table, true);
    }

    #[test]
    fn people_with_two_posts_in_three_dimensions(table in table(&[3, 2, 2], 4, false)) {
        play_out(&table, true);
    }

    #[test]
    fn outcomes_of_a_measure(table in table(&[3, 2], 2, true)) {
        play_out(&table, true);
    }

    /// Too large for the attackers here; the engine's own proof stands behind the answer, and
    /// without earlier releases there always is one.
    #[test]
    fn larger_tables_are_never_refused(table in table(&[8, 6, 3], 5, false)) {
        let (linked, protection) = answer(&table, &BTreeSet::new()).unwrap();
        for (cell, reason) in linked.cells().iter().zip(&protection.hidden) {
            assert_eq!(cell.standing == Standing::Public, cell.value == 0);
            assert!(reason.is_none() || cell.value > 0);
        }
    }

    /// What an earlier release showed stays shown; then either all is safe or nothing is released.
    #[test]
    fn after_an_earlier_release(table in table(&[4, 3], 1, false), picks in prop::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let (linked, before) = answer(&table, &BTreeSet::new()).unwrap();
        let shown: Vec<usize> = (0..linked.cells().len()).filter(|&cell| !before.is_hidden(cell)).collect();
        if !shown.is_empty() {
            let released: BTreeSet<usize> = picks.iter().map(|pick| *pick.get(&shown)).collect();
            if let Ok((linked, protection)) = answer(&table, &released) {
                play(&linked, &protection, true);
            }
        }
    }
}
