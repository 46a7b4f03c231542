//! Writing a plan: providers, new items, changed items, proposals, what changed, and the search outbox.

use entity::id::{ItemId, ItemImportId};
use entity::value::ItemStatus;
use entity::{item, item_import, item_import_row};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::Incoming;
use super::plan::{Outcome, Planned};
use crate::base::error::ApiError;
use crate::catalogue::actions::{self, Actor};
use crate::catalogue::provider;
use crate::catalogue::rules::Content;
use crate::catalogue::store::proposals::{self, New};
use crate::catalogue::store::terms::Since;
use crate::catalogue::store::{self, Source};
use crate::state::App;

/// The import as it can be undone, if there was anything to write.
pub async fn write<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    actor: &Actor,
    outcome: &Outcome,
    incoming: &Incoming,
) -> Result<Option<ItemImportId>, ApiError> {
    if !outcome.planned.iter().any(|row| row.is_new() || row.is_change()) {
        return Ok(None);
    }
    if !provider::insert(tx, outcome.new_providers.clone()).await? {
        return Err(ApiError::stale());
    }
    for row in &outcome.to_mark {
        provider::mark(tx, row).await?;
    }
    let id: ItemImportId = app.clock.id();
    let import = item_import::Model {
        id,
        at: app.clock.now(),
        account_id: actor.account(),
        file_name: incoming.file_name.clone(),
        undone_at: None,
        undone_by: None,
    };
    store::imports::note(tx, import).await?;
    let source = Source { account: actor.account(), import: Some(id), reason: None };
    // a curator's file is reviewed by bringing it in; a provider's waits for a curator
    let status = if actor.is_curator() { ItemStatus::Published } else { ItemStatus::InReview };
    let new: Vec<(item::Model, Content)> = outcome
        .planned
        .iter()
        .filter(|row| row.is_new())
        .map(|row| (actions::new_row(app, row.id, &row.content, status, actor.account()), row.content.clone()))
        .collect();
    store::insert(tx, &app.clock, &new, &source).await?;
    let changed: Vec<&Planned> = outcome.planned.iter().filter(|row| row.is_direct_change()).collect();
    for planned in &changed {
        update(app, tx, planned, &incoming.since, &source).await?;
    }
    let lists: Vec<(ItemId, &Content)> = changed.iter().map(|row| (row.id, &row.content)).collect();
    store::replace_lists(tx, &lists).await?;
    let proposed = propose(app, tx, actor, outcome, id).await?;
    let note = |row: &Planned, action| {
        actions::changed(app, actor.account(), row.id, action, actions::detail(&row.differences))
    };
    let created = new.iter().map(|(row, _)| actions::changed(app, actor.account(), row.id, "imported", json!({})));
    let edited = changed.iter().map(|row| note(row, "edited"));
    let proposed = proposed.into_iter().map(|row| note(row, "proposed"));
    store::note_changes(tx, created.chain(edited).chain(proposed).collect()).await?;
    let ids: Vec<ItemId> = new.iter().map(|(row, _)| row.id).chain(changed.iter().map(|row| row.id)).collect();
    store::to_outbox(tx, &ids, app.clock.now()).await?;
    let made = new.iter().map(|(row, _)| item_import_row::Model {
        import_id: id,
        item_id: row.id,
        before: None,
        version: row.version,
        version_before: None,
    });
    let mut rows: Vec<item_import_row::Model> = made.collect();
    for Planned { id: item_id, old, .. } in changed {
        let Some(old) = old else { continue };
        let before = serde_json::to_string(&old.content).map_err(|error| ApiError::internal(&error))?;
        let (version, version_before) = (old.row.version + 1, Some(old.row.version));
        let row =
            item_import_row::Model { import_id: id, item_id: *item_id, before: Some(before), version, version_before };
        rows.push(row);
    }
    store::imports::note_rows(tx, rows).await?;
    Ok(Some(id))
}

/// What a provider changes of public items; they stand as they are until a curator has looked.
async fn propose<'a, C: ConnectionTrait>(
    app: &App,
    tx: &C,
    actor: &Actor,
    outcome: &'a Outcome,
    import: ItemImportId,
) -> Result<Vec<&'a Planned>, ApiError> {
    let planned: Vec<&Planned> = outcome.planned.iter().filter(|row| row.is_proposal()).collect();
    let ids: Vec<ItemId> = planned.iter().map(|row| row.id).collect();
    let standing = store::queue::lock(tx, &ids).await?;
    let standing: std::collections::HashMap<ItemId, i32> =
        standing.into_iter().map(|row| (row.id, row.version)).collect();
    let mut new = Vec::with_capacity(planned.len());
    for row in &planned {
        let Some(old) = &row.old else { continue };
        if standing.get(&row.id) != Some(&old.row.version) {
            return Err(ApiError::stale());
        }
        let (account, import) = (actor.account(), Some(import));
        new.push(New { item: row.id, base: &old.content, content: &row.content, account, import });
    }
    proposals::insert(tx, &app.clock, &new).await?;
    Ok(planned)
}

async fn update<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    planned: &Planned,
    since: &Since,
    source: &Source,
) -> Result<(), ApiError> {
    let Some(old) = &planned.old else { return Ok(()) };
    let mut row = old.row.clone();
    store::put(&planned.content, &mut row);
    row.version += 1;
    row.updated_at = app.clock.now();
    if !store::update(tx, row).await? {
        return Err(ApiError::stale());
    }
    Ok(store::terms::follow(tx, &app.clock, old, &planned.content, since, source.clone()).await?)
}
