//! Use cases of persons and appointments: reading here, adding in `add`, what an employer writes
//! of a person in `details`, posts in `appoint`, two entries of one human in `merge`, and the
//! person's own side in `mine`.

pub mod add;
pub mod appoint;
pub mod details;
pub mod merge;
pub mod mine;
mod moving;

use std::collections::{HashMap, HashSet};

use entity::id::PersonId;
use entity::value::JoiningReply;
use sea_orm::{ConnectionTrait, DbErr};

use super::known::Known;
use super::store::{self, Wanted, joining, known};
use super::wire::{Confirmation, PersonDetailOut, PersonRowOut, Question};
use crate::access::OrgScope;
use crate::access::ledger::{self, Seen};
use crate::base::db::{self, Snapshot};
use crate::base::error::{ApiError, FieldProblem};
use crate::base::etag::etag;
use crate::base::page::{self, Page};
use crate::state::App;

fn not_found() -> ApiError {
    ApiError::not_found("this person")
}

/// A page of people; that they were seen is in the ledger before it is answered.
pub async fn list(
    app: &App,
    scope: &OrgScope,
    wanted: Wanted,
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Page<PersonRowOut>, ApiError> {
    let (today, limit) = (app.clock.today(), page::limit(limit));
    let after = page::key(cursor)?;
    let read = db::read(&app.db).await?;
    let (rows, total) = store::list(&read, scope, &wanted, today, after, limit + 1).await?;
    let (rows, next_cursor) = page::shown(rows, limit, store::key);
    let items = dress(app, &read, scope, rows).await?;
    drop(read);
    let seen: Vec<_> = items.iter().map(|row| row.id).collect();
    ledger::seen(&app.db, &app.clock, scope, &seen, Seen::Posts).await?;
    Ok(Page { items, next_cursor, total: Some(total) })
}

async fn dress<C: ConnectionTrait>(
    app: &App,
    db: &C,
    scope: &OrgScope,
    rows: Vec<Known>,
) -> Result<Vec<PersonRowOut>, DbErr> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut posts = store::appointments(db, scope, &ids).await?;
    let confirmed = confirmations(db, scope, &rows).await?;
    let today = app.clock.today();
    let row = |row: Known| {
        let posts = posts.remove(&row.id).unwrap_or_default();
        let confirmation = confirmed.get(&row.id).copied().unwrap_or(Confirmation::NotAsked);
        PersonRowOut::new(row, confirmation, posts, today)
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Who has said that they work here. It is read from this employer's own people alone: whether
/// somebody else has an account with an address makes no difference.
async fn confirmations<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    rows: &[Known],
) -> Result<HashMap<PersonId, Confirmation>, DbErr> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let joined: HashSet<_> = known::with_account(db, &ids).await?.into_iter().collect();
    let answers = joining::answered(db, &ids).await?;
    let here = answers.into_iter().filter(|answer| answer.organisation_id == scope.organisation());
    let refused: HashSet<_> = here.filter(|one| one.answer != JoiningReply::Yes).map(|one| one.person_id).collect();
    let confirmation = |row: &Known| {
        if joined.contains(&row.id) {
            Confirmation::Confirmed
        } else if row.email.is_none() {
            Confirmation::NotAsked
        } else if refused.contains(&row.id) {
            Confirmation::NotConfirmed
        } else {
            Confirmation::Waiting
        }
    };
    Ok(rows.iter().map(|row| (row.id, confirmation(row))).collect())
}

/// A person's page for an employer or manager; the view is in the ledger before it is answered.
/// Somebody who was merged, or has joined, is found under their old id too.
pub async fn view(app: &App, scope: &OrgScope, id: PersonId) -> Result<(PersonDetailOut, String), ApiError> {
    let read = db::read(&app.db).await?;
    let id = here(&read, scope, id).await?;
    let answer = detail(app, &read, scope, id).await?;
    drop(read);
    let tx = db::write(&app.db).await?;
    ledger::seen(&tx, &app.clock, scope, &[answer.0.id], Seen::Posts).await?;
    tx.commit().await?;
    Ok(answer)
}

async fn detail<C: ConnectionTrait>(
    app: &App,
    db: &C,
    scope: &OrgScope,
    id: PersonId,
) -> Result<(PersonDetailOut, String), ApiError> {
    let row = store::person(db, scope, id).await?.ok_or_else(not_found)?;
    let posts = store::appointments(db, scope, &[id]).await?.remove(&id).unwrap_or_default();
    let confirmed = confirmations(db, scope, std::slice::from_ref(&row)).await?;
    let confirmation = confirmed.get(&id).copied().unwrap_or(Confirmation::NotAsked);
    let tag = etag(row.version);
    Ok((PersonDetailOut::new(row, confirmation, posts, app.clock.today()), tag))
}

/// The id under which somebody who is or was within the scope's reach is found now.
pub async fn here<C: Snapshot>(db: &C, scope: &OrgScope, id: PersonId) -> Result<PersonId, ApiError> {
    if store::person(db, scope, id).await?.is_some() {
        return Ok(id);
    }
    let now = store::moving::went(db, scope.organisation(), id).await?.ok_or_else(not_found)?;
    store::person(db, scope, now).await?.map(|row| row.id).ok_or_else(not_found)
}

/// The person, held until the transaction ends, as they then stand. Who was merged, or said yes
/// while a form was open, is found under their old id too.
async fn held<C: ConnectionTrait>(tx: &C, scope: &OrgScope, id: PersonId) -> Result<Known, ApiError> {
    if let Some(here) = store::held(tx, scope, id).await? {
        return Ok(here);
    }
    let now = store::moving::went(tx, scope.organisation(), id).await?.ok_or_else(not_found)?;
    store::held(tx, scope, now).await?.ok_or_else(not_found)
}

/// Asks back what was not confirmed; each question belongs to one field.
fn ask(asked: Vec<(String, Question, String)>, confirmed: &[Question]) -> Result<(), ApiError> {
    let open: Vec<_> = asked
        .into_iter()
        .filter(|(_, question, _)| !confirmed.contains(question))
        .map(|(field, question, message)| FieldProblem { field, code: question.code().to_owned(), message })
        .collect();
    if open.is_empty() { Ok(()) } else { Err(ApiError::questions(open)) }
}
