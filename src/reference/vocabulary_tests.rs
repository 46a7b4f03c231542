use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::reference::{area, lookup::fold};

fn vocabulary(id: &str) -> &'static Vocabulary {
    get(id).unwrap_or_else(|| panic!("no vocabulary {id}"))
}

#[test]
fn every_file_is_listed_and_read() {
    let listed: Vec<&str> = all().iter().map(|v| v.id.as_str()).collect();
    assert_eq!(listed, FILES.map(|(id, _)| id));
    for v in all() {
        assert!(!v.terms.is_empty(), "{} has terms", v.id);
        assert!(!v.version.is_empty() && !v.source.is_empty(), "{} says its version and source", v.id);
    }
}

#[test]
fn slugs_are_unique_and_no_name_means_two_terms() {
    for v in all() {
        let mut owner = BTreeMap::new();
        for term in &v.terms {
            let names = [term.slug.as_str(), term.label.as_str()];
            for name in names.into_iter().chain(term.aliases.iter().map(String::as_str)) {
                let before = owner.insert(fold(name), &term.slug);
                assert!(before.is_none_or(|slug| *slug == term.slug), "{}: {name:?} means two terms", v.id);
            }
        }
        let slugs: BTreeSet<_> = v.terms.iter().map(|t| &t.slug).collect();
        assert_eq!(slugs.len(), v.terms.len(), "{}", v.id);
    }
}

#[test]
fn every_reference_from_one_vocabulary_to_another_exists() {
    let topics = vocabulary("topic");
    assert!(topics.terms.iter().all(|t| t.parent.as_ref().is_none_or(|p| topics.term(p).is_some())));
    for role in &vocabulary("role").terms {
        assert!(role.parent.as_ref().is_some_and(|family| term("role_family", family).is_some()), "{}", role.slug);
        for (column, id) in [("register", "register"), ("pay_framework", "pay_framework"), ("ksf_level", "level")] {
            let slug = role.extra(column);
            assert!(slug.is_none_or(|slug| term(id, slug).is_some()), "{}: {column} {slug:?}", role.slug);
        }
    }
    for service in &vocabulary("service_type").terms {
        assert!(service.extra("tier").is_none_or(|tier| term("tier", tier).is_some()), "{}", service.slug);
    }
}

#[test]
fn the_frameworks_have_their_known_sizes() {
    let sizes = ["theme", "level", "mat_standard", "trauma_level", "tier"].map(|id| vocabulary(id).terms.len());
    assert_eq!(sizes, [5, 4, 10, 4, 5], "four tiers, and none");
    assert_eq!(vocabulary("topic").terms.iter().filter(|t| t.parent.is_none()).count(), 14);
}

#[test]
fn names_are_found_as_people_write_them() {
    let roles = vocabulary("role");
    let slug = |text| roles.find(text).found().map(|t| t.slug.as_str());
    assert_eq!(slug("PEER support  worker"), Some("peer_support_worker"));
    assert_eq!(slug("peer-support-worker"), Some("peer_support_worker"));
    assert_eq!(slug("CPN"), Some("addictions_nurse"));
    let Lookup::DidYouMean(meant) = roles.find("Recovry wroker") else { panic!("a typo gets a suggestion") };
    assert_eq!(meant.slug, "recovery_worker");
    assert_eq!(roles.find("astronaut"), Lookup::Unknown);
    assert_eq!(roles.find(""), Lookup::Unknown);
}

/// The first real input uses only slugs that exist; so does our own enriched copy.
#[test]
fn the_sample_catalogue_speaks_these_vocabularies() {
    let files = [include_str!("../../tests/data/catalogue.csv"), include_str!("../catalogue/data/catalogue.csv")];
    for file in files {
        let mut reader = csv::Reader::from_reader(file.as_bytes());
        for row in reader.deserialize::<BTreeMap<String, String>>() {
            let row = row.unwrap();
            let cells = |names: [&str; 2]| names.iter().find_map(|n| row.get(*n)).cloned().unwrap_or_default();
            let checks = [
                ("topic", cells(["topic", "topics"])),
                ("theme", cells(["theme", "themes"])),
                ("mat_standard", cells(["mat_standards", ""])),
                ("level", cells(["level", ""])),
                ("delivery", cells(["delivery", ""])),
                ("cost", cells(["cost", ""])),
            ];
            for (id, cell) in checks {
                for part in cell.split(';').filter(|part| !part.is_empty()) {
                    let slug = part.split(':').next().unwrap_or_default();
                    assert!(term(id, slug).is_some(), "{}: {id} {slug:?}", row["ref"]);
                }
            }
            let area = row.get("area").filter(|slug| !slug.is_empty());
            assert!(area.is_none_or(|slug| area::all().get(slug).is_some()), "{}", row["ref"]);
        }
    }
}

#[test]
fn our_catalogue_keeps_the_samples_own_words() {
    let read = |text: &'static str| -> Vec<BTreeMap<String, String>> {
        csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
    };
    let sample = read(include_str!("../../tests/data/catalogue.csv"));
    let ours = read(include_str!("../catalogue/data/catalogue.csv"));
    for (theirs, ours) in sample.iter().zip(&ours) {
        for column in ["ref", "kind", "title", "provider", "level", "minutes", "delivery", "cost", "provenance"] {
            assert_eq!(theirs[column], ours[column], "{}", theirs["ref"]);
        }
    }
    for item in &ours {
        assert!(!item["summary"].is_empty() && !item["description"].is_empty(), "{}", item["ref"]);
        assert!(item["cost_pence"].is_empty(), "no invented price: {}", item["ref"]);
    }
}
