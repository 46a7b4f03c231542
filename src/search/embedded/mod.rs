//! The embedded engine: a Tantivy index in a folder of its own, read and written by this process.
//!
//! Tantivy blocks, so everything runs in `spawn_blocking`; questions take turns at the cores. One
//! writer at a time, behind a mutex; readers see a commit as soon as it is made (manual reload), and the outbox position travels in
//! the commit itself, so that the two can never disagree after a crash.

mod collect;
mod columns;
mod folder;
mod open;
mod query;
mod rebuild;
mod schema;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use tantivy::TantivyError;
use tokio::task::JoinError;

use crate::base::turns::Turns;

use super::{Changes, Found, Generation, Query, Rebuild, SearchEngine, SearchError, State, Status, Suggestion, words};
use folder::{Build, Folder};
use open::Open;
use schema::Fields;

#[derive(Clone)]
pub struct Embedded {
    shared: Arc<Shared>,
}

struct Shared {
    folder: Folder,
    fields: Fields,
    live: RwLock<Live>,
    turns: Turns,
}

/// What `CURRENT` named when it was last looked at, opened if it could be.
#[derive(Clone)]
struct Live {
    named: Option<Build>,
    index: Result<Arc<Open>, State>,
}

impl Embedded {
    /// Opens the folder, creating it if need be. An index that is missing, broken or of another
    /// schema is no error here: `status` says so.
    pub async fn open(dir: PathBuf) -> Result<Self, SearchError> {
        blocking(move || {
            let folder =
                Folder::open(dir.clone()).map_err(|error| unavailable(&format!("{}: {error}", dir.display())))?;
            folder.tidy();
            let shared = Shared {
                folder,
                fields: Fields::new(),
                live: RwLock::new(Live { named: None, index: Err(State::Missing) }),
                turns: Turns::new(),
            };
            shared.refresh().ok(); // what it found is for `status` to say
            Ok(Self { shared: Arc::new(shared) })
        })
        .await
    }

    /// Asks the live index when it is the question's turn.
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared, &Open) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, SearchError> {
        let shared = Arc::clone(&self.shared);
        let turn = self.shared.turns.take(move || shared.live().and_then(|open| work(&shared, &open)));
        turn.await.map_err(lost)?
    }
}

impl Shared {
    fn live(&self) -> Result<Arc<Open>, SearchError> {
        self.refresh().map_err(|state| {
            unavailable(match state {
                State::OlderSchema => "the index is being brought up to date",
                State::Missing | State::Ready => "the index is being built",
            })
        })
    }

    /// The live index; opened again when another build has become live meanwhile.
    fn refresh(&self) -> Result<Arc<Open>, State> {
        let named = self.folder.current();
        {
            let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
            if live.named == named && (live.index.is_ok() || named.is_none()) {
                return live.index.clone();
            }
        }
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        if live.named != named || live.index.is_err() {
            *live = Live { named, index: self.open(named) };
        }
        live.index.clone()
    }

    fn open(&self, named: Option<Build>) -> Result<Arc<Open>, State> {
        let build = named.ok_or(State::Missing)?;
        if build.schema != super::SCHEMA {
            return Err(State::OlderSchema);
        }
        Open::existing(&self.folder.path(build), &self.fields).map(Arc::new).map_err(|error| {
            tracing::warn!(%error, "the search index cannot be opened and needs rebuilding");
            State::Missing
        })
    }
}

/// Without its insides: they are large.
impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedded").finish_non_exhaustive()
    }
}

#[async_trait]
impl SearchEngine for Embedded {
    async fn apply(&self, changes: Changes) -> Result<(), SearchError> {
        let shared = Arc::clone(&self.shared);
        blocking(move || shared.live()?.apply(&shared.fields, &changes)).await
    }

    async fn search(&self, query: &Query) -> Result<Found, SearchError> {
        query.check()?;
        let query = query.clone();
        self.ask(move |shared, open| open.search(&shared.fields, &query)).await
    }

    async fn suggest(&self, text: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        let (text, asked) = (text.to_owned(), words::asked(text));
        if asked.words.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        self.ask(move |shared, open| open.suggest(&shared.fields, &text, &asked, limit)).await
    }

    async fn status(&self) -> Result<Status, SearchError> {
        let shared = Arc::clone(&self.shared);
        blocking(move || match shared.refresh() {
            Ok(open) => open.status(),
            Err(state) => Ok(Status { state, documents: 0, position: None }),
        })
        .await
    }

    fn generation(&self) -> Option<Generation> {
        // reads a file of ten bytes: not worth another thread
        self.shared.refresh().ok().map(|open| open.generation())
    }

    async fn rebuild(&self) -> Result<Box<dyn Rebuild>, SearchError> {
        let shared = Arc::clone(&self.shared);
        let building = blocking(move || rebuild::Building::start(shared)).await?;
        Ok(Box::new(building))
    }

    async fn settle(&self) -> Result<(), SearchError> {
        Ok(()) // `apply` returns when the reader has the commit
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SearchError> + Send + 'static,
) -> Result<T, SearchError> {
    tokio::task::spawn_blocking(work).await.map_err(lost)?
}

fn lost(error: JoinError) -> SearchError {
    SearchError::Internal(error.to_string())
}

fn unavailable(message: &str) -> SearchError {
    SearchError::Unavailable(message.to_owned())
}

/// A full disk or a lock passes; anything else is a fault.
fn fault(error: TantivyError) -> SearchError {
    match error {
        TantivyError::LockFailure(..) => unavailable("another process is writing to the index of this data folder"),
        TantivyError::IoError(error) => SearchError::Unavailable(error.to_string()),
        other => SearchError::Internal(other.to_string()),
    }
}
