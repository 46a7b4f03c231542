//! Statuses in plain words, pure: to the person themselves and to those who look after a team.

use chrono::NaiveDate;
use entity::value::{Assurance, Spelled, Status};
use status::{Away, Change, Completed, Explanation, Rule, Why};

use crate::base::day::in_words;

/// Whom a sentence is about.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    You,
    /// Somebody else, by given name
    Them(&'a str),
}

impl About<'_> {
    fn whose(self) -> String {
        match self {
            Self::You => "Your".to_owned(),
            Self::Them(name) => format!("{name}’s"),
        }
    }

    /// "You hold" or "Mairi holds".
    fn does(self, you: &str, they: &str) -> String {
        match self {
            Self::You => format!("You {you}"),
            Self::Them(name) => format!("{name} {they}"),
        }
    }
}

/// The status in one or two sentences.
pub fn headline(rule: &Rule, found: &Explanation<'_>, about: About<'_>, today: NaiveDate) -> String {
    let name = &rule.name;
    match found.cell.status {
        Status::Met => {
            let until = found.cell.through.map_or_else(
                || "It does not expire.".to_owned(),
                |last| format!("It counts until {}.", in_words(last)),
            );
            format!("{} “{name}”. {until}", about.does("meet", "meets"))
        }
        Status::Expiring => format!(
            "{} training for “{name}” lapses after {}{}.{}",
            about.whose(),
            found.cell.through.map(in_words).unwrap_or_default(),
            found.cell.through.map(|last| left(last, today)).unwrap_or_default(),
            waits(found),
        ),
        Status::Expired => format!(
            "{} training for “{name}” has lapsed. Its last day was {}.{}",
            about.whose(),
            found.cell.through.map(in_words).unwrap_or_default(),
            waits(found),
        ),
        Status::Due => format!(
            "{} until {} to complete “{name}”.{}",
            about.does("have", "has"),
            in_words(found.due_by),
            waits(found)
        ),
        Status::Overdue => {
            let due = in_words(found.due_by);
            format!("“{name}” was due by {due} and is still missing.{}", waits(found))
        }
        Status::Exempt => {
            let until = found.exempt.and_then(|span| span.last());
            let until =
                until.map_or_else(|| "until further notice".to_owned(), |last| format!("until {}", in_words(last)));
            format!("{} exempt from “{name}” {until}.", about.does("are", "is"))
        }
    }
}

fn left(last: NaiveDate, today: NaiveDate) -> String {
    match (last - today).num_days() {
        0 => ", which is today".to_owned(),
        1 => ", in 1 day".to_owned(),
        days => format!(", in {days} days"),
    }
}

/// What of the answer depends on somebody's word.
fn waits(found: &Explanation<'_>) -> &'static str {
    match found.cell.waiting.map(|waiting| waiting.needs) {
        None => "",
        Some(Assurance::EvidenceAttached) => " What was recorded since needs evidence.",
        Some(_) => " What was recorded since waits for confirmation.",
    }
}

/// Since when it is asked, and why since then.
pub fn under(rule: &Rule, found: &Explanation<'_>, about: About<'_>) -> String {
    let since = in_words(found.under_since);
    match found.returned {
        Some(Away { last, days }) => format!(
            "Asked since {since}: {} away for {days} days after {}, so the days to complete it began again.",
            about.does("were", "was").replacen("You", "you", 1),
            in_words(last),
        ),
        None if rule.span.is_some_and(|span| span.first() == found.under_since) => {
            format!("Asked since {since}, when the requirement began.")
        }
        None => format!("Asked since {since}, the first day in a post that it covers."),
    }
}

/// What is asked, in words, without the modules.
pub fn asked(rule: &Rule) -> String {
    let days = rule.grace_days;
    let grace = match days {
        0 => "from the first day".to_owned(),
        1 => "within 1 day of starting".to_owned(),
        days => format!("within {days} days of starting"),
    };
    format!(
        "To be held {grace}, {}. It shows as expiring {} days before it lapses.",
        trust(rule.minimum),
        rule.window_days
    )
}

/// When it changes next, if nothing is recorded meanwhile.
pub fn next(change: Option<Change>) -> String {
    match change {
        None => "Unless something is recorded, this stays as it is.".to_owned(),
        Some(Change { on, to: None }) => format!("From {} this is no longer asked for.", in_words(on)),
        Some(Change { on, to: Some(status) }) => {
            format!("Unless something is recorded, this changes to “{}” on {}.", status.spelling(), in_words(on))
        }
    }
}

/// Why a completion counts.
pub fn counts(done: &Completed) -> String {
    let until = done
        .through
        .map_or_else(|| "It does not expire.".to_owned(), |last| format!("It is valid through {}.", in_words(last)));
    format!("Completed on {}, {}. {until}", in_words(done.on), level(done.assurance))
}

/// Why a completion does not count.
pub fn why_not(rule: &Rule, done: &Completed, why: Why) -> String {
    let on = in_words(done.on);
    match why {
        Why::Rejected => format!("Completed on {on}; it was not accepted."),
        Why::Withdrawn => format!("Completed on {on}; it was taken back."),
        Why::Expired => {
            format!("Completed on {on}; it lapsed after {}.", done.through.map(in_words).unwrap_or_default())
        }
        Why::BelowMinimum => {
            format!("Completed on {on}; it is {}, and this has to be {}.", level(done.assurance), trust(rule.minimum))
        }
        Why::Superseded => format!("Completed on {on}; another one is valid for longer or trusted further."),
    }
}

fn level(assurance: Assurance) -> String {
    match assurance {
        Assurance::SelfDeclared => "self-declared".to_owned(),
        other => other.spelling().replace('_', " "),
    }
}

/// The least that is accepted.
fn trust(minimum: Assurance) -> String {
    match minimum {
        Assurance::ProviderIssued => level(minimum),
        other => format!("{} or better", level(other)),
    }
}

#[cfg(test)]
mod tests {
    use status::{Cell, Span};

    use super::*;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn it_reads_like_a_person_wrote_it() {
        let rule = Rule {
            id: Uuid::from_u128(1).into(),
            name: "Naloxone".to_owned(),
            version: 2,
            grace_days: 90,
            window_days: 90,
            minimum: Assurance::ManagerConfirmed,
            span: Span::new(day("2025-01-01"), None),
        };
        let cell =
            |status| Cell { status, through: Some(day("2026-05-03")), assurance: None, due_by: None, waiting: None };
        let found = |status| Explanation {
            cell: cell(status),
            since: day("2026-04-01"),
            under_since: day("2026-04-01"),
            returned: None,
            due_by: day("2026-06-30"),
            exempt: None,
            counted: None,
            waits: Vec::new(),
            others: Vec::new(),
            next: None,
        };
        let says = |status, about| headline(&rule, &found(status), about, day("2026-04-30"));
        assert_eq!(
            says(Status::Expiring, About::You),
            "Your training for “Naloxone” lapses after 3 May 2026, in 3 days."
        );
        assert_eq!(says(Status::Met, About::Them("Mairi")), "Mairi meets “Naloxone”. It counts until 3 May 2026.");
        assert_eq!(
            says(Status::Expired, About::Them("Mairi")),
            "Mairi’s training for “Naloxone” has lapsed. Its last day was 3 May 2026."
        );
        assert_eq!(says(Status::Due, About::You), "You have until 30 June 2026 to complete “Naloxone”.");
        assert_eq!(says(Status::Exempt, About::You), "You are exempt from “Naloxone” until further notice.");
        assert_eq!(
            next(Some(Change { on: day("2026-05-04"), to: Some(Status::Expired) })),
            "Unless something is recorded, this changes to “expired” on 4 May 2026."
        );
    }
}
