//! Every status by example.

use entity::value::Assurance::{ManagerConfirmed, ProviderIssued, SelfDeclared};
use entity::value::CompletionState::{Rejected, Withdrawn};
use entity::value::{Level, Status};

use super::{HERE, day, done, post, requirement, span};
use crate::{Applies, Asks, Built, Change, Completed, Explanation, Rule, Span, Standing, Why};

const POST: &str = "2026-04-01";

/// What is told of somebody in post since [`POST`], and done with.
fn explained(completions: &[Completed], exemptions: &[Span], today: &str, see: impl Fn(&Explanation<'_>)) {
    let asked = requirement();
    let posts = [post(POST, None)];
    see(&Standing::new(&asked, &posts, exemptions, completions).explain(day(today)).unwrap());
}

fn change(on: &str, to: Status) -> Option<Change> {
    Some(Change { on: day(on), to: Some(to) })
}

#[test]
fn grace_runs_from_the_first_day_in_post_and_its_last_day_is_still_in_it() {
    explained(&[], &[], "2026-06-30", |last| {
        assert_eq!((last.cell.status, last.under_since, last.due_by), (Status::Due, day(POST), day("2026-06-30")));
        assert_eq!((last.since, last.next), (day(POST), change("2026-07-01", Status::Overdue)));
    });
    explained(&[], &[], "2026-07-09", |over| {
        assert_eq!((over.cell.status, over.since, over.next), (Status::Overdue, day("2026-07-01"), None));
    });
}

#[test]
fn a_requirement_that_starts_later_counts_from_its_start() {
    let mut asked = requirement();
    asked.rule = Rule { span: Span::new(day("2026-05-01"), Some(day("2026-12-31"))), ..asked.rule };
    let posts = [post("2020-01-01", None)];
    let standing = Standing::new(&asked, &posts, &[], &[]);
    assert_eq!(standing.status(day("2026-04-30")), None);
    assert_eq!(standing.next_change(day("2026-04-30")), change("2026-05-01", Status::Due));
    assert_eq!(standing.under_since(day("2026-06-01")), Some(day("2026-05-01")));
    assert_eq!(standing.status(day("2026-12-31")), Some(Status::Overdue));
    assert_eq!(standing.next_change(day("2026-12-31")), Some(Change { on: day("2027-01-01"), to: None }));
}

#[test]
fn held_then_lapsing_then_lapsed() {
    let held = [done(1, "2026-04-10", Some("2027-01-09"), ManagerConfirmed)];
    explained(&held, &[], "2026-06-30", |met| {
        assert_eq!((met.cell.status, met.cell.through), (Status::Met, Some(day("2027-01-09"))));
        assert_eq!((met.since, met.next), (day("2026-04-10"), change("2026-10-11", Status::Expiring)));
    });
    explained(&held, &[], "2026-10-11", |expiring| {
        assert_eq!((expiring.cell.status, expiring.next), (Status::Expiring, change("2027-01-10", Status::Expired)));
    });
    explained(&held, &[], "2027-01-10", |lapsed| {
        assert_eq!((lapsed.cell.status, lapsed.counted), (Status::Expired, None));
        assert_eq!(lapsed.others, [(&held[0], Why::Expired)]);
        assert_eq!((lapsed.cell.due_by, lapsed.since), (None, day("2027-01-10")));
    });
}

#[test]
fn what_does_not_count_says_why() {
    let rejected = Completed { state: Rejected, ..done(1, "2026-05-06", None, ManagerConfirmed) };
    let withdrawn = Completed { state: Withdrawn, ..done(2, "2026-05-05", None, ManagerConfirmed) };
    let refused = Completed { refused_by: vec![HERE.into()], ..done(7, "2026-05-04", None, ManagerConfirmed) };
    let declared = done(3, "2026-05-03", Some("2027-05-02"), SelfDeclared);
    let shorter = done(4, "2026-05-02", Some("2027-05-01"), ManagerConfirmed);
    let longer = done(5, "2026-05-01", Some("2028-04-30"), ManagerConfirmed);
    let lapsed = done(6, "2020-05-01", Some("2021-04-30"), ProviderIssued);
    let all = [lapsed, longer.clone(), shorter, declared, withdrawn, rejected, refused];
    explained(&all, &[], "2026-06-30", |found| {
        assert_eq!((found.cell.status, found.counted), (Status::Met, Some(&longer)));
        let others: Vec<_> = found.others.iter().map(|(done, why)| (done.id.0.as_u128(), *why)).collect();
        let wanted = [
            (1, Why::Rejected),
            (2, Why::Withdrawn),
            (7, Why::Rejected),
            (3, Why::BelowMinimum),
            (4, Why::Superseded),
            (6, Why::Expired),
        ];
        assert_eq!(others, wanted);
        assert_eq!((found.cell.waiting, found.waits.len()), (None, 0), "what counts already lasts longer");
    });
}

#[test]
fn who_rejected_it_counts_it_for_none_of_theirs_and_others_go_on() {
    let refused = [Completed { refused_by: vec![HERE.into()], ..done(1, "2026-05-04", None, ManagerConfirmed) }];
    explained(&refused, &[], "2026-06-30", |found| {
        assert_eq!((found.cell.status, found.counted, found.cell.waiting), (Status::Due, None, None));
    });
    let mut national = requirement();
    national.applies = Applies::default();
    let posts = [post(POST, None)];
    assert_eq!(Standing::new(&national, &posts, &[], &refused).status(day("2026-06-30")), Some(Status::Met));
}

#[test]
fn trusted_too_little_is_not_held_and_waits() {
    let declared = [Completed { recorded_on: day("2026-05-09"), ..done(1, "2026-05-01", None, SelfDeclared) }];
    explained(&declared, &[], "2026-06-30", |found| {
        assert_eq!(found.cell.status, Status::Due);
        let waiting = found.cell.waiting.unwrap();
        assert_eq!(
            (waiting.completion, waiting.since, waiting.needs),
            (declared[0].id, day("2026-05-09"), ManagerConfirmed)
        );
        assert_eq!(found.others, [(&declared[0], Why::BelowMinimum)]);
    });
    let (asked, posts) = (requirement(), [post(POST, None)]);
    let standing = Standing::new(&asked, &posts, &[], &declared);
    let today = day("2026-06-30");
    assert!(standing.moved_by(declared[0].id, ManagerConfirmed, today));
    assert!(!standing.moved_by(declared[0].id, SelfDeclared, today), "a word of too little weight");
    assert!(
        asked.is_met_by(&declared[0], today, SelfDeclared) && !asked.is_met_by(&declared[0], today, ManagerConfirmed)
    );
    assert!(!asked.is_met_by(&declared[0], day("2026-04-30"), SelfDeclared), "not before it was done");
}

#[test]
fn a_repeat_waits_beside_what_lapses_and_only_if_it_lasts_longer() {
    let old = done(1, "2025-07-01", Some("2026-06-30"), ManagerConfirmed);
    let again = done(2, "2026-05-01", Some("2027-04-30"), SelfDeclared);
    let older = done(3, "2024-05-01", Some("2026-05-30"), SelfDeclared);
    explained(&[old.clone(), again.clone(), older], &[], "2026-05-15", |found| {
        assert_eq!((found.cell.status, found.counted), (Status::Expiring, Some(&old)));
        assert_eq!((found.cell.waiting.map(|one| one.completion), &found.waits[..]), (Some(again.id), &[&again][..]));
    });
}

#[test]
fn an_exemption_goes_before_everything_and_ends() {
    let exempt = [span("2026-05-01", Some("2026-08-31"))];
    let declared = [done(1, "2026-05-01", None, SelfDeclared)];
    explained(&declared, &exempt, "2026-07-15", |found| {
        assert_eq!((found.cell.status, found.exempt, found.cell.waiting), (Status::Exempt, Some(exempt[0]), None));
        assert_eq!((found.since, found.next), (day("2026-05-01"), change("2026-09-01", Status::Overdue)));
    });
    assert_eq!(Span::new(day("2026-05-01"), Some(day("2026-04-30"))), None, "it never was");
}

#[test]
fn who_comes_back_has_the_days_of_grace_again() {
    let asked = requirement();
    let told = |posts: &[(&str, Option<&str>)], today: &str| {
        let posts: Vec<_> = posts.iter().map(|(first, last)| post(first, *last)).collect();
        let found = Standing::new(&asked, &posts, &[], &[]).explain(day(today)).unwrap();
        (found.cell.status, found.under_since, found.returned.map(|away| away.days))
    };
    let away = told(&[("2025-01-06", Some("2025-03-31")), ("2026-04-01", None)], "2026-04-02");
    assert_eq!(away, (Status::Due, day("2026-04-01"), Some(365)));
    // 31 days between two contracts are no absence, 32 are
    let short = told(&[("2025-01-06", Some("2025-03-31")), ("2025-05-02", None)], "2025-05-02");
    assert_eq!(short, (Status::Overdue, day("2025-01-06"), None));
    let long = told(&[("2025-01-06", Some("2025-03-31")), ("2025-05-03", None)], "2025-05-03");
    assert_eq!(long, (Status::Due, day("2025-05-03"), Some(32)));
    // other hours from a day on are an appointment that follows without a day between
    let hours = told(&[("2025-01-06", Some("2025-03-31")), ("2025-04-01", None)], "2025-05-01");
    assert_eq!(hours, (Status::Overdue, day("2025-01-06"), None));
    // a second post bridges it
    let bridged = [("2025-01-06", Some("2025-03-31")), ("2025-02-01", Some("2026-03-20")), ("2026-04-01", None)];
    assert_eq!(told(&bridged, "2026-04-02").1, day("2025-01-06"));
    // and away before the requirement began matters to nobody
    assert_eq!(told(&[("2020-01-06", Some("2020-03-31")), ("2022-04-01", None)], "2026-04-02").2, None);
}

#[test]
fn who_has_left_or_works_elsewhere_is_not_asked() {
    let mut asked = requirement();
    let left = [post("2025-02-01", Some("2026-03-31"))];
    let standing = Standing::new(&asked, &left, &[], &[]);
    assert_eq!(standing.status(day("2026-03-31")), Some(Status::Overdue));
    assert_eq!(standing.explain(day("2026-04-01")), None);
    let covers = |applies: Applies| applies.covers(&left[0]);
    assert!(covers(Applies::default()));
    let roles = |roles: &[&str]| roles.iter().map(|role| (*role).to_owned()).collect::<Vec<_>>();
    assert!(covers(Applies { roles: roles(&["doctor", "recovery_worker"]), ..Applies::default() }));
    assert!(!covers(Applies { roles: roles(&["doctor"]), ..Applies::default() }));
    assert!(covers(Applies { services: vec![HERE.into()], ..Applies::default() }));
    let other = uuid::Uuid::from_u128(99);
    assert!(!covers(Applies {
        roles: roles(&["recovery_worker"]),
        services: vec![other.into()],
        ..Applies::default()
    }));
    assert!(!covers(Applies { organisation: Some(other.into()), ..Applies::default() }));
    asked.rule.span = None;
    assert_eq!(Standing::new(&asked, &left, &[], &[]).status(day("2026-03-31")), None, "ended before it began");
}

#[test]
fn a_theme_is_met_by_what_built_it_at_that_level_or_above() {
    let mut asked = requirement();
    asked.asks = Asks { items: Vec::new(), theme: Some(("stigma".to_owned(), Level::Skilled)) };
    let posts = [post(POST, None)];
    let built = |theme: &str, level| Completed {
        builds: [Built { theme: theme.to_owned(), level }].into(),
        ..done(1, "2026-05-01", None, ManagerConfirmed)
    };
    let status = |done| Standing::new(&asked, &posts, &[], &[done]).status(day("2026-05-02"));
    assert_eq!(status(built("stigma", Level::Specialist)), Some(Status::Met));
    assert_eq!(status(built("stigma", Level::Informed)), Some(Status::Due));
    assert_eq!(status(built("harm-reduction", Level::Specialist)), Some(Status::Due));
}
