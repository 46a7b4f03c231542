//! The engine by example and over random histories.

mod histories;
mod standing;
mod validity;

use chrono::NaiveDate;
use entity::value::{Assurance, CompletionState};
use uuid::Uuid;

use crate::{Applies, Appointment, Asks, Completed, Requirement, Rule, Span};

/// The organisation and the service.
const HERE: Uuid = Uuid::from_u128(2);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn span(first: &str, last: Option<&str>) -> Span {
    Span::new(day(first), last.map(day)).unwrap()
}

fn post(first: &str, last: Option<&str>) -> Appointment {
    Appointment {
        organisation: HERE.into(),
        service: HERE.into(),
        role: "recovery_worker".to_owned(),
        span: span(first, last),
    }
}

/// Naloxone, manager confirmed, within 90 days, since 2025.
fn requirement() -> Requirement {
    let rule = Rule {
        id: Uuid::from_u128(1).into(),
        name: "Overdose and naloxone".to_owned(),
        version: 1,
        grace_days: 90,
        window_days: 90,
        minimum: Assurance::ManagerConfirmed,
        span: Some(Span::open(day("2025-01-01"))),
    };
    let applies = Applies { organisation: Some(HERE.into()), ..Applies::default() };
    Requirement { rule, applies, asks: Asks { items: vec![Uuid::from_u128(7).into()], theme: None } }
}

fn done(id: u128, on: &str, through: Option<&str>, assurance: Assurance) -> Completed {
    Completed {
        id: Uuid::from_u128(id).into(),
        item: Uuid::from_u128(7).into(),
        on: day(on),
        through: through.map(day),
        assurance,
        state: CompletionState::Live,
        recorded_on: day(on),
        builds: [].into(),
        refused_by: Vec::new(),
    }
}
