//! Keeping requirements: listing, making, changing as a new version, ending.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::{AccountId, OrganisationId, RequirementId};
use entity::requirement;
use entity::value::{Role, Spelled};
use serde_json::{Value, json};

use super::draft::{self, Birth};
use super::effect::{self, Change};
use crate::access::{Caller, OrgScope, ledger};
use crate::base::db::{self, Snapshot};
use crate::base::error::ApiError;
use crate::base::etag;
use crate::base::page::{self, Page};
use crate::skill::asking;
use crate::skill::store::requirement as store;
use crate::skill::wire::{RequirementIn, RequirementItemOut, RequirementOut, RequirementPatch, RequirementQuestion};
use crate::standing::store::requirements::{self, Written};
use crate::standing::store::scope;
use crate::state::App;

/// An organisation's requirements with the national ones; only those for `None`.
pub async fn list(
    app: &App,
    organisation: Option<OrganisationId>,
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Page<RequirementOut>, ApiError> {
    let limit = page::limit(limit);
    let read = db::read(&app.db).await?;
    let rows = store::list(&read, organisation, page::key(cursor)?, limit).await?;
    let mut items = items_of(&read, &rows).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut scopes = scope::of(&read, &ids).await?;
    let key = |row: &requirement::Model| (row.name.clone(), row.id);
    Ok(Page::of(rows, limit, key, |row| {
        let items = items.remove(&row.id).unwrap_or_default();
        let scope = scopes.remove(&row.id).unwrap_or_default();
        RequirementOut::new(row, items, scope)
    }))
}

type Items = HashMap<RequirementId, Vec<RequirementItemOut>>;

async fn items_of<C: Snapshot>(db: &C, rows: &[requirement::Model]) -> Result<Items, ApiError> {
    let mut all = Items::new();
    for (of, id, reference, title) in store::items(db, rows.iter().map(|row| row.id).collect()).await? {
        all.entry(of).or_default().push(RequirementItemOut { id, reference, title });
    }
    Ok(all)
}

/// One requirement that the caller may see: of an organisation in reach, or national.
pub async fn read(app: &App, caller: &Caller, id: RequirementId) -> Result<RequirementOut, ApiError> {
    let read = db::read(&app.db).await?;
    let row = store::by_id(&read, id).await?.ok_or_else(not_found)?;
    if let Some(organisation) = row.organisation_id {
        caller.organisation(organisation).map_err(|_| not_found())?;
    }
    whole(&read, row).await
}

async fn whole<C: Snapshot>(db: &C, row: requirement::Model) -> Result<RequirementOut, ApiError> {
    let items = items_of(db, std::slice::from_ref(&row)).await?.remove(&row.id).unwrap_or_default();
    let scope = scope::of(db, &[row.id]).await?.remove(&row.id).unwrap_or_default();
    Ok(RequirementOut::new(row, items, scope))
}

fn not_found() -> ApiError {
    ApiError::not_found("this requirement")
}

/// Makes a requirement of an organisation, or a national one.
pub async fn create(
    app: &App,
    by: AccountId,
    scope: Option<&OrgScope>,
    new: RequirementIn,
) -> Result<RequirementOut, ApiError> {
    let today = app.clock.today();
    let birth = Birth { id: app.clock.id(), at: app.clock.now(), today };
    let confirmed = new.confirmed.clone();
    let mut draft = draft::new(scope.map(OrgScope::organisation), birth, new);
    let read = db::read(&app.db).await?;
    draft::check(&read, &mut draft, None, today).await?;
    ask_back(&read, scope, &Change { draft: &draft, before: None }, &confirmed, today).await?;
    drop(read);
    let tx = db::write(&app.db).await?;
    store::insert(&tx, draft.row.clone()).await?;
    store::set_items(&tx, draft.row.id, &draft.items).await?;
    store::set_scope(&tx, draft.row.id, &draft.scope).await?;
    note(app, &tx, by, &draft.row, "created", json!({ "now": told(&draft), "items": draft.items })).await?;
    let out = whole(&tx, draft.row).await?;
    tx.commit().await?;
    Ok(out)
}

/// Changes a requirement into its next version.
pub async fn change(
    app: &App,
    caller: &Caller,
    id: RequirementId,
    if_match: Option<&str>,
    patch: RequirementPatch,
) -> Result<RequirementOut, ApiError> {
    let today = app.clock.today();
    let read = db::read(&app.db).await?;
    let before = written(&read, id).await?;
    let scope = may_change(caller, &before.row)?;
    etag::check(if_match, before.row.version)?;
    let confirmed = patch.confirmed.clone();
    let mut draft = draft::next(&before, patch);
    draft::check(&read, &mut draft, Some(&before), today).await?;
    ask_back(&read, scope.as_ref(), &Change { draft: &draft, before: Some(&before) }, &confirmed, today).await?;
    drop(read);
    let tx = db::write(&app.db).await?;
    if !store::update(&tx, draft.row.clone()).await? {
        return Err(ApiError::stale());
    }
    if draft.items != before.items {
        store::set_items(&tx, id, &draft.items).await?;
    }
    if draft.scope != before.scope {
        store::set_scope(&tx, id, &draft.scope).await?;
    }
    let detail = json!({
        "before": told(&before), "now": told(&draft), "items_before": before.items, "items": draft.items,
    });
    note(app, &tx, caller.account(), &draft.row, "changed", detail).await?;
    let out = whole(&tx, draft.row).await?;
    tx.commit().await?;
    Ok(out)
}

/// Asks back what may be a slip and was not confirmed, before anything is written.
async fn ask_back<C: Snapshot>(
    db: &C,
    scope: Option<&OrgScope>,
    change: &Change<'_>,
    confirmed: &[RequirementQuestion],
    today: NaiveDate,
) -> Result<(), ApiError> {
    let Change { draft, before } = *change;
    let open = |question| !confirmed.contains(&question);
    let mut asked = Vec::new();
    if open(RequirementQuestion::BeginsInThePast) && asking::begins_in_the_past(draft, before, today) {
        asked.push(asking::past(draft, before));
    }
    if open(RequirementQuestion::OverdueAtOnce) && asking::can_make_overdue(draft, before, today) {
        if let Some(scope) = scope {
            let (tally, _) = effect::at(db, scope, change, today).await?;
            let newly = tally.newly_overdue;
            asked.extend((newly.count > 0).then(|| asking::overdue(newly, before.is_some())));
        } else {
            let tally = effect::everywhere(db, change, today).await?;
            asked.push(asking::overdue_everywhere(tally.newly_overdue, before.is_some()));
        }
    }
    if asked.is_empty() { Ok(()) } else { Err(ApiError::questions(asked)) }
}

/// A requirement with all that belongs to it.
pub async fn written<C: Snapshot>(db: &C, id: RequirementId) -> Result<Written, ApiError> {
    let row = store::by_id(db, id).await?.ok_or_else(not_found)?;
    requirements::written(db, vec![row]).await?.pop().ok_or_else(not_found)
}

/// The employer for its own, in its scope; curators for national ones. Somebody else's is not to
/// be found.
pub fn may_change(caller: &Caller, row: &requirement::Model) -> Result<Option<OrgScope>, ApiError> {
    match row.organisation_id {
        Some(organisation) => match caller.employer(organisation) {
            Ok(scope) => Ok(Some(scope)),
            Err(error) if error.status() == poem::http::StatusCode::NOT_FOUND => Err(not_found()),
            Err(error) => Err(error),
        },
        None if caller.has(Role::Curator) => Ok(None),
        None => Err(ApiError::not_allowed("National requirements are kept by curators.")),
    }
}

/// A version in full, for the record of changes.
fn told(of: &Written) -> Value {
    let Written { row, items: _, scope } = of;
    json!({
        "version": row.version,
        "name": row.name,
        "roles": scope.roles,
        "role_families": scope.families,
        "services": scope.services.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
        "theme": row.theme,
        "level": row.level,
        "grace_days": row.grace_days,
        "window_days": row.window_days,
        "minimum_assurance": row.minimum_assurance.spelling(),
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
    })
}

async fn note(
    app: &App,
    tx: &db::Write,
    by: AccountId,
    row: &requirement::Model,
    action: &str,
    detail: Value,
) -> Result<(), ApiError> {
    Ok(ledger::changed(tx, &app.clock, by, ("requirement", row.id.0), action, detail).await?)
}
