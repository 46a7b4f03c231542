//! Writes that are sent again (`Idempotency-Key`): the first is carried out and its answer kept for
//! a day, the same one sent again gets that answer. Refusals are not kept: they changed nothing.

use chrono::TimeDelta;
use entity::idempotency::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, TryInsertResult};

use crate::state::App;

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// After this long without an answer, the process that began it has died.
const LOST: TimeDelta = TimeDelta::minutes(2);

/// What to do with a write that carries a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nobody has begun it: carry it out, then [`keep`] its answer or [`forget`] it
    Begin,
    /// Somebody is at it
    Running,
    /// It has been done, with this answer
    Done(Kept),
    /// The key was used for something else
    Other,
}

/// A kept answer; its body is JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub status: u16,
    pub etag: Option<String>,
    pub body: String,
}

/// Takes the turn for a key. `request` tells apart what was asked.
pub async fn begin(app: &App, key: &str, request: &str) -> Result<Turn, DbErr> {
    let now = app.clock.now();
    let row = ActiveModel {
        key: Set(key.to_owned()),
        request_hash: Set(request.to_owned()),
        status: Set(None),
        etag: Set(None),
        body: Set(String::new()),
        created_at: Set(now),
    };
    let insert = Entity::insert(row).on_conflict_do_nothing_on([Column::Key]);
    if let TryInsertResult::Inserted(1) = insert.exec_without_returning(&app.db).await? {
        return Ok(Turn::Begin);
    }
    let Some(found) = Entity::find_by_id(key).one(&app.db).await? else { return Ok(Turn::Running) };
    if found.request_hash != request {
        return Ok(Turn::Other);
    }
    let Model { status, etag, body, created_at, .. } = found;
    match status.and_then(|status| u16::try_from(status).ok()) {
        Some(status) => Ok(Turn::Done(Kept { status, etag, body })),
        None if created_at + LOST <= now => take_over(app, key, created_at).await,
        None => Ok(Turn::Running),
    }
}

/// Only one of several may carry on for a process that died.
async fn take_over(app: &App, key: &str, begun: chrono::DateTime<chrono::Utc>) -> Result<Turn, DbErr> {
    let taken = Entity::update_many()
        .col_expr(Column::CreatedAt, app.clock.now().into())
        .filter(Column::Key.eq(key))
        .filter(Column::CreatedAt.eq(begun))
        .exec(&app.db)
        .await?;
    Ok(if taken.rows_affected == 1 { Turn::Begin } else { Turn::Running })
}

pub async fn keep(app: &App, key: &str, answer: Kept) -> Result<(), DbErr> {
    let Kept { status, etag, body } = answer;
    let row = ActiveModel {
        key: Set(key.to_owned()),
        status: Set(Some(i32::from(status))),
        etag: Set(etag),
        body: Set(body),
        ..Default::default()
    };
    Entity::update(row).exec(&app.db).await.map(|_| ())
}

pub async fn forget(app: &App, key: &str) -> Result<(), DbErr> {
    Entity::delete_by_id(key).exec(&app.db).await.map(|_| ())
}

/// Forgets answers that are old enough.
pub async fn sweep(app: &App) -> Result<u64, DbErr> {
    let old = Entity::delete_many().filter(Column::CreatedAt.lte(app.clock.now() - KEPT));
    old.exec(&app.db).await.map(|done| done.rows_affected)
}
