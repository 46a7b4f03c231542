//! Reference data on the wire.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::value::AreaKind;
use poem_openapi::Object;

use super::area::{self, Area};
use super::pay::{self, PayHours};
use super::vocabulary::{Term, Vocabulary};

/// What a vocabulary is, without its terms.
#[derive(Debug, Object)]
pub struct VocabularyHeadOut {
    pub id: String,
    pub label: String,
    pub version: String,
    /// When the framework behind it came into force
    #[oai(skip_serializing_if_is_none)]
    pub valid_from: Option<NaiveDate>,
    pub source: String,
    pub note: String,
    /// How many terms it has
    pub terms: u64,
}

#[derive(Debug, Object)]
pub struct VocabulariesOut {
    pub items: Vec<VocabularyHeadOut>,
}

/// One term of a vocabulary.
#[derive(Debug, Object)]
pub struct TermOut {
    pub slug: String,
    pub label: String,
    /// Slug of the broader term; of the role family for roles
    #[oai(skip_serializing_if_is_none)]
    pub parent: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it is in use
    #[oai(skip_serializing_if_is_none)]
    pub valid_to: Option<NaiveDate>,
    /// Other names under which it is understood in files
    pub aliases: Vec<String>,
    pub note: String,
    /// What only this vocabulary says of its terms, such as a role's register
    pub attributes: BTreeMap<String, String>,
}

/// A versioned vocabulary with its terms, in the order in which they are shown.
#[derive(Debug, Object)]
pub struct VocabularyOut {
    pub id: String,
    pub label: String,
    pub version: String,
    /// When the framework behind it came into force
    #[oai(skip_serializing_if_is_none)]
    pub valid_from: Option<NaiveDate>,
    pub source: String,
    pub note: String,
    pub items: Vec<TermOut>,
}

/// Roles with the families that they belong to.
#[derive(Debug, Object)]
pub struct RolesOut {
    pub version: String,
    pub source: String,
    pub note: String,
    pub families: Vec<TermOut>,
    /// `parent` is the family
    pub items: Vec<TermOut>,
}

/// A framework of knowledge and skills: what it asks, and at which levels.
#[derive(Debug, Object)]
pub struct FrameworkOut {
    pub id: String,
    pub label: String,
    pub version: String,
    #[oai(skip_serializing_if_is_none)]
    pub valid_from: Option<NaiveDate>,
    pub source: String,
    pub note: String,
    /// Themes or standards; empty where the framework is only a ladder of levels
    pub themes: Vec<TermOut>,
    /// Lowest first; empty where the framework has no levels
    pub levels: Vec<TermOut>,
}

#[derive(Debug, Object)]
pub struct FrameworksOut {
    pub items: Vec<FrameworkOut>,
}

/// Where an area stands on the tile map of its kind.
#[derive(Debug, Object)]
pub struct TileOut {
    pub column: i32,
    pub row: i32,
}

/// Lying within another area between two dates; no date means always.
#[derive(Debug, Object)]
pub struct AreaLinkOut {
    /// Slug of the area around it
    pub area: String,
    #[oai(skip_serializing_if_is_none)]
    pub valid_from: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    pub valid_to: Option<NaiveDate>,
}

#[derive(Debug, Object)]
pub struct AreaOut {
    pub slug: String,
    pub kind: AreaKind,
    pub name: String,
    #[oai(skip_serializing_if_is_none)]
    pub official_code: Option<String>,
    /// The code used by ScotPHO and PHS, where it differs; not safe as a key
    #[oai(skip_serializing_if_is_none)]
    pub other_code: Option<String>,
    /// Retired official codes that older files still carry
    pub former_codes: Vec<String>,
    #[oai(skip_serializing_if_is_none)]
    pub valid_from: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    pub valid_to: Option<NaiveDate>,
    pub within: Vec<AreaLinkOut>,
    #[oai(skip_serializing_if_is_none)]
    pub tile: Option<TileOut>,
}

#[derive(Debug, Object)]
pub struct AreasOut {
    pub version: String,
    pub source: String,
    pub items: Vec<AreaOut>,
}

/// The full-time week of a pay framework between two dates.
#[derive(Debug, Object)]
pub struct PayHoursOut {
    #[oai(skip_serializing_if_is_none)]
    pub valid_from: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    pub valid_to: Option<NaiveDate>,
    pub weekly_minutes: i32,
    pub note: String,
}

#[derive(Debug, Object)]
pub struct PayFrameworkOut {
    pub slug: String,
    pub label: String,
    pub note: String,
    pub hours: Vec<PayHoursOut>,
}

#[derive(Debug, Object)]
pub struct PayFrameworksOut {
    pub version: String,
    pub source: String,
    pub items: Vec<PayFrameworkOut>,
}

impl From<&Term> for TermOut {
    fn from(term: &Term) -> Self {
        let Term { slug, label, parent, sort: _, period, aliases, note, extra } = term;
        Self {
            slug: slug.clone(),
            label: label.clone(),
            parent: parent.clone(),
            valid_from: period.from,
            valid_to: period.to,
            aliases: aliases.clone(),
            note: note.clone(),
            attributes: extra.clone(),
        }
    }
}

fn terms(vocabulary: &Vocabulary) -> Vec<TermOut> {
    vocabulary.terms.iter().map(TermOut::from).collect()
}

impl From<&Vocabulary> for VocabularyHeadOut {
    fn from(of: &Vocabulary) -> Self {
        Self {
            id: of.id.clone(),
            label: of.label.clone(),
            version: of.version.clone(),
            valid_from: of.valid_from,
            source: of.source.clone(),
            note: of.note.clone(),
            terms: of.terms.len() as u64,
        }
    }
}

impl From<&Vocabulary> for VocabularyOut {
    fn from(of: &Vocabulary) -> Self {
        Self {
            id: of.id.clone(),
            label: of.label.clone(),
            version: of.version.clone(),
            valid_from: of.valid_from,
            source: of.source.clone(),
            note: of.note.clone(),
            items: terms(of),
        }
    }
}

impl RolesOut {
    pub fn new(roles: &Vocabulary, families: &Vocabulary) -> Self {
        Self {
            version: roles.version.clone(),
            source: roles.source.clone(),
            note: roles.note.clone(),
            families: terms(families),
            items: terms(roles),
        }
    }
}

impl FrameworkOut {
    /// `named` gives the framework its version and source.
    pub fn new(id: &str, named: &Vocabulary, themes: Option<&Vocabulary>, levels: Option<&Vocabulary>) -> Self {
        Self {
            id: id.to_owned(),
            label: named.label.clone(),
            version: named.version.clone(),
            valid_from: named.valid_from,
            source: named.source.clone(),
            note: named.note.clone(),
            themes: themes.map(terms).unwrap_or_default(),
            levels: levels.map(terms).unwrap_or_default(),
        }
    }
}

impl From<&Area> for AreaOut {
    fn from(area: &Area) -> Self {
        let Area { slug, kind, name, official_code, other_code, former_codes, aliases: _, period } = area;
        let links = area::all().links.iter().filter(|link| link.area == *slug);
        Self {
            slug: slug.clone(),
            kind: *kind,
            name: name.clone(),
            official_code: official_code.clone(),
            other_code: other_code.clone(),
            former_codes: former_codes.clone(),
            valid_from: period.from,
            valid_to: period.to,
            within: links
                .map(|link| AreaLinkOut {
                    area: link.within.clone(),
                    valid_from: link.period.from,
                    valid_to: link.period.to,
                })
                .collect(),
            tile: area::all().tile(slug).map(|tile| TileOut { column: tile.column, row: tile.row }),
        }
    }
}

impl PayFrameworksOut {
    pub fn new(frameworks: &Vocabulary) -> Self {
        let hours = |slug: &str| {
            let of_it = pay::all().iter().filter(|hours| hours.framework == slug);
            of_it.map(PayHoursOut::from).collect()
        };
        let items = frameworks.terms.iter().map(|term| PayFrameworkOut {
            slug: term.slug.clone(),
            label: term.label.clone(),
            note: term.note.clone(),
            hours: hours(&term.slug),
        });
        Self { version: frameworks.version.clone(), source: frameworks.source.clone(), items: items.collect() }
    }
}

impl From<&PayHours> for PayHoursOut {
    fn from(hours: &PayHours) -> Self {
        let PayHours { framework: _, period, weekly_minutes, note } = hours;
        Self { valid_from: period.from, valid_to: period.to, weekly_minutes: *weekly_minutes, note: note.clone() }
    }
}
