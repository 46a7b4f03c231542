//! Two people of one employer who are one human: what merging would do, doing it, taking it back.
//! The one with an account stays; two of those are never merged, because both are somebody's.

use entity::id::PersonId;
use entity::value::MoveReason;
use sea_orm::ConnectionTrait;

use super::moving::{self, Going};
use super::{detail, not_found};
use crate::access::OrgScope;
use crate::base::db;
use crate::base::error::ApiError;
use crate::organisation;
use crate::people::store::moving as rows;
use crate::people::store::{self, joining, known};
use crate::people::wire::{ClashOut, MergeOut};
use crate::state::App;

pub async fn preview(app: &App, scope: &OrgScope, pair: (PersonId, PersonId)) -> Result<MergeOut, ApiError> {
    let read = db::read(&app.db).await?;
    let order = in_order(&read, pair).await?;
    plan(app, &read, scope, order).await
}

/// Who stays and who goes.
async fn in_order<C: ConnectionTrait>(
    db: &C,
    (one, other): (PersonId, PersonId),
) -> Result<(PersonId, PersonId), ApiError> {
    if one == other {
        return Err(ApiError::field("other_id", "same_person", "Choose another person of your organisation."));
    }
    let joined = known::with_account(db, &[one, other]).await?;
    Ok(if joined.contains(&other) && !joined.contains(&one) { (other, one) } else { (one, other) })
}

async fn plan<C: ConnectionTrait>(
    app: &App,
    db: &C,
    scope: &OrgScope,
    (stays, goes): (PersonId, PersonId),
) -> Result<MergeOut, ApiError> {
    let mut clashes = Vec::new();
    let mut clash = |code: &str, message: &str| {
        clashes.push(ClashOut { code: code.to_owned(), message: message.to_owned() });
    };
    if known::with_account(db, &[stays, goes]).await?.len() > 1 {
        clash("both_confirmed", "Both have said themselves that they work here: they are two people.");
    }
    let organisation = scope.organisation();
    if !moving::overlapping(db, organisation, (goes, stays)).await?.is_empty() {
        clash("overlaps", "Both are in the same post at the same time. End or correct one of the two first.");
    }
    if joining::is_elsewhere(db, organisation, goes).await? {
        clash("not_only_here", "Not everything that we hold of the one who goes is yours to move.");
    }
    let moved = rows::rows_of(db, organisation, (goes, stays)).await?;
    let count = |table: &str| u32::try_from(moved.get(table).map_or(0, Vec::len)).unwrap_or(u32::MAX);
    let twice = rows::twice(db, (goes, stays)).await?.len();
    let (stays, goes) = (detail(app, db, scope, stays).await?.0, detail(app, db, scope, goes).await?.0);
    Ok(MergeOut {
        appointments: u32::try_from(goes.posts.len()).unwrap_or(u32::MAX),
        completions: count("completion"),
        exemptions: count("exemption"),
        twice: u32::try_from(twice).unwrap_or(u32::MAX),
        stays,
        goes: Some(goes),
        clashes,
    })
}

pub async fn merge(app: &App, scope: &OrgScope, pair: (PersonId, PersonId)) -> Result<MergeOut, ApiError> {
    let tx = db::write(&app.db).await?;
    organisation::store::hold(&tx, scope.organisation()).await?;
    // always in one order, so that two at once cannot wait for each other
    for id in [pair.0.min(pair.1), pair.0.max(pair.1)] {
        store::held(&tx, scope, id).await?.ok_or_else(not_found)?;
    }
    let (stays, goes) = in_order(&tx, pair).await?;
    let plan = plan(app, &tx, scope, (stays, goes)).await?;
    if let Some(clash) = plan.clashes.first() {
        return Err(ApiError::conflict(&clash.code, clash.message.clone()));
    }
    let (organisation, account) = (scope.organisation(), scope.account());
    moving::go(app, &tx, Going { organisation, from: goes, into: stays, why: MoveReason::Merged, account }).await?;
    let stays = detail(app, &tx, scope, stays).await?.0;
    tx.commit().await?;
    Ok(MergeOut { stays, goes: None, ..plan })
}

/// Takes a merge back while nothing later rests on it.
pub async fn undo(app: &App, scope: &OrgScope, (stays, goes): (PersonId, PersonId)) -> Result<MergeOut, ApiError> {
    let tx = db::write(&app.db).await?;
    organisation::store::hold(&tx, scope.organisation()).await?;
    store::held(&tx, scope, stays).await?.ok_or_else(not_found)?;
    let done = rows::newest(&tx, scope.organisation(), (Some(goes), stays)).await?;
    let done = done.filter(|done| done.why == MoveReason::Merged);
    let done = done.ok_or_else(|| ApiError::not_found("this merging"))?;
    store::hold(&tx, goes).await?;
    let moved = moving::read(&done)?;
    let later =
        rows::newest(&tx, scope.organisation(), (None, stays)).await?.is_some_and(|newest| newest.id != done.id);
    if later || rows::is_built_on(&tx, &done, &moved.rows).await? || rows::gone(&tx, &moved.rows, stays).await? {
        let detail = "Something was changed since that rests on it, so it can no longer be taken back.";
        return Err(ApiError::conflict("relied_on", detail));
    }
    moving::back(app, &tx, &done, scope.account()).await?;
    let out = plan(app, &tx, scope, (stays, goes)).await?;
    tx.commit().await?;
    Ok(out)
}
