//! What goes over the wire for tables.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{CollectionId, OrganisationId, ReleaseId, RequirementId};
use entity::value::{Assurance, Level};
use poem_openapi::{Enum, Object};

use super::axes::By;
use super::measures::Measure;

/// A question. Give `collection` or `as_at`; without either, today.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct QuestionIn {
    /// A collection's slug; its as-at date is used
    pub collection: Option<String>,
    pub as_at: Option<NaiveDate>,
    /// Facts as they had been recorded by this instant
    pub known_at: Option<DateTime<Utc>>,
    pub measures: Vec<Measure>,
    #[oai(default)]
    pub rows: Vec<By>,
    #[oai(default)]
    pub columns: Vec<By>,
    /// By dimension: the values that count
    #[oai(default)]
    pub filters: BTreeMap<String, Vec<String>>,
    /// Coverage and compliance: what assurance counts; anything recorded when absent
    pub assurance: Option<Assurance>,
    /// Coverage and compliance of one requirement; of everything required when absent
    pub requirement: Option<RequirementId>,
    /// Coverage of a theme of the Knowledge and Skills Framework, with `level`
    pub theme: Option<String>,
    pub level: Option<Level>,
    /// An employer's own organisation: real figures
    pub organisation: Option<OrganisationId>,
}

/// Why a value is not shown: c confidential, x not available, z not applicable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum MarkerOut {
    C,
    X,
    Z,
}

#[derive(Clone, Debug, Object)]
pub struct FigureOut {
    pub measure: Measure,
    /// By dimension: a value's id, or null for the total over it
    pub keys: BTreeMap<String, Option<String>>,
    #[oai(nullable)]
    pub value: Option<f64>,
    #[oai(nullable)]
    pub marker: Option<MarkerOut>,
}

#[derive(Clone, Debug, Object)]
pub struct ValueOut {
    pub id: String,
    pub label: String,
}

#[derive(Clone, Debug, Object)]
pub struct DimensionOut {
    pub id: By,
    pub label: String,
    pub values: Vec<ValueOut>,
}

#[derive(Clone, Debug, Object)]
pub struct MeasureOut {
    pub id: Measure,
    pub label: String,
    /// people, posts, wte or percent
    pub unit: String,
    pub definition: String,
}

/// How many employers answered within the year before the date, and how fresh the answers are.
#[derive(Clone, Debug, Object)]
pub struct ResponseOut {
    pub employers: u64,
    pub answered: u64,
    /// Employers of whom it is not known whether they had answered: only a later answer was kept
    #[oai(default)]
    pub unknown: u64,
    /// Percent with one decimal; null without employers, and where it is not known
    #[oai(nullable)]
    pub rate: Option<f64>,
    #[oai(skip_serializing_if_is_none)]
    pub oldest: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    pub newest: Option<NaiveDate>,
}

#[derive(Clone, Debug, Object)]
pub struct TableOut {
    /// The release: the same question of the same facts has the same id and the same answer
    pub manifest: ReleaseId,
    /// The question as a sentence
    pub title: String,
    pub as_at: NaiveDate,
    pub rows: Vec<By>,
    pub columns: Vec<By>,
    pub measures: Vec<MeasureOut>,
    pub dimensions: Vec<DimensionOut>,
    pub cells: Vec<FigureOut>,
    /// False for an employer's own real figures, which are not for publication
    pub protected: bool,
    pub notes: Vec<String>,
    pub response: ResponseOut,
    pub rule_version: String,
    pub released_at: DateTime<Utc>,
}

#[derive(Debug, Object)]
pub struct MeasuresOut {
    pub items: Vec<MeasureOut>,
}

#[derive(Debug, Object)]
pub struct DimensionsOut {
    pub items: Vec<DimensionOut>,
    /// How many dimensions a table for publication may cross
    pub most_crossed: u64,
}

#[derive(Debug, Object)]
pub struct CollectionOut {
    pub id: CollectionId,
    pub slug: String,
    pub name: String,
    pub as_at: NaiveDate,
}

#[derive(Debug, Object)]
pub struct CollectionsOut {
    pub items: Vec<CollectionOut>,
}

impl From<Measure> for MeasureOut {
    fn from(measure: Measure) -> Self {
        Self {
            id: measure,
            label: measure.label().to_owned(),
            unit: measure.unit().to_owned(),
            definition: measure.definition().to_owned(),
        }
    }
}

impl From<By> for DimensionOut {
    fn from(by: By) -> Self {
        let value = |(id, label): (&str, &str)| ValueOut { id: id.to_owned(), label: label.to_owned() };
        Self { id: by, label: by.label().to_owned(), values: by.values().into_iter().map(value).collect() }
    }
}

impl From<entity::collection::Model> for CollectionOut {
    fn from(row: entity::collection::Model) -> Self {
        let entity::collection::Model { id, slug, name, as_at, .. } = row;
        Self { id, slug, name, as_at }
    }
}
