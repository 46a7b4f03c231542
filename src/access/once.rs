//! What is known of writes that are sent again (`Idempotency-Key`). The row is written by the work's
//! own transaction ([`crate::base::work`]); the answer is added to it afterwards and kept for a day.

use chrono::TimeDelta;
use entity::idempotency::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter};

use super::Caller;
use crate::state::App;

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// What is known of a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Known {
    /// It has not been done
    Nothing,
    /// It has been done, with this answer
    Done(Kept),
    /// It has been done, but not answered: the process died in between, or answers right now
    Unanswered,
    /// The key was used for something else
    Other,
    /// It has been done by the right of a role that the caller has no longer
    RightGone,
}

/// A kept answer; its body is JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub status: u16,
    pub etag: Option<String>,
    pub location: Option<String>,
    pub body: String,
}

/// What a caller may do, to be held against what they may do later: person and grants that stand.
pub fn rights(caller: &Caller) -> String {
    let person = caller.person().map(|person| person.to_string());
    let grants = caller.grants().iter().map(|grant| grant.id.to_string());
    person.into_iter().chain(grants).collect::<Vec<_>>().join(" ")
}

/// Looks a key up. `request` tells apart what was asked, `rights` are those of now.
pub async fn look_up(app: &App, key: &str, request: &str, rights: &str) -> Result<Known, DbErr> {
    let Some(found) = Entity::find_by_id(key).one(&app.db).await? else { return Ok(Known::Nothing) };
    let Model { request_hash, rights: then, status, etag, location, body, .. } = found;
    if request_hash != request {
        return Ok(Known::Other);
    }
    if !then.split(' ').filter(|right| !right.is_empty()).all(|right| rights.split(' ').any(|now| now == right)) {
        return Ok(Known::RightGone);
    }
    Ok(match status.and_then(|status| u16::try_from(status).ok()) {
        Some(status) => Known::Done(Kept { status, etag, location, body }),
        None => Known::Unanswered,
    })
}

/// Adds the answer to a key that was committed.
pub async fn keep(app: &App, key: &str, answer: Kept) -> Result<(), DbErr> {
    let Kept { status, etag, location, body } = answer;
    let row = ActiveModel {
        key: Set(key.to_owned()),
        status: Set(Some(i32::from(status))),
        etag: Set(etag),
        location: Set(location),
        body: Set(body),
        ..Default::default()
    };
    Entity::update(row).exec(&app.db).await.map(|_| ())
}

/// For what may well be done twice, such as signing in.
pub async fn forget(app: &App, key: &str) -> Result<(), DbErr> {
    Entity::delete_by_id(key).exec(&app.db).await.map(|_| ())
}

/// Forgets answers that are old enough.
pub async fn sweep(app: &App) -> Result<u64, DbErr> {
    let old = Entity::delete_many().filter(Column::CreatedAt.lte(app.clock.now() - KEPT));
    old.exec(&app.db).await.map(|done| done.rows_affected)
}
