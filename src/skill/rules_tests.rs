//! Every status by example, and the engine's promises over random histories.

use entity::value::Assurance::{ManagerConfirmed, ProviderIssued, SelfDeclared};
use entity::value::CompletionState::{Live, Rejected, Withdrawn};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rule() -> Rule {
    Rule {
        id: Uuid::from_u128(1).into(),
        name: "Overdose and naloxone".to_owned(),
        version: 1,
        grace_days: 90,
        window_days: 90,
        minimum: ManagerConfirmed,
        span: Span::new(day("2025-01-01"), None),
    }
}

fn done(id: u128, on: &str, through: Option<&str>, assurance: Assurance) -> Completed {
    Completed {
        id: Uuid::from_u128(id).into(),
        item: Uuid::from_u128(7).into(),
        on: day(on),
        through: through.map(day),
        assurance,
        state: Live,
    }
}

const POST: &str = "2026-04-01";

fn explained(completions: &[Completed], exemptions: &[Span], today: &str) -> Explanation {
    let rule = rule();
    let posts = [Span::new(day(POST), None)];
    Standing { rule: &rule, posts: &posts, exemptions, completions }.explain(day(today)).unwrap()
}

fn change(on: &str, to: Status) -> Option<Change> {
    Some(Change { on: day(on), to: Some(to) })
}

#[test]
fn grace_runs_from_the_first_day_in_post_and_its_last_day_is_still_in_it() {
    let last = explained(&[], &[], "2026-06-30");
    assert_eq!((last.cell.status, last.under_since, last.due_by), (Status::Due, day(POST), day("2026-06-30")));
    assert_eq!(last.next, change("2026-07-01", Status::Overdue));
    let over = explained(&[], &[], "2026-07-01");
    assert_eq!((over.cell.status, over.next), (Status::Overdue, None));
}

#[test]
fn a_requirement_that_starts_later_counts_from_its_start() {
    let rule = Rule { span: Span::new(day("2026-05-01"), Some(day("2026-12-31"))), ..rule() };
    let posts = [Span::new(day("2020-01-01"), None)];
    let standing = Standing { rule: &rule, posts: &posts, exemptions: &[], completions: &[] };
    assert_eq!(standing.status(day("2026-04-30")), None);
    assert_eq!(standing.next_change(day("2026-04-30")), change("2026-05-01", Status::Due));
    assert_eq!(standing.under_since(day("2026-06-01")), Some(day("2026-05-01")));
    assert_eq!(standing.status(day("2026-12-31")), Some(Status::Overdue));
    assert_eq!(standing.next_change(day("2026-12-31")), Some(Change { on: day("2027-01-01"), to: None }));
}

#[test]
fn held_then_lapsing_then_lapsed() {
    let held = [done(1, "2026-01-10", Some("2027-01-09"), ManagerConfirmed)];
    let met = explained(&held, &[], "2026-06-30");
    assert_eq!((met.cell.status, met.cell.through), (Status::Met, Some(day("2027-01-09"))));
    assert_eq!(met.next, change("2026-10-11", Status::Expiring));
    let expiring = explained(&held, &[], "2026-10-11");
    assert_eq!((expiring.cell.status, expiring.next), (Status::Expiring, change("2027-01-10", Status::Expired)));
    let lapsed = explained(&held, &[], "2027-01-10");
    assert_eq!((lapsed.cell.status, lapsed.counted), (Status::Expired, None));
    assert_eq!(lapsed.others, [(held[0], Why::Expired)]);
    assert_eq!(lapsed.cell.due_by, None);
}

#[test]
fn what_does_not_count_says_why() {
    let rejected = Completed { state: Rejected, ..done(1, "2026-05-05", None, ManagerConfirmed) };
    let withdrawn = Completed { state: Withdrawn, ..done(2, "2026-05-04", None, ManagerConfirmed) };
    let declared = done(3, "2026-05-03", None, SelfDeclared);
    let shorter = done(4, "2026-05-02", Some("2027-05-01"), ManagerConfirmed);
    let longer = done(5, "2026-05-01", Some("2028-04-30"), ManagerConfirmed);
    let lapsed = done(6, "2020-05-01", Some("2021-04-30"), ProviderIssued);
    let found = explained(&[lapsed, longer, shorter, declared, withdrawn, rejected], &[], "2026-06-30");
    assert_eq!((found.cell.status, found.counted), (Status::Met, Some(longer)));
    let others: Vec<_> = found.others.iter().map(|(done, why)| (done.id, *why)).collect();
    let reasons = [Why::Rejected, Why::Withdrawn, Why::BelowMinimum, Why::Superseded, Why::Expired];
    let ids = [rejected.id, withdrawn.id, declared.id, shorter.id, lapsed.id];
    assert_eq!(others, ids.into_iter().zip(reasons).collect::<Vec<_>>());
}

#[test]
fn trusted_too_little_is_as_good_as_not_held() {
    let declared = [done(1, "2026-05-01", None, SelfDeclared)];
    assert_eq!(explained(&declared, &[], "2026-06-30").cell.status, Status::Due);
    assert_eq!(explained(&declared, &[], "2026-07-01").cell.status, Status::Overdue);
    assert!(!is_met(&declared, day("2026-06-30"), ManagerConfirmed));
    assert!(is_met(&declared, day("2026-06-30"), SelfDeclared));
    assert!(!is_met(&declared, day("2026-04-30"), SelfDeclared), "not before it was done");
}

#[test]
fn an_exemption_goes_before_everything_and_ends() {
    let exempt = [Span::new(day("2026-05-01"), Some(day("2026-08-31")))];
    let found = explained(&[], &exempt, "2026-07-15");
    assert_eq!((found.cell.status, found.exempt), (Status::Exempt, Some(exempt[0])));
    assert_eq!(found.next, change("2026-09-01", Status::Overdue));
}

#[test]
fn who_has_left_or_works_in_another_role_is_not_asked() {
    let rule = rule();
    let left = [Span::new(day("2025-02-01"), Some(day("2026-03-31")))];
    let standing = Standing { rule: &rule, posts: &left, exemptions: &[], completions: &[] };
    assert_eq!(standing.status(day("2026-03-31")), Some(Status::Overdue));
    assert_eq!(standing.explain(day("2026-04-01")), None);
    assert!(covers(None, "addictions_nurse") && covers(Some("addictions_nurse"), "addictions_nurse"));
    assert!(!covers(Some("addictions_nurse"), "peer_support_worker"));
}

/// Days 0 to 1,500 after the start of 2023: short enough to walk through one by one.
fn at(offset: u16) -> NaiveDate {
    day("2023-01-01") + Days::new(u64::from(offset))
}

fn span() -> impl Strategy<Value = Span> {
    (0_u16..1200, proptest::option::of(0_u16..500))
        .prop_map(|(from, long)| Span::new(at(from), long.map(|long| at(from + long))))
}

fn completed() -> impl Strategy<Value = Completed> {
    let states = prop_oneof![6 => Just(Live), 1 => Just(Rejected), 1 => Just(Withdrawn)];
    (any::<u64>(), 0_u16..1300, proptest::option::of(0_u16..400), 0_usize..5, states).prop_map(
        |(id, on, long, rung, state)| Completed {
            id: Uuid::from_u128(u128::from(id)).into(),
            item: Uuid::from_u128(7).into(),
            on: at(on),
            through: long.map(|long| at(on + long)),
            assurance: LADDER[rung],
            state,
        },
    )
}

const LADDER: [Assurance; 5] =
    [SelfDeclared, Assurance::EvidenceAttached, ManagerConfirmed, Assurance::EmployerVerified, ProviderIssued];

#[derive(Clone, Debug)]
struct History {
    rule: Rule,
    posts: Vec<Span>,
    exemptions: Vec<Span>,
    completions: Vec<Completed>,
}

impl History {
    fn standing(&self) -> Standing<'_> {
        let Self { rule, posts, exemptions, completions } = self;
        Standing { rule, posts, exemptions, completions }
    }
}

prop_compose! {
    fn history()(
        posts in proptest::collection::vec(span(), 1..4), exemptions in proptest::collection::vec(span(), 0..3),
        completions in proptest::collection::vec(completed(), 0..6), span in span(),
        grace_days in 0_u64..400, window_days in 0_i64..200, rung in 0_usize..5,
    ) -> History {
        History { rule: Rule { grace_days, window_days, minimum: LADDER[rung], span, ..rule() }, posts, exemptions, completions }
    }
}

proptest! {
    #[test]
    fn the_status_changes_on_the_day_that_was_said_and_never_before(history in history(), today in 0_u16..1500) {
        let standing = history.standing();
        let now = standing.status(at(today));
        let next = standing.next_change(at(today));
        for later in today + 1..=2400 {
            match next {
                Some(change) if at(later) == change.on => {
                    prop_assert_ne!(now, change.to);
                    prop_assert_eq!(standing.status(at(later)), change.to);
                    break;
                }
                _ => prop_assert_eq!(standing.status(at(later)), now, "on {}", at(later)),
            }
        }
    }

    #[test]
    fn more_trust_and_one_more_completion_never_take_it_away(
        history in history(), more in completed(), lower in 0_usize..5, today in 0_u16..1500,
    ) {
        let held = |history: &History| history.standing().status(at(today)).is_some_and(Status::is_held);
        let before = held(&history);
        let mut richer = history.clone();
        richer.completions.push(more);
        prop_assert!(!before || held(&richer));
        let mut trusted = history.clone();
        for done in &mut trusted.completions {
            done.assurance = ProviderIssued;
        }
        prop_assert!(!before || held(&trusted));
        let mut easier = history.clone();
        easier.rule.minimum = easier.rule.minimum.min(LADDER[lower]);
        prop_assert!(!before || held(&easier));
    }

    #[test]
    fn every_completion_is_told_once_and_the_map_counts_as_the_matrix_does(history in history(), today in 0_u16..1500) {
        let History { rule, completions, .. } = &history;
        if let Some(found) = history.standing().explain(at(today)) {
            let past = completions.iter().filter(|done| done.on <= at(today)).count();
            prop_assert!(found.others.len() + usize::from(found.counted.is_some()) >= past.min(1));
            prop_assert!(found.others.len() + usize::from(found.counted.is_some()) <= past);
            prop_assert_eq!(found.counted.is_some(), is_met(completions, at(today), rule.minimum));
            if found.cell.status != Status::Exempt {
                prop_assert_eq!(found.cell.status.is_held(), found.counted.is_some());
            }
            prop_assert!(found.under_since <= at(today) && found.under_since <= found.due_by);
        }
    }
}
