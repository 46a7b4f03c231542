//! Whom a requirement is for, in plain words, pure: "peer support workers and all roles in nursing
//! at Leith".

use crate::reference::vocabulary;
use crate::standing::store::scope::Scope;

/// More than so many of a kind are counted where there is little room.
const NAMED: usize = 2;

/// Within a sentence: "everybody at Leith".
pub fn in_words(scope: &Scope) -> String {
    told(scope, usize::MAX)
}

/// The same where there is little room; nothing when everybody is asked.
pub fn in_short(scope: &Scope) -> Option<String> {
    (*scope != Scope::default()).then(|| capitalised(&told(scope, NAMED)))
}

fn told(scope: &Scope, most: usize) -> String {
    let Scope { roles, families, services } = scope;
    let roles = roles.iter().map(|role| plural(role));
    let families = families.iter().map(|family| format!("all roles in {}", within(&label("role_family", family))));
    let who: Vec<String> = roles.chain(families).collect();
    let who = match who.len() {
        0 => "everybody".to_owned(),
        many if many > most && scope.families.is_empty() => format!("{many} roles"),
        many if many > most => "several roles".to_owned(),
        _ => listed(&who, "and"),
    };
    let places: Vec<String> = services.iter().map(|(_, name)| name.clone()).collect();
    match places.len() {
        0 => who,
        many if many > most => format!("{who} at {many} services"),
        _ => format!("{who} at {}", listed(&places, "or")),
    }
}

fn plural(role: &str) -> String {
    let plural = vocabulary::term("role", role).and_then(|term| term.extra("plural"));
    within(plural.unwrap_or(role))
}

pub fn label(vocabulary: &str, slug: &str) -> String {
    vocabulary::term(vocabulary, slug).map_or_else(|| slug.to_owned(), |term| term.label.clone())
}

fn listed(parts: &[String], last: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [some @ .., end] => format!("{} {last} {end}", some.join(", ")),
    }
}

/// As it stands within a sentence; what is written in capitals stays ("GPs").
fn within(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}

pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use entity::id::ServiceId;
    use uuid::Uuid;

    use super::*;

    fn scope(roles: &[&str], families: &[&str], services: &[&str]) -> Scope {
        let own = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        let services = services.iter().map(|name| (ServiceId(Uuid::nil()), (*name).to_owned()));
        Scope { roles: own(roles), families: own(families), services: services.collect() }
    }

    #[test]
    fn it_reads_like_a_person_wrote_it() {
        let long = |roles, families, services| in_words(&scope(roles, families, services));
        assert_eq!(long(&[], &[], &[]), "everybody");
        assert_eq!(long(&[], &[], &["Leith"]), "everybody at Leith");
        assert_eq!(
            long(&["recovery_worker", "peer_support_worker"], &[], &["Leith"]),
            "drug and alcohol or recovery workers and peer support workers at Leith"
        );
        assert_eq!(
            long(&["gp_special_interest", "charge_nurse"], &["ahp"], &["Leith", "Granton"]),
            "GPs with special interest, charge nurses or nursing team leads and all roles in allied health \
             professions at Leith or Granton"
        );
        let short = |roles, families, services| in_short(&scope(roles, families, services));
        assert_eq!(short(&[], &[], &[]), None);
        assert_eq!(short(&["social_worker"], &[], &[]).unwrap(), "Social workers");
        assert_eq!(short(&[], &["nursing"], &["A", "B", "C"]).unwrap(), "All roles in nursing at 3 services");
        assert_eq!(short(&["dietitian", "trainer", "volunteer"], &[], &[]).unwrap(), "3 roles");
        assert_eq!(short(&["dietitian", "trainer"], &["nursing"], &[]).unwrap(), "Several roles");
    }
}
