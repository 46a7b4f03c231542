//! The remote engine: Meilisearch, shared by any number of Cairn processes.
//!
//! Writes are handed to Meilisearch's own queue and not waited for, except in a rebuild and in
//! `settle`. Whatever goes wrong on the way there or back is `Unavailable`: the rest of Cairn
//! works on, and the outbox is delivered when the server is back. A small second index keeps the
//! schema number and the outbox position.

mod ask;
mod rebuild;
mod row;
mod settings;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use meilisearch_sdk::client::Client;
use meilisearch_sdk::errors::{Error, ErrorCode, ErrorType, MeilisearchError};
use meilisearch_sdk::indexes::Index;
use meilisearch_sdk::task_info::TaskInfo;
use meilisearch_sdk::tasks::Task;
use serde::{Deserialize, Serialize};

use super::{Changes, Found, Query, Rebuild, SCHEMA, SearchEngine, SearchError, State, Status, Suggestion};
use crate::base::secret::Secret;

/// How long a task may take before we stop waiting; only rebuilds and tests wait.
const LONGEST_TASK: Duration = Duration::from_mins(10);
const LOOK_AGAIN: Duration = Duration::from_millis(50);
const NOTHING_YET: i64 = i64::MIN;

/// Where the server is and how patient we are.
#[derive(Debug, Clone)]
pub struct Settings {
    pub url: String,
    pub key: Option<Secret>,
    pub index: String,
    /// A search answers within this or not at all.
    pub search_timeout: Duration,
    pub write_timeout: Duration,
}

impl Settings {
    pub fn new(url: String, key: Option<Secret>, index: String) -> Self {
        Self { url, key, index, search_timeout: Duration::from_secs(3), write_timeout: Duration::from_secs(30) }
    }
}

#[derive(Clone)]
pub struct Remote {
    shared: Arc<Shared>,
}

struct Shared {
    client: Client,
    items: Index,
    state: Index,
    search_timeout: Duration,
    write_timeout: Duration,
    /// Known to be ready: saves asking before every write.
    ready: AtomicBool,
    /// The position last handed over, which the server may not have stored yet.
    position: AtomicI64,
}

/// The one document of the second index.
#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    id: String,
    schema: u32,
    position: Option<i64>,
}

const STORED_ID: &str = "state";

impl Remote {
    /// Does not talk to the server: Cairn starts whether or not it is up.
    pub fn new(settings: &Settings) -> Result<Self, SearchError> {
        let invalid = |message: &str| Err(SearchError::Invalid(message.to_owned()));
        let url = settings.url.trim_end_matches('/');
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return invalid("the Meilisearch address must begin with http:// or https://");
        }
        let key = settings.key.as_ref().map(Secret::expose).filter(|key| !key.is_empty());
        // the client panics on a key that cannot stand in a header
        if key.is_some_and(|key| !key.chars().all(|c| c.is_ascii_graphic())) {
            return invalid("the Meilisearch key has a character that no key has");
        }
        let named = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if settings.index.is_empty() || !settings.index.chars().all(named) {
            return invalid("the Meilisearch index name takes letters, digits, - and _ only");
        }
        let client = Client::new(url, key).map_err(|error| unavailable(&error))?;
        Ok(Self {
            shared: Arc::new(Shared {
                items: client.index(&settings.index),
                state: client.index(format!("{}_state", settings.index)),
                client,
                search_timeout: settings.search_timeout,
                write_timeout: settings.write_timeout,
                ready: AtomicBool::new(false),
                position: AtomicI64::new(NOTHING_YET),
            }),
        })
    }
}

impl Shared {
    async fn reading<T>(&self, request: impl Future<Output = Result<T, Error>>) -> Result<T, SearchError> {
        self.within(self.search_timeout, request).await
    }

    async fn writing<T>(&self, request: impl Future<Output = Result<T, Error>>) -> Result<T, SearchError> {
        self.within(self.write_timeout, request).await
    }

    async fn within<T>(
        &self,
        limit: Duration,
        request: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, SearchError> {
        match tokio::time::timeout(limit, request).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                if is_missing(&error) {
                    self.ready.store(false, Ordering::Relaxed);
                }
                Err(unavailable(&error))
            }
            Err(_) => {
                Err(SearchError::Unavailable(format!("Meilisearch did not answer within {} ms", limit.as_millis())))
            }
        }
    }

    /// Waits until a task is done, and done well.
    async fn done(&self, task: &TaskInfo) -> Result<(), SearchError> {
        let waiting = self.client.wait_for_task(task, Some(LOOK_AGAIN), Some(LONGEST_TASK));
        match waiting.await {
            Ok(Task::Failed { content }) => Err(SearchError::Unavailable(format!(
                "Meilisearch could not do what it was asked: {}",
                content.error.error_message
            ))),
            Ok(_) => Ok(()),
            Err(error) => Err(unavailable(&error)),
        }
    }

    /// The stored state, `None` when there is none.
    async fn stored(&self) -> Result<Option<Stored>, SearchError> {
        let request = async {
            match self.state.get_document::<Stored>(STORED_ID).await {
                Ok(stored) => Ok(Some(stored)),
                Err(error) if is_missing(&error) => Ok(None),
                Err(error) => Err(error),
            }
        };
        self.reading(request).await
    }

    async fn store(&self, position: Option<i64>) -> Result<TaskInfo, SearchError> {
        let stored = [Stored { id: STORED_ID.into(), schema: SCHEMA, position }];
        self.writing(self.state.add_or_replace(&stored, Some("id"))).await
    }

    async fn status(&self) -> Result<Status, SearchError> {
        let missing = Status { state: State::Missing, documents: 0, position: None };
        let Some(stored) = self.stored().await? else {
            return Ok(missing);
        };
        let request = async {
            match self.items.get_stats().await {
                Ok(stats) => Ok(Some(stats.number_of_documents)),
                Err(error) if is_missing(&error) => Ok(None),
                Err(error) => Err(error),
            }
        };
        let Some(documents) = self.reading(request).await? else {
            return Ok(missing);
        };
        let state = if stored.schema == SCHEMA { State::Ready } else { State::OlderSchema };
        self.ready.store(state == State::Ready, Ordering::Relaxed);
        let handed_over = self.position.load(Ordering::Relaxed);
        Ok(Status {
            state,
            documents: u64::try_from(documents).unwrap_or_default(),
            position: stored.position.max((handed_over != NOTHING_YET).then_some(handed_over)),
        })
    }

    /// A write to an index that does not exist would create it without its settings.
    async fn must_be_ready(&self) -> Result<(), SearchError> {
        if self.ready.load(Ordering::Relaxed) || self.status().await?.state == State::Ready {
            return Ok(());
        }
        Err(SearchError::Unavailable("the index is being built".into()))
    }
}

/// Without its insides: they hold the key.
impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote").finish_non_exhaustive()
    }
}

#[async_trait]
impl SearchEngine for Remote {
    async fn apply(&self, changes: Changes) -> Result<(), SearchError> {
        let shared = &self.shared;
        shared.must_be_ready().await?;
        if !changes.delete.is_empty() {
            shared.writing(shared.items.delete_documents(&changes.delete)).await?;
        }
        if !changes.upsert.is_empty() {
            let rows: Vec<row::Row> = changes.upsert.iter().map(row::Row::from).collect();
            shared.writing(shared.items.add_or_replace(&rows, Some("id"))).await?;
        }
        if let Some(position) = changes.position {
            // Meilisearch works its queue off in order: once this is stored, so are the rows
            shared.store(Some(position)).await?;
            shared.position.store(position, Ordering::Relaxed);
        }
        Ok(())
    }

    async fn search(&self, query: &Query) -> Result<Found, SearchError> {
        query.check()?;
        self.shared.search(query).await
    }

    async fn suggest(&self, text: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        self.shared.suggest(text, limit).await
    }

    async fn status(&self) -> Result<Status, SearchError> {
        self.shared.status().await
    }

    async fn rebuild(&self) -> Result<Box<dyn Rebuild>, SearchError> {
        Ok(Box::new(rebuild::Building::start(Arc::clone(&self.shared)).await?))
    }

    async fn settle(&self) -> Result<(), SearchError> {
        // the queue is in order, so the state's own last write comes after everything
        let shared = &self.shared;
        shared.must_be_ready().await?;
        let stored = shared.status().await?;
        let task = shared.store(stored.position).await?;
        shared.done(&task).await
    }
}

/// The index or document asked for is not there (yet).
fn is_missing(error: &Error) -> bool {
    matches!(
        error,
        Error::Meilisearch(MeilisearchError { error_code: ErrorCode::IndexNotFound | ErrorCode::DocumentNotFound, .. })
    )
}

fn unavailable(error: &Error) -> SearchError {
    let message = match error {
        Error::Meilisearch(refusal) if refusal.error_type == ErrorType::Auth => {
            "Meilisearch refuses the key it was given".to_owned()
        }
        _ if is_missing(error) => "the index is being built".to_owned(),
        Error::Meilisearch(refusal) => format!("Meilisearch: {}", refusal.error_message),
        Error::MeilisearchCommunication(answer) if matches!(answer.status_code, 401 | 403) => {
            "Meilisearch refuses the key it was given".to_owned()
        }
        Error::MeilisearchCommunication(answer) => {
            format!("Meilisearch answered {}", answer.status_code)
        }
        Error::ParseError(_) => "Meilisearch answered something unreadable".to_owned(),
        Error::Timeout => "Meilisearch is still busy with what it was asked".to_owned(),
        // the address may hold a password; the source says what went wrong
        Error::HttpError(_) => "Meilisearch cannot be reached".to_owned(),
        other => other.to_string(),
    };
    tracing::warn!(%error, "search engine");
    SearchError::Unavailable(message)
}
