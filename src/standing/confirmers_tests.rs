//! Who is named, and who is not.

use status::{Applies, Asks, Requirement, Rule, Span};
use uuid::Uuid;

use super::*;
use crate::standing::store::scope::Scope;

const GLENROWAN: Uuid = Uuid::from_u128(1);
const SERVICE: Uuid = Uuid::from_u128(2);
const ISLA: Uuid = Uuid::from_u128(3);

fn grant(service: Option<u128>, person: u128, name: &str) -> Grant {
    Grant {
        organisation: GLENROWAN.into(),
        service: service.map(|id| Uuid::from_u128(id).into()),
        person: Some(Uuid::from_u128(person).into()),
        name: (!name.is_empty()).then(|| name.to_owned()),
    }
}

fn words(grants: Vec<Grant>, minimum: Assurance) -> String {
    let open = Span::open("2026-01-01".parse().unwrap());
    let rule = Rule {
        id: Uuid::nil().into(),
        name: "Overdose and naloxone".to_owned(),
        version: 1,
        grace_days: 0,
        window_days: 0,
        minimum,
        span: Some(open),
    };
    let requirement = Requirement { rule, applies: Applies::default(), asks: Asks::default() };
    let done = Completed {
        id: Uuid::nil().into(),
        item: Uuid::nil().into(),
        on: open.first(),
        through: None,
        assurance: Assurance::SelfDeclared,
        state: entity::value::CompletionState::Live,
        recorded_on: open.first(),
        builds: [].into(),
        refused_by: Vec::new(),
    };
    let post = Appointment {
        organisation: GLENROWAN.into(),
        service: SERVICE.into(),
        role: "recovery_worker".to_owned(),
        span: open,
    };
    let confirmers = Confirmers {
        grants,
        organisations: [(GLENROWAN.into(), "Glenrowan".to_owned())].into(),
        providers: [(Uuid::nil().into(), "Scottish Drugs Forum".to_owned())].into(),
    };
    let asked = Asked { requirement, items: Vec::new(), scope: Scope::default() };
    confirmers.told(&asked, &done, ISLA.into(), &[&post]).words
}

#[test]
fn the_managers_of_the_service_are_named_and_never_the_person_themselves() {
    use Assurance::{EmployerVerified, EvidenceAttached, ManagerConfirmed, ProviderIssued};
    let all = || {
        vec![
            grant(Some(2), 4, "Callum Reid"),
            grant(Some(9), 5, "Elsewhere Manager"),
            grant(None, 6, "Priya Nair"),
            grant(Some(2), 3, "Isla Fraser"),
        ]
    };
    let before = "before it counts for “Overdose and naloxone”.";
    assert_eq!(words(all(), ManagerConfirmed), format!("Callum Reid at Glenrowan has to confirm it {before}"));
    assert_eq!(words(all(), EmployerVerified), format!("Priya Nair at Glenrowan has to confirm it {before}"));
    assert_eq!(words(all(), ProviderIssued), format!("Scottish Drugs Forum has to confirm it {before}"));
    assert_eq!(words(all(), EvidenceAttached), format!("It needs evidence {before}"));
    assert_eq!(words(Vec::new(), ManagerConfirmed), format!("Glenrowan has to confirm it {before}"));
    let lead_alone = vec![grant(None, 6, "Priya Nair")];
    assert_eq!(words(lead_alone, ManagerConfirmed), format!("Priya Nair at Glenrowan has to confirm it {before}"));
    let many = vec![grant(Some(2), 4, "A B"), grant(Some(2), 5, "C D"), grant(Some(2), 6, "E F")];
    assert_eq!(
        words(many, ManagerConfirmed),
        format!("A B, C D or somebody else at Glenrowan has to confirm it {before}")
    );
}
