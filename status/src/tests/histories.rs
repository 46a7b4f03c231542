//! The engine's promises over random histories.

use chrono::{Days, NaiveDate};
use entity::value::Assurance::{self, ManagerConfirmed, ProviderIssued, SelfDeclared};
use entity::value::CompletionState::{Live, Rejected, Withdrawn};
use entity::value::Status;
use proptest::prelude::*;
use uuid::Uuid;

use super::{day, requirement};
use crate::{Appointment, Completed, Requirement, Rule, Span, Standing};

/// Days 0 to 1,500 after the start of 2023: short enough to walk through one by one.
fn at(offset: u16) -> NaiveDate {
    day("2023-01-01") + Days::new(u64::from(offset))
}

fn span() -> impl Strategy<Value = Span> {
    (0_u16..1200, proptest::option::of(0_u16..500))
        .prop_map(|(first, long)| Span::new(at(first), long.map(|long| at(first + long))).unwrap())
}

fn post() -> impl Strategy<Value = Appointment> {
    span().prop_map(|span| Appointment { span, ..super::post("2020-01-01", None) })
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
            ..super::done(1, "2020-01-01", None, SelfDeclared)
        },
    )
}

const LADDER: [Assurance; 5] =
    [SelfDeclared, Assurance::EvidenceAttached, ManagerConfirmed, Assurance::EmployerVerified, ProviderIssued];

#[derive(Clone, Debug)]
struct History {
    asked: Requirement,
    posts: Vec<Appointment>,
    exemptions: Vec<Span>,
    completions: Vec<Completed>,
}

impl History {
    fn standing(&self) -> Standing<'_> {
        let Self { asked, posts, exemptions, completions } = self;
        Standing::new(asked, posts, exemptions, completions)
    }
}

prop_compose! {
    fn history()(
        posts in proptest::collection::vec(post(), 1..4), exemptions in proptest::collection::vec(span(), 0..3),
        completions in proptest::collection::vec(completed(), 0..6), span in span(),
        grace_days in 0_u64..400, window_days in 0_u64..200, rung in 0_usize..5,
    ) -> History {
        let mut asked = requirement();
        asked.rule = Rule { grace_days, window_days, minimum: LADDER[rung], span: Some(span), ..asked.rule };
        History { asked, posts, exemptions, completions }
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
        easier.asked.rule.minimum = easier.asked.rule.minimum.min(LADDER[lower]);
        prop_assert!(!before || held(&easier));
    }

    #[test]
    fn every_completion_is_told_once_and_the_map_counts_as_the_matrix_does(history in history(), today in 0_u16..1500) {
        let History { asked, completions, .. } = &history;
        let minimum = asked.rule.minimum;
        if let Some(found) = history.standing().explain(at(today)) {
            let past = completions.iter().filter(|done| done.on <= at(today)).count();
            prop_assert!(found.others.len() + usize::from(found.counted.is_some()) >= past.min(1));
            prop_assert!(found.others.len() + usize::from(found.counted.is_some()) <= past);
            prop_assert_eq!(found.counted.is_some(), completions.iter().any(|done| asked.is_met_by(done, at(today), minimum)));
            if found.cell.status != Status::Exempt {
                prop_assert_eq!(found.cell.status.is_held(), found.counted.is_some());
            }
            prop_assert!(found.under_since <= at(today) && found.under_since <= found.due_by);
        }
    }

    /// A post whose role changed comes in parts: parts that are asked the same are one time in post,
    /// and a part that is asked nothing is as if the post had ended before it.
    #[test]
    fn parts_of_an_appointment_are_one_and_a_role_of_which_nothing_is_asked_is_none(
        history in history(), cut in 0_u16..1200, today in 0_u16..1500,
    ) {
        let parts = |role: &str| {
            let mut split = history.clone();
            split.asked.applies.roles = vec!["recovery_worker".to_owned()];
            let in_parts = |post: Appointment| {
                let before = Span::new(post.span.first(), post.span.last().into_iter().chain(at(cut).pred_opt()).min());
                let after = Span::new(post.span.first().max(at(cut)), post.span.last());
                let after = after.map(|span| Appointment { span, role: role.to_owned(), ..post.clone() });
                before.map(|span| Appointment { span, ..post.clone() }).into_iter().chain(after)
            };
            split.posts = split.posts.into_iter().flat_map(in_parts).collect();
            split
        };
        let told = |history: &History| {
            let standing = history.standing();
            let explained = standing.explain(at(today));
            let told = explained.map(|found| (found.cell, found.since, found.under_since, found.due_by, found.returned));
            (told, standing.next_change(at(today)))
        };
        prop_assert_eq!(told(&parts("recovery_worker")), told(&history));
        let mut ended = parts("recovery_worker");
        ended.posts.retain(|post| post.span.first() < at(cut));
        prop_assert_eq!(told(&parts("social_worker")), told(&ended));
    }

    #[test]
    fn it_has_been_so_since_the_day_that_is_told(history in history(), today in 0_u16..1500) {
        let standing = history.standing();
        let now = standing.status(at(today));
        prop_assert_eq!(standing.since(at(today)).is_some(), now.is_some());
        if let Some(since) = standing.since(at(today)) {
            prop_assert!(since <= at(today));
            prop_assert_ne!(standing.status(since.pred_opt().unwrap()), now);
            for day in since.iter_days().take_while(|day| *day <= at(today)) {
                prop_assert_eq!(standing.status(day), now, "on {}", day);
            }
        }
    }

    #[test]
    fn what_waits_counts_once_it_is_confirmed_and_what_does_not_changes_nothing(history in history(), today in 0_u16..1500) {
        let minimum = history.asked.rule.minimum;
        let before = history.standing().explain(at(today));
        for (place, done) in history.completions.iter().enumerate() {
            let mut confirmed = history.clone();
            confirmed.completions[place].assurance = done.assurance.max(minimum);
            let moves = history.standing().moved_by(done.id, minimum, at(today));
            let after = confirmed.standing().explain(at(today));
            let counts = after.and_then(|after| after.counted.map(|counted| (counted.id, counted.through)));
            let counted = before.as_ref().and_then(|before| before.counted.map(|counted| (counted.id, counted.through)));
            if moves {
                prop_assert_eq!(counts.map(|(id, _)| id), Some(done.id));
                prop_assert_ne!(counts.map(|(_, through)| through), counted.map(|(_, through)| through));
            } else if before.as_ref().is_some_and(|before| before.cell.status != Status::Exempt) {
                prop_assert_eq!(counts.map(|(_, through)| through), counted.map(|(_, through)| through));
            }
        }
    }
}
