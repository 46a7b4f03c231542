//! Cases with a name: each was, or could have been, a leak.

use std::collections::BTreeSet;

use super::super::attack::bounds;
use super::super::{Cell, Dimension, Linked, Protection, Reason, Refusal, Rule, Standing, protect};
use super::exhaustive::Exhaustive;
use super::tables::{Table, flat};

fn hidden(protection: &Protection) -> Vec<bool> {
    protection.hidden.iter().map(Option::is_some).collect()
}

fn assert_safe(linked: &Linked, protection: &Protection) {
    let hidden = hidden(protection);
    for cell in (0..hidden.len()).filter(|&cell| hidden[cell]) {
        let (least, most) = bounds(linked, &hidden, cell).unwrap();
        assert!(most.is_none_or(|most| most - least >= 3), "cell {cell}: {least} to {most:?}");
    }
}

#[test]
fn a_row_with_one_small_cell_loses_its_smallest_neighbour_and_keeps_its_total() {
    let (linked, protection) = flat(&[4], &[3, 40, 12, 25]);
    assert_eq!(hidden(&protection), [true, false, true, false, false]);
    assert_eq!(protection.hidden[2], Some(Reason::Complementary));
    assert_safe(&linked, &protection);
}

#[test]
fn a_table_with_nothing_small_is_shown_whole() {
    let (_, protection) = flat(&[3, 2], &[5, 6, 7, 8, 0, 10]);
    assert_eq!((protection.primary(), protection.complementary()), (0, 0));
}

#[test]
fn two_by_two_hides_all_four_inner_cells_and_no_margin() {
    let (linked, protection) = flat(&[2, 2], &[2, 9, 11, 30]);
    let inner = [[0, 0], [0, 1], [1, 0], [1, 1]].map(|at| linked.index(&at));
    assert!(inner.iter().all(|&cell| protection.is_hidden(cell)));
    assert_eq!(protection.hidden.iter().flatten().count(), 4);
    assert_safe(&linked, &protection);
}

#[test]
fn two_small_cells_in_a_row_are_not_enough_for_each_other() {
    // 1 + 2 = 3 leaves 1 to 2 for each.
    let (linked, protection) = flat(&[4], &[1, 2, 20, 30]);
    assert_eq!(hidden(&protection), [true, true, true, false, false]);
    assert_safe(&linked, &protection);
}

#[test]
fn a_small_total_hides_everything_that_is_not_zero() {
    let (linked, protection) = flat(&[3, 2], &[1, 0, 0, 2, 0, 0]);
    for (cell, is_hidden) in hidden(&protection).into_iter().enumerate() {
        assert_eq!(is_hidden, linked.cells()[cell].value > 0, "cell {cell}");
    }
    assert_safe(&linked, &protection);
}

#[test]
fn a_single_figure_is_a_table_without_dimensions() {
    for (value, is_hidden) in [(0, false), (3, true), (5, false)] {
        let cell = Cell::count(value, Rule::default().sensitive_count(value, false));
        let linked = Linked::build(Vec::new(), |_| cell).unwrap();
        assert_eq!(hidden(&protect(&linked, &Rule::default()).unwrap()), [is_hidden]);
    }
}

#[test]
fn an_empty_table_is_shown() {
    let (_, protection) = flat(&[3, 2], &[0; 6]);
    assert_eq!(protection.hidden.iter().flatten().count(), 0);
}

#[test]
fn a_row_whose_only_person_count_is_small_takes_its_margin_along() {
    let (linked, protection) = flat(&[3, 3], &[3, 0, 0, 20, 30, 40, 50, 60, 70]);
    assert!(protection.is_hidden(linked.index(&[0, 0])) && protection.is_hidden(linked.index(&[0, 3])));
    assert!(!protection.is_hidden(linked.index(&[0, 1])), "a true zero is shown");
    assert!(!protection.is_hidden(linked.index(&[3, 3])), "the grand total is shown");
    assert_safe(&linked, &protection);
}

/// Clackmannanshire, Stirling, Falkirk, Fife, Orkney; ADPs: the first two together, and one each;
/// boards: Forth Valley (first three), Fife, Orkney.
fn places() -> Dimension {
    let adps = [vec![0, 1], vec![2], vec![3], vec![4]];
    let boards = [vec![0, 1, 2], vec![3], vec![4]];
    Dimension::with_unions(5, &[adps.as_slice(), boards.as_slice()].concat()).unwrap()
}

fn in_places(roles: usize, counts: &[u64]) -> (Linked, Protection) {
    let table = Table::additive(vec![places(), Dimension::flat(roles).unwrap()], counts);
    let linked = table.linked(&Rule::default(), &BTreeSet::new()).unwrap();
    let protection = protect(&linked, &Rule::default()).unwrap();
    assert_safe(&linked, &protection);
    (linked, protection)
}

#[test]
fn one_council_that_is_an_adp_and_a_board_is_hidden_in_all_three_or_none() {
    let counts = [30, 40, 25, 35, 60, 20, 90, 80, 3, 30];
    let (linked, protection) = in_places(2, &counts);
    // Orkney: council 4, ADP 8, board 11.
    for role in 0..=2 {
        let orkney = [4, 8, 11].map(|node| protection.is_hidden(linked.index(&[node, role])));
        assert!(orkney == [true; 3] || orkney == [false; 3]);
        let fife = [3, 7, 10].map(|node| protection.is_hidden(linked.index(&[node, role])));
        assert!(fife == [true; 3] || fife == [false; 3]);
    }
    assert_eq!(protection.hidden[linked.index(&[8, 0])], Some(Reason::SmallCount));
}

#[test]
fn clackmannanshire_cannot_be_had_by_taking_stirling_from_their_joint_adp() {
    let counts = [2, 30, 25, 35, 60, 20, 90, 80, 50, 30];
    let (linked, protection) = in_places(2, &counts);
    let [clacks, stirling, joint, board] = [0, 1, 5, 9].map(|node| protection.is_hidden(linked.index(&[node, 0])));
    assert!(clacks);
    assert!(stirling || joint, "Clackmannanshire = joint ADP - Stirling");
    // Forth Valley - Falkirk is the joint ADP again.
    assert!(stirling || board || protection.is_hidden(linked.index(&[2, 0])));
    assert!(stirling && !joint && !board, "the councils are the smallest loss");
}

#[test]
fn a_small_joint_adp_cannot_be_had_from_board_less_falkirk() {
    let counts = [2, 30, 1, 35, 60, 20, 90, 80, 50, 30];
    let (linked, protection) = in_places(2, &counts);
    assert!(protection.is_hidden(linked.index(&[5, 0])));
    let falkirk = protection.is_hidden(linked.index(&[2, 0])) || protection.is_hidden(linked.index(&[6, 0]));
    assert!(falkirk || protection.is_hidden(linked.index(&[9, 0])));
}

#[test]
fn geographies_alone_are_protected_jointly() {
    let (linked, protection) = in_places(1, &[3, 12, 40, 200, 9]);
    assert!(protection.is_hidden(linked.index(&[0, 0])));
    assert!(!protection.is_hidden(linked.index(&[12, 0])), "Scotland is shown");
}

#[test]
fn what_an_earlier_release_showed_is_worked_around() {
    let table = Table::additive(
        vec![Dimension::flat(3).unwrap(), Dimension::flat(3).unwrap()],
        &[2, 9, 40, 11, 30, 50, 60, 70, 80],
    );
    let rule = Rule::default();
    let free = protect(&table.linked(&rule, &BTreeSet::new()).unwrap(), &rule).unwrap();
    let linked = table.linked(&rule, &BTreeSet::new()).unwrap();
    let neighbour = linked.index(&[0, 1]);
    assert!(free.is_hidden(neighbour));
    let linked = table.linked(&rule, &BTreeSet::from([neighbour])).unwrap();
    let bound = protect(&linked, &rule).unwrap();
    assert!(!bound.is_hidden(neighbour) && bound.is_hidden(linked.index(&[0, 2])));
    assert_safe(&linked, &bound);
}

#[test]
fn a_cycle_is_found_where_released_cells_leave_no_box() {
    // A diagonal pair in each row is free: only the six-cycle through all of them is left.
    let table = Table::additive(
        vec![Dimension::flat(3).unwrap(), Dimension::flat(3).unwrap()],
        &[2, 9, 40, 50, 30, 9, 9, 70, 80],
    );
    let rule = Rule::default();
    let plain = table.linked(&rule, &BTreeSet::new()).unwrap();
    let kept = [[0, 0], [0, 1], [1, 1], [1, 2], [2, 2], [2, 0]].map(|at| plain.index(&at));
    let released: BTreeSet<usize> = (0..plain.cells().len()).filter(|cell| !kept.contains(cell)).collect();
    let linked = table.linked(&rule, &released).unwrap();
    let protection = protect(&linked, &rule).unwrap();
    assert_eq!((0..16).filter(|&cell| protection.is_hidden(cell)).collect::<Vec<_>>(), {
        let mut kept = kept.to_vec();
        kept.sort_unstable();
        kept
    });
    assert_safe(&linked, &protection);
}

#[test]
fn a_figure_that_earlier_releases_give_away_refuses_the_table() {
    let table = Table::additive(vec![Dimension::flat(3).unwrap()], &[2, 9, 40]);
    let rule = Rule::default();
    let linked = table.linked(&rule, &BTreeSet::from([1, 2, 3])).unwrap();
    assert_eq!(protect(&linked, &rule), Err(Refusal::Exposed { cell: 0 }));
    let linked = Linked::build(vec![Dimension::with_unions(2, &[vec![0]]).unwrap()], |at| match at[0] {
        0 => Cell::count(3, Some(Reason::SmallCount)),
        2 => Cell::public(3),
        other => Cell::count([0, 20, 0, 23][other], None),
    })
    .unwrap();
    assert!(matches!(protect(&linked, &rule), Err(Refusal::Exposed { .. })), "its twin is public");
}

#[test]
fn everyone_trained_in_a_small_team_is_not_shown_as_a_hundred_percent() {
    // Teams of 12, 30 and 40 people; all of the first hold the skill.
    let table = Table::additive(vec![Dimension::flat(3).unwrap(), Dimension::outcome()], &[12, 0, 20, 10, 25, 15]);
    let linked = table.linked(&Rule::default(), &BTreeSet::new()).unwrap();
    let protection = protect(&linked, &Rule::default()).unwrap();
    assert_eq!(protection.hidden[linked.index(&[0, 0])], Some(Reason::AllOrNothing));
    assert!(protection.is_hidden(linked.index(&[0, 1])), "the rest, a zero, says the same");
    assert!(!protection.is_hidden(linked.index(&[0, 2])), "the base may be shown");
    assert_safe(&linked, &protection);
}

#[test]
fn more_than_three_crossed_dimensions_are_refused_but_an_outcome_is_free() {
    let dimensions = |last: Dimension| {
        vec![Dimension::flat(1).unwrap(), Dimension::flat(1).unwrap(), Dimension::flat(1).unwrap(), last]
    };
    let four = Linked::build(dimensions(Dimension::flat(1).unwrap()), |_| Cell::count(9, None)).unwrap();
    assert_eq!(protect(&four, &Rule::default()), Err(Refusal::TooManyDimensions { asked: 4 }));
    let with_outcome =
        Linked::build(dimensions(Dimension::outcome()), |at| Cell::count([9, 9, 18][at[3]], None)).unwrap();
    assert!(protect(&with_outcome, &Rule::default()).is_ok());
}

#[test]
fn both_attackers_find_what_complementary_suppression_would_have_hidden() {
    let (linked, _) = flat(&[2, 2], &[2, 9, 11, 30]);
    let only_primary: Vec<bool> = (0..9).map(|cell| cell == 0).collect();
    assert_eq!(bounds(&linked, &only_primary, 0), Some((2, Some(2))));
    let seen = Exhaustive::run(&linked, &only_primary, 40, 100_000).unwrap();
    assert_eq!(seen[0], (2, 2));
    let one_row = [0, 1].map(|row| linked.index(&[row, 0]));
    let with_total: Vec<bool> = (0..9).map(|cell| one_row.contains(&cell) || cell == 7).collect();
    assert_eq!(bounds(&linked, &with_total, 0), Some((2, Some(2))), "the row still gives it away");
}

#[test]
fn a_dominated_cell_is_hidden_however_large() {
    let values = [500, 20, 30, 550];
    let linked = Linked::build(vec![Dimension::flat(3).unwrap()], |at| {
        Cell::count(values[at[0]], (at[0] == 0).then_some(Reason::DominantEmployer))
    })
    .unwrap();
    let protection = protect(&linked, &Rule::default()).unwrap();
    assert_eq!(hidden(&protection), [true, true, false, false]);
    assert_eq!(linked.cells()[0].standing, Standing::Sensitive(Reason::DominantEmployer));
}
