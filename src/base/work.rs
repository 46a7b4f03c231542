//! What a request did to the database, known to whoever answers it: whether anything was committed,
//! and that its idempotency key stands in the same transaction as its work. The first write
//! transaction of the request carries the key: with it the key is kept or undone, whatever happens to
//! the process. Another transaction with the same key waits for this one (PostgreSQL: at the unique
//! index; SQLite: at the write lock), so a key is never "running" longer than its transaction lives.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use entity::idempotency::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbBackend, DbErr, EntityTrait, TryInsertResult};

/// How long a write waits for a lock of another, the one for its key included, before it is refused
/// as busy.
const PATIENCE: &str = "SET LOCAL lock_timeout = '10s'";

/// The key of a request that may be sent again.
#[derive(Clone, Debug)]
pub struct Claim {
    pub key: String,
    /// Tells apart what was asked
    pub request: String,
    /// What the caller might do when it was asked
    pub rights: String,
    pub at: DateTime<Utc>,
}

/// One request's work.
#[derive(Debug, Default)]
pub struct Work {
    claim: Option<Claim>,
    committed: AtomicBool,
    claimed: AtomicBool,
}

tokio::task_local! {
    static WORK: Arc<Work>;
}

impl Work {
    pub fn new(claim: Option<Claim>) -> Arc<Self> {
        Arc::new(Self { claim, ..Self::default() })
    }

    /// Does the work; write transactions that it opens on this task belong to it.
    pub async fn carry<F: Future>(self: &Arc<Self>, work: F) -> F::Output {
        WORK.scope(Arc::clone(self), work).await
    }

    /// Whether anything was committed.
    pub fn is_committed(&self) -> bool {
        self.committed.load(Ordering::Relaxed)
    }

    /// Whether the key was committed, with the first of its writes.
    pub fn is_claimed(&self) -> bool {
        self.claimed.load(Ordering::Relaxed)
    }
}

/// Puts the current request's key into its first write transaction; tells whether it did. When the
/// key stands already, because the work was done meanwhile, `RecordNotInserted`.
pub(super) async fn claim<C: ConnectionTrait>(tx: &C) -> Result<bool, DbErr> {
    let Ok(work) = WORK.try_with(Arc::clone) else { return Ok(false) };
    let Some(Claim { key, request, rights, at }) = work.claim.as_ref().filter(|_| !work.is_claimed()).cloned() else {
        return Ok(false);
    };
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(PATIENCE).await?;
    }
    let row = ActiveModel {
        key: Set(key),
        request_hash: Set(request),
        rights: Set(rights),
        status: Set(None),
        etag: Set(None),
        location: Set(None),
        body: Set(String::new()),
        created_at: Set(at),
    };
    let insert = Entity::insert(row).on_conflict_do_nothing_on([Column::Key]);
    match insert.exec_without_returning(tx).await? {
        TryInsertResult::Inserted(1) => Ok(true),
        _ => Err(DbErr::RecordNotInserted),
    }
}

/// A write transaction of the current request was committed, perhaps with its key.
pub(super) fn committed(with_claim: bool) {
    // no request: the command line, a job
    let _ = WORK.try_with(|work| {
        work.committed.store(true, Ordering::Relaxed);
        work.claimed.fetch_or(with_claim, Ordering::Relaxed);
    });
}
