//! Answers of the search.

use entity::id::{ItemId, OrganisationId};
use entity::value::{ItemKind, Level};
use poem_openapi::{Enum, Object};

use crate::search::{Segment, Sort};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SearchSort {
    #[default]
    Relevance,
    Newest,
    Shortest,
    Title,
}

/// A piece of text, and whether it is what was looked for.
#[derive(Debug, Object)]
pub struct SegmentOut {
    pub text: String,
    #[oai(rename = "match")]
    pub is_match: bool,
}

/// Title and summary in pieces; a long summary is cut around the first match.
#[derive(Debug, Object)]
pub struct HighlightsOut {
    pub title: Vec<SegmentOut>,
    pub summary: Vec<SegmentOut>,
}

#[derive(Debug, Object)]
pub struct HitOut {
    pub id: ItemId,
    #[oai(rename = "ref")]
    pub reference: String,
    pub kind: ItemKind,
    pub title: String,
    pub summary: String,
    pub provider: String,
    pub provider_id: OrganisationId,
    #[oai(skip_serializing_if_is_none)]
    pub level: Option<Level>,
    #[oai(skip_serializing_if_is_none)]
    pub minutes: Option<i32>,
    pub delivery: String,
    pub delivery_label: String,
    pub cost: String,
    pub cost_label: String,
    /// How long a completion counts; absent: it never lapses
    #[oai(skip_serializing_if_is_none)]
    pub validity_months: Option<i32>,
    pub highlights: HighlightsOut,
}

#[derive(Debug, Object)]
pub struct FacetValueOut {
    pub value: String,
    pub label: String,
    pub count: u64,
    /// The broader value, where there is one
    #[oai(skip_serializing_if_is_none)]
    pub parent: Option<String>,
}

/// What can be chosen, with how many items each choice would show.
#[derive(Debug, Default, Object)]
pub struct FacetsOut {
    pub kind: Vec<FacetValueOut>,
    pub topic: Vec<FacetValueOut>,
    pub theme: Vec<FacetValueOut>,
    pub level: Vec<FacetValueOut>,
    pub provider: Vec<FacetValueOut>,
    pub delivery: Vec<FacetValueOut>,
    pub cost: Vec<FacetValueOut>,
    pub audience: Vec<FacetValueOut>,
    pub mat_standard: Vec<FacetValueOut>,
    pub area: Vec<FacetValueOut>,
}

#[derive(Debug, Object)]
pub struct SearchOut {
    pub total: u64,
    pub hits: Vec<HitOut>,
    pub facets: FacetsOut,
    #[oai(skip_serializing_if_is_none)]
    pub next_cursor: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SuggestKind {
    Title,
    Topic,
    Provider,
}

#[derive(Debug, Object)]
pub struct SuggestionOut {
    pub kind: SuggestKind,
    pub text: String,
    /// The item, for a title
    #[oai(skip_serializing_if_is_none)]
    pub id: Option<ItemId>,
    /// What to filter by, for a topic or a provider
    #[oai(skip_serializing_if_is_none)]
    pub value: Option<String>,
}

#[derive(Debug, Object)]
pub struct SuggestOut {
    pub items: Vec<SuggestionOut>,
}

impl From<SearchSort> for Sort {
    fn from(sort: SearchSort) -> Self {
        match sort {
            SearchSort::Relevance => Self::Relevance,
            SearchSort::Newest => Self::Newest,
            SearchSort::Shortest => Self::Shortest,
            SearchSort::Title => Self::Title,
        }
    }
}

impl From<Segment> for SegmentOut {
    fn from(segment: Segment) -> Self {
        let Segment { text, is_match } = segment;
        Self { text, is_match }
    }
}
