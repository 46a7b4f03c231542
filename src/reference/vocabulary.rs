//! Vocabularies: versioned lists of terms, each with a slug that never changes its meaning.
//! Ids of vocabularies are those of the map's dimensions and the catalogue's facets.

use std::{collections::BTreeMap, sync::OnceLock};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::{
    csvfile,
    lookup::{Lookup, Names},
    period::Period,
};

#[derive(Debug)]
pub struct Vocabulary {
    pub id: String,
    pub label: String,
    pub version: String,
    /// When the framework behind it came into force, where it has such a date.
    pub valid_from: Option<NaiveDate>,
    pub source: String,
    pub note: String,
    pub terms: Vec<Term>,
    names: Names,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Term {
    pub slug: String,
    pub label: String,
    /// Slug of the broader term: in the same vocabulary for topics, a role family for roles.
    pub parent: Option<String>,
    pub sort: i32,
    pub period: Period,
    pub aliases: Vec<String>,
    pub note: String,
    /// Columns that only this vocabulary has, such as a role's register and expected level.
    pub extra: BTreeMap<String, String>,
}

/// In the order in which they are shown.
const FILES: [(&str, &str); 17] = [
    ("sector", include_str!("data/sector.csv")),
    ("service_type", include_str!("data/service_type.csv")),
    ("tier", include_str!("data/tier.csv")),
    ("role_family", include_str!("data/role_family.csv")),
    ("role", include_str!("data/role.csv")),
    ("register", include_str!("data/register.csv")),
    ("topic", include_str!("data/topic.csv")),
    ("theme", include_str!("data/theme.csv")),
    ("level", include_str!("data/level.csv")),
    ("mat_standard", include_str!("data/mat_standard.csv")),
    ("trauma_level", include_str!("data/trauma_level.csv")),
    ("delivery", include_str!("data/delivery.csv")),
    ("cost", include_str!("data/cost.csv")),
    ("evidence_kind", include_str!("data/evidence_kind.csv")),
    ("assurance", include_str!("data/assurance.csv")),
    ("status", include_str!("data/status.csv")),
    ("pay_framework", include_str!("data/pay_framework.csv")),
];

const OTHER_FILES: [&str; 5] = [
    include_str!("data/vocabularies.csv"),
    include_str!("data/areas.csv"),
    include_str!("data/area_links.csv"),
    include_str!("data/tiles.csv"),
    include_str!("data/pay_hours.csv"),
];

pub fn all() -> &'static [Vocabulary] {
    static ALL: OnceLock<Vec<Vocabulary>> = OnceLock::new();
    ALL.get_or_init(|| {
        csvfile::rows("vocabularies.csv", include_str!("data/vocabularies.csv")).into_iter().map(read).collect()
    })
}

pub fn get(id: &str) -> Option<&'static Vocabulary> {
    all().iter().find(|vocabulary| vocabulary.id == id)
}

/// Changes whenever any embedded file does.
pub fn fingerprint() -> &'static str {
    static PRINT: OnceLock<String> = OnceLock::new();
    PRINT.get_or_init(|| {
        let mut hash = Sha256::new();
        for text in FILES.iter().map(|(_, text)| *text).chain(OTHER_FILES) {
            hash.update(text);
        }
        let digest = hash.finalize();
        let first = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{first:016x}")
    })
}

/// The term of a vocabulary by its slug.
pub fn term(id: &str, slug: &str) -> Option<&'static Term> {
    get(id)?.term(slug)
}

impl Vocabulary {
    pub fn term(&self, slug: &str) -> Option<&Term> {
        self.terms.iter().find(|term| term.slug == slug)
    }

    /// By slug, label or alias as people write it; see [`super::lookup`].
    pub fn find(&self, text: &str) -> Lookup<'_, Term> {
        self.names.find(text, &self.terms)
    }

    /// By exactly one of these names; costs nothing when there is none.
    pub fn named(&self, text: &str) -> Option<&Term> {
        self.names.named(text, &self.terms)
    }

    pub fn children(&self, parent: &str) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |term| term.parent.as_deref() == Some(parent))
    }
}

impl Term {
    pub fn extra(&self, column: &str) -> Option<&str> {
        self.extra.get(column).map(String::as_str)
    }
}

fn read(mut row: csvfile::Row) -> Vocabulary {
    let id = row.take("id");
    let text = FILES.iter().find(|(name, _)| *name == id).map_or("", |(_, text)| text);
    let terms: Vec<Term> = csvfile::rows(&id, text).into_iter().zip(0..).map(read_term).collect();
    let mut names = Names::default();
    // Slugs, then labels, then aliases: the stronger name wins where two terms share one.
    for (at, term) in terms.iter().enumerate() {
        names.add(&term.slug, at);
    }
    for (at, term) in terms.iter().enumerate() {
        names.add(&term.label, at);
    }
    for (at, term) in terms.iter().enumerate() {
        for alias in &term.aliases {
            names.add(alias, at);
        }
    }
    Vocabulary {
        id,
        label: row.take("label"),
        version: row.take("version"),
        valid_from: row.take_date("valid_from"),
        source: row.take("source"),
        note: row.take("note"),
        terms,
        names,
    }
}

fn read_term((mut row, sort): (csvfile::Row, i32)) -> Term {
    Term {
        slug: row.take("slug"),
        label: row.take("label"),
        parent: row.take_some("parent"),
        sort,
        period: row.take_period(),
        aliases: row.take_list("aliases"),
        note: row.take_or_empty("note"),
        extra: row.rest(),
    }
}

#[cfg(test)]
#[path = "vocabulary_tests.rs"]
mod tests;
