//! Full-text search over the catalogue: the port and its two engines.
//!
//! The database is the truth; an engine holds a copy that may be stale, so it returns ids, scores,
//! counts and highlights, and the caller reloads the rows under its own scope. This module knows
//! neither tables nor HTTP: documents come in, hits go out.

mod document;
pub mod embedded;
mod highlight;
pub mod remote;
mod suggest;
mod synonyms;
pub mod words;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use uuid::Uuid;

use crate::base::secret::Secret;

pub use document::{Document, Facet};
pub use highlight::{Highlights, Segment};
pub use suggest::{Suggestion, SuggestionKind};

/// Raised whenever the stored form of a document or the way words are indexed changes: an index
/// with an older number is rebuilt.
pub const SCHEMA: u32 = 1;

/// Hits that one answer may hold.
pub const MAX_LIMIT: usize = 100;
/// How deep paging may go; nobody reads further, and both engines pay for depth.
pub const MAX_DEPTH: usize = 10_000;
/// Characters of a query that are looked at.
pub const MAX_TEXT: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchError {
    /// The engine cannot answer now (down, refusing, being built); trying later may help.
    Unavailable(String),
    /// The question itself is wrong; trying again will not help.
    Invalid(String),
    /// A fault of ours.
    Internal(String),
}

impl std::fmt::Display for SearchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unavailable(message) => write!(f, "search is unavailable: {message}"),
            Self::Invalid(message) => write!(f, "invalid search: {message}"),
            Self::Internal(message) => write!(f, "search failed: {message}"),
        }
    }
}

impl std::error::Error for SearchError {}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Best match first; without text, the same as `Newest`.
    #[default]
    Relevance,
    /// Latest `published_on` first, undated last.
    Newest,
    /// Fewest minutes first, unknown last.
    Shortest,
    Title,
}

/// What is asked. Values of one facet are alternatives, different facets must all hold.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Empty = everything.
    pub text: String,
    pub filters: BTreeMap<Facet, Vec<String>>,
    pub sort: Sort,
    pub offset: usize,
    pub limit: usize,
}

impl Query {
    /// A first page of 25 for this text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), limit: 25, ..Self::default() }
    }

    #[must_use]
    pub fn filter(mut self, facet: Facet, value: impl Into<String>) -> Self {
        self.filters.entry(facet).or_default().push(value.into());
        self
    }

    #[must_use]
    pub fn sort(mut self, sort: Sort) -> Self {
        self.sort = sort;
        self
    }

    #[must_use]
    pub fn page(mut self, offset: usize, limit: usize) -> Self {
        self.offset = offset;
        self.limit = limit;
        self
    }

    fn check(&self) -> Result<(), SearchError> {
        if self.limit > MAX_LIMIT {
            return Err(SearchError::Invalid(format!("at most {MAX_LIMIT} hits at a time")));
        }
        if self.offset.saturating_add(self.limit) > MAX_DEPTH {
            return Err(SearchError::Invalid(format!("paging ends after {MAX_DEPTH} hits; narrow the search instead")));
        }
        if self.text.chars().count() > MAX_TEXT {
            return Err(SearchError::Invalid(format!("at most {MAX_TEXT} characters of text")));
        }
        Ok(())
    }
}

#[derive(Debug, Clone)]
pub struct Hit {
    pub id: Uuid,
    /// Comparable within one answer only.
    pub score: f32,
    pub highlights: Highlights,
}

/// Values with their counts, most frequent first, then by value.
pub type FacetCounts = BTreeMap<Facet, Vec<(String, u64)>>;

#[derive(Debug, Clone, Default)]
pub struct Found {
    pub total: u64,
    pub hits: Vec<Hit>,
    /// Every facet is present. A facet's own choice does not shrink its own counts.
    pub facets: FacetCounts,
    /// Offset of the next page, if there is one.
    pub next: Option<usize>,
}

/// What an outbox brings: applied as one, together with the position it reaches.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub upsert: Vec<Document>,
    pub delete: Vec<Uuid>,
    /// The outbox sequence number after these changes; `None` leaves the stored one alone.
    pub position: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// No index, or one that cannot be read: rebuild.
    Missing,
    /// Built by an older version of Cairn: rebuild.
    OlderSchema,
    Ready,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub state: State,
    pub documents: u64,
    /// The outbox sequence number up to which changes are in the index.
    pub position: Option<i64>,
}

/// What of the index an engine answers from: another one whenever an answer may be another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Generation {
    opened: u64,
    commit: u64,
}

/// A search engine. Until `status().state` is `Ready`, changes are refused and searches may be:
/// with `Unavailable`.
#[async_trait]
pub trait SearchEngine: Send + Sync + std::fmt::Debug {
    /// Brings changes in. Applying the same changes twice is harmless.
    async fn apply(&self, changes: Changes) -> Result<(), SearchError>;

    async fn search(&self, query: &Query) -> Result<Found, SearchError>;

    /// Titles, topics and providers as one types, at most `limit`.
    async fn suggest(&self, text: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError>;

    async fn status(&self) -> Result<Status, SearchError>;

    /// Asked for each search, so it must cost next to nothing; `None` where the engine cannot tell.
    fn generation(&self) -> Option<Generation> {
        None
    }

    /// Starts an index beside the live one, which keeps answering until `Rebuild::finish`.
    async fn rebuild(&self) -> Result<Box<dyn Rebuild>, SearchError>;

    /// Waits until everything accepted so far can be found. For tests and the command line.
    async fn settle(&self) -> Result<(), SearchError>;

    async fn upsert(&self, documents: Vec<Document>) -> Result<(), SearchError> {
        self.apply(Changes { upsert: documents, ..Changes::default() }).await
    }

    async fn delete(&self, ids: Vec<Uuid>) -> Result<(), SearchError> {
        self.apply(Changes { delete: ids, ..Changes::default() }).await
    }
}

/// An index being built beside the live one. Dropped unfinished, it leaves the live one as it was.
#[async_trait]
pub trait Rebuild: Send {
    /// Any number of times; a thousand or so documents at once is a good size.
    async fn add(&mut self, documents: Vec<Document>) -> Result<(), SearchError>;

    /// Makes the new index the live one. `position` is the outbox position that was current
    /// *before* the first document was read, so that tailing on from it misses nothing.
    async fn finish(self: Box<Self>, position: Option<i64>) -> Result<(), SearchError>;
}

/// Rebuilds in one go, for callers that have everything in memory.
pub async fn rebuild_with(
    engine: &dyn SearchEngine,
    documents: Vec<Document>,
    position: Option<i64>,
) -> Result<(), SearchError> {
    let mut rebuild = engine.rebuild().await?;
    rebuild.add(documents).await?;
    rebuild.finish(position).await
}

/// Which engine, from configuration.
#[derive(Debug, Clone)]
pub enum Options {
    /// Tantivy, in a folder of its own.
    Embedded { dir: PathBuf },
    /// Meilisearch. `index` names the index; several installations may share a server.
    Remote { url: String, key: Option<Secret>, index: String },
}

/// Opens the engine. Does not need a remote server to be up, and does not build an index: see
/// `status`.
pub async fn from_config(options: Options) -> Result<Arc<dyn SearchEngine>, SearchError> {
    Ok(match options {
        Options::Embedded { dir } => Arc::new(embedded::Embedded::open(dir).await?),
        Options::Remote { url, key, index } => Arc::new(remote::Remote::new(&remote::Settings::new(url, key, index))?),
    })
}
