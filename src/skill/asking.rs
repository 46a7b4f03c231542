//! What of a requirement is asked back before it is saved, pure.

use chrono::{Days, NaiveDate};

use super::tally::{Part, grouped};
use super::wire::RequirementQuestion::{self, BeginsInThePast, OverdueAtOnce};
use crate::base::day::in_words;
use crate::base::error::FieldProblem;
use crate::standing::store::requirements::Written;

/// Whether it begins, for somebody, in days that are over.
pub fn begins_in_the_past(draft: &Written, before: Option<&Written>, today: NaiveDate) -> bool {
    let is_new =
        |before: &Written| draft.row.starts_on < before.row.starts_on || draft.scope.is_wider_than(&before.scope);
    draft.row.starts_on < today && before.is_none_or(is_new)
}

/// Whether anybody can be overdue today who is not overdue as things stand; who is, the facts say.
pub fn can_make_overdue(draft: &Written, before: Option<&Written>, today: NaiveDate) -> bool {
    in_force(draft, today)
        && first_overdue(draft).is_some_and(|first| first <= today)
        && before.is_none_or(|before| asks_more(draft, before, today))
}

/// The first day on which anybody can be overdue.
pub fn first_overdue(draft: &Written) -> Option<NaiveDate> {
    let grace = u64::try_from(draft.row.grace_days).ok()?;
    let first = draft.row.starts_on.checked_add_days(Days::new(grace))?.succ_opt()?;
    draft.row.ends_on.is_none_or(|last| first <= last).then_some(first)
}

fn in_force(of: &Written, day: NaiveDate) -> bool {
    of.row.starts_on <= day && of.row.ends_on.is_none_or(|last| day <= last)
}

/// Whether it asks more, of more people or by an earlier day than before.
fn asks_more(draft: &Written, before: &Written, today: NaiveDate) -> bool {
    let (row, was) = (&draft.row, &before.row);
    let takes_less = match (&was.theme, was.level) {
        (Some(theme), Some(level)) => row.theme.as_ref() != Some(theme) || row.level.is_none_or(|asked| asked > level),
        _ => false,
    };
    !in_force(before, today)
        || draft.scope.is_wider_than(&before.scope)
        || row.starts_on < was.starts_on
        || row.grace_days < was.grace_days
        || row.minimum_assurance > was.minimum_assurance
        || before.items.iter().any(|item| !draft.items.contains(item))
        || takes_less
}

/// The first question in words.
pub fn past(draft: &Written, before: Option<&Written>) -> FieldProblem {
    let first = in_words(draft.row.starts_on);
    let message = match before {
        Some(before) if draft.row.starts_on >= before.row.starts_on => {
            format!("It began on {first}, and counts from then for those who are new to it, too.")
        }
        _ => format!("It begins on {first}, which is in the past: days to complete it count from then."),
    };
    asked("starts_on", BeginsInThePast, message)
}

/// The second one, to the employer of those people.
pub fn overdue(newly: Part, is_change: bool) -> FieldProblem {
    let people = if newly.count == 1 { "1 person".to_owned() } else { format!("{} people", grouped(newly.count)) };
    let now = match (is_change, newly.count) {
        (false, _) => "",
        (true, 1) => " who is not now",
        (true, _) => " who are not now",
    };
    asked("grace_days", OverdueAtOnce, format!("{people} would be overdue today{now}."))
}

/// The same for the whole workforce: asked whether or not there is anybody, so that it tells nothing.
pub fn overdue_everywhere(newly: Part, is_change: bool) -> FieldProblem {
    let now = if is_change { " who are not now" } else { "" };
    let banded = newly.banded();
    let message = if newly.is_in_the_lowest_band() {
        format!("Fewer than 20 people, perhaps nobody, would be overdue today{now}.")
    } else {
        format!("{} people would be overdue today{now}.", super::whom::capitalised(&banded))
    };
    asked("grace_days", OverdueAtOnce, message)
}

fn asked(field: &str, question: RequirementQuestion, message: String) -> FieldProblem {
    FieldProblem { field: field.to_owned(), code: question.code().to_owned(), message }
}

#[cfg(test)]
mod tests {
    use entity::id::ItemId;
    use entity::requirement;
    use entity::value::{Assurance, Level};
    use uuid::Uuid;

    use super::*;
    use crate::standing::store::scope::Scope;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn written() -> Written {
        let row = requirement::Model {
            id: Uuid::nil().into(),
            organisation_id: None,
            name: "Naloxone".to_owned(),
            theme: None,
            level: None,
            grace_days: 90,
            window_days: 90,
            minimum_assurance: Assurance::SelfDeclared,
            starts_on: day("2026-01-01"),
            ends_on: None,
            version: 1,
            created_at: chrono::DateTime::UNIX_EPOCH,
        };
        let scope = Scope { roles: vec!["trainer".to_owned()], ..Scope::default() };
        Written { row, items: vec![ItemId(Uuid::nil())], scope }
    }

    fn with(change: impl FnOnce(&mut Written)) -> Written {
        let mut of = written();
        change(&mut of);
        of
    }

    #[test]
    fn an_earlier_start_and_more_people_are_asked_back_and_nothing_else() {
        let (before, today) = (written(), day("2026-06-30"));
        let past = |draft: &Written| begins_in_the_past(draft, Some(&before), today);
        assert!(begins_in_the_past(&before, None, today) && !past(&before));
        assert!(!begins_in_the_past(&before, None, day("2026-01-01")), "today is not the past");
        assert!(past(&with(|of| of.row.starts_on = day("2025-12-31"))));
        assert!(past(&with(|of| of.scope = Scope::default())));
        assert!(!past(&with(|of| of.row.starts_on = day("2026-02-01"))));
        assert!(!past(&with(|of| of.row.grace_days = 0)));
    }

    #[test]
    fn whoever_can_be_overdue_by_a_change_is_looked_for() {
        let (before, today) = (written(), day("2026-06-30"));
        let can = |change: fn(&mut Written)| can_make_overdue(&with(change), Some(&before), today);
        assert!(can_make_overdue(&before, None, today));
        assert!(!can_make_overdue(&before, None, day("2026-04-01")), "the last day of grace");
        for more in [
            (|of| of.row.grace_days = 30) as fn(&mut Written),
            |of| of.row.minimum_assurance = Assurance::ManagerConfirmed,
            |of| of.scope = Scope::default(),
            |of| of.items = vec![ItemId(Uuid::from_u128(1))],
            |of| (of.items, of.row.theme, of.row.level) = (Vec::new(), Some("stigma".to_owned()), Some(Level::Skilled)),
        ] {
            assert!(can(more));
        }
        for less in [
            (|_| ()) as fn(&mut Written),
            |of| of.row.name = "Other".to_owned(),
            |of| of.row.grace_days = 91,
            |of| of.items.push(ItemId(Uuid::from_u128(1))),
            |of| of.row.starts_on = day("2026-03-01"),
            |of| of.row.ends_on = Some(day("2026-06-29")),
        ] {
            assert!(!can(less));
        }
        let ended = with(|of| of.row.ends_on = Some(day("2026-06-29")));
        assert!(can_make_overdue(&before, Some(&ended), today), "it is asked again");
    }
}
