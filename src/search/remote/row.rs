//! A document as Meilisearch stores it.

use chrono::Datelike;
use serde::Serialize;
use uuid::Uuid;

use crate::search::document::{Document, Facet};
use crate::search::{highlight, words};

/// Searched attributes in order of importance, then facets under their names, then what sorts.
#[derive(Debug, Serialize)]
pub struct Row {
    id: Uuid,
    title: String,
    labels: String,
    summary: String,
    provider_name: String,
    tags: String,
    body: String,
    kind: Vec<String>,
    topic: Vec<String>,
    theme: Vec<String>,
    level: Vec<String>,
    provider: Vec<String>,
    delivery: Vec<String>,
    cost: Vec<String>,
    audience: Vec<String>,
    mat_standard: Vec<String>,
    area: Vec<String>,
    topic_pair: Vec<String>,
    provider_pair: Vec<String>,
    title_key: String,
    /// Unknown sorts last.
    minutes: u32,
    /// Days from the common era; undated is earliest.
    published: i32,
}

pub const SEARCHED: [&str; 6] = ["title", "labels", "summary", "provider_name", "tags", "body"];
pub const TITLE_KEY: &str = "title_key";
pub const MINUTES: &str = "minutes";
pub const PUBLISHED: &str = "published";
pub const TOPIC_PAIR: &str = "topic_pair";
pub const PROVIDER_PAIR: &str = "provider_pair";

impl From<&Document> for Row {
    fn from(document: &Document) -> Self {
        let values = |facet| document.values(facet).into_iter().map(str::to_owned).collect();
        Self {
            id: document.id,
            title: highlight::without_markers(&document.title),
            labels: document.labels(),
            summary: highlight::without_markers(&document.summary),
            provider_name: document.provider_name.clone(),
            tags: document.tags(),
            body: document.body.clone(),
            kind: values(Facet::Kind),
            topic: values(Facet::Topic),
            theme: values(Facet::Theme),
            level: values(Facet::Level),
            provider: values(Facet::Provider),
            delivery: values(Facet::Delivery),
            cost: values(Facet::Cost),
            audience: values(Facet::Audience),
            mat_standard: values(Facet::MatStandard),
            area: values(Facet::Area),
            topic_pair: document.topic_pairs(),
            provider_pair: document.provider_pair().into_iter().collect(),
            title_key: words::sort_key(&document.title),
            minutes: document.minutes.unwrap_or(u32::MAX),
            published: document.published_on.map_or(i32::MIN, |day| day.num_days_from_ce()),
        }
    }
}
