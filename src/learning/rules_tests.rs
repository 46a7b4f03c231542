//! The rules of completions by example.

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_ladder_is_climbed_by_rank_of_who_vouches() {
    let rungs = [Confirmer::Manager, Confirmer::Employer, Confirmer::Provider].map(Confirmer::rung);
    assert!(rungs.is_sorted() && rungs.iter().all(|rung| is_confirmed(*rung)));
    assert!(!is_confirmed(own_assurance(true)) && own_assurance(true) > own_assurance(false));
}

#[test]
fn each_organisation_speaks_for_itself() {
    use entity::value::Assurance::{
        EmployerVerified, EvidenceAttached, ManagerConfirmed, ProviderIssued, SelfDeclared,
    };
    use entity::value::Verdict::{Confirmed, Rejected};
    let [here, there] = [1, 2].map(|number| OrganisationId(uuid::Uuid::from_u128(number)));
    let said = |organisation, verdict, rung| Said { organisation, verdict, rung };
    let manager = Voice { confirmer: Confirmer::Manager, organisation: here };
    let employer = Voice { confirmer: Confirmer::Employer, ..manager };
    let elsewhere = [said(there, Confirmed, EmployerVerified)];
    assert_eq!(
        (trust(false, &[]), trust(true, &[]), trust(true, &elsewhere)),
        (SelfDeclared, EvidenceAttached, EmployerVerified)
    );
    assert!(may_confirm(manager, &elsewhere) && may_reject(manager, &elsewhere));

    let both = [elsewhere[0], said(here, Confirmed, ManagerConfirmed), said(here, Rejected, EmployerVerified)];
    assert_eq!(trust(false, &both), EmployerVerified, "what others confirmed stands");
    assert_eq!(trust(false, &both[1..]), SelfDeclared, "what the same organisation confirmed does not");
    assert!(!may_reject(employer, &both) && may_confirm(employer, &both) && !may_confirm(manager, &both));
    assert!(may_take_back(employer, both[2]) && !may_take_back(manager, both[2]) && !may_take_back(employer, both[0]));

    let issued = [said(there, Confirmed, ProviderIssued)];
    assert!(!may_confirm(employer, &issued) && !may_reject(employer, &issued));
}

#[test]
fn dates_that_cannot_be_true() {
    let today = day("2026-06-30");
    let check = |date: &str, born: Option<&str>| check_date(day(date), today, born.map(day));
    assert_eq!(check("2026-06-30", None), Ok(()));
    assert_eq!(check("2026-07-01", None), Err(DateFault::Future));
    assert_eq!(check("1949-12-31", None), Err(DateFault::TooEarly));
    assert_eq!(check("1950-01-01", None), Ok(()));
    assert_eq!(check("2014-05-04", Some("2000-05-05")), Err(DateFault::TooYoung(day("2014-05-05"))));
    assert_eq!(check("2014-05-05", Some("2000-05-05")), Ok(()));
    assert_eq!(check("2014-02-28", Some("2000-02-29")), Err(DateFault::TooYoung(day("2014-03-01"))));
    assert_eq!(check("2014-03-01", Some("2000-02-29")), Ok(()));
}

#[test]
fn the_rule_in_words() {
    assert_eq!(
        explain(day("2024-08-31"), Some(6), None),
        "Completed on 31 August 2024 and valid for 6 months (February 2025 has no day 31): the last valid day is 27 February 2025."
    );
    assert_eq!(
        explain(day("2024-03-15"), Some(12), None),
        "Completed on 15 March 2024 and valid for 12 months: the last valid day is 14 March 2025."
    );
    assert_eq!(explain(day("2024-03-15"), None, None), "Completed on 15 March 2024. It does not expire.");
    assert!(explain(day("2024-03-15"), Some(12), Some(day("2024-12-31"))).contains("valid through 31 December 2024"));
}
