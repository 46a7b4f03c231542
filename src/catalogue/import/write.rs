//! Writing a plan: providers, new items, changed items, what changed, and the search outbox.

use entity::id::{ItemId, ItemImportId};
use entity::value::ItemStatus;
use entity::{item, item_import, item_import_row};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::plan::{Outcome, Planned};
use crate::base::error::ApiError;
use crate::catalogue::actions::{self, Actor};
use crate::catalogue::provider;
use crate::catalogue::rules::Content;
use crate::catalogue::store::{self, Source};
use crate::state::App;

/// The import as it can be undone, if there was anything to write.
pub async fn write<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    actor: &Actor,
    outcome: &Outcome,
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
    // a curator's file is reviewed by bringing it in; a provider's waits for a curator
    let status = if actor.is_curator() { ItemStatus::Published } else { ItemStatus::InReview };
    let new: Vec<(item::Model, Content)> = outcome
        .planned
        .iter()
        .filter(|row| row.is_new())
        .map(|row| (actions::new_row(app, row.id, &row.content, status, actor.account()), row.content.clone()))
        .collect();
    let id: ItemImportId = app.clock.id();
    let import =
        item_import::Model { id, at: app.clock.now(), account_id: actor.account(), undone_at: None, undone_by: None };
    store::imports::note(tx, import).await?;
    let source = Source { account: actor.account(), import: Some(id), reason: None };
    store::insert(tx, &app.clock, &new, &source).await?;
    let changed: Vec<&Planned> = outcome.planned.iter().filter(|row| row.is_change()).collect();
    for planned in &changed {
        update(app, tx, planned).await?;
    }
    let lists: Vec<(ItemId, &Content)> = changed.iter().map(|row| (row.id, &row.content)).collect();
    store::replace_lists(tx, &lists).await?;
    new_terms(app, tx, &changed, &source).await?;
    let created = new.iter().map(|(row, _)| actions::changed(app, actor.account(), row.id, "imported", json!({})));
    let edited = changed
        .iter()
        .map(|row| actions::changed(app, actor.account(), row.id, "edited", actions::detail(&row.differences)));
    store::note_changes(tx, created.chain(edited).collect()).await?;
    let ids: Vec<ItemId> = new.iter().map(|(row, _)| row.id).chain(changed.iter().map(|row| row.id)).collect();
    store::to_outbox(tx, &ids, app.clock.now()).await?;
    let made = new.iter().map(|(row, _)| item_import_row::Model {
        import_id: id,
        item_id: row.id,
        before: None,
        version: row.version,
    });
    let mut rows: Vec<item_import_row::Model> = made.collect();
    for Planned { id: item_id, old, .. } in changed {
        let Some(old) = old else { continue };
        let before = serde_json::to_string(&old.content).map_err(|error| ApiError::internal(&error))?;
        let version = old.row.version + 1;
        rows.push(item_import_row::Model { import_id: id, item_id: *item_id, before: Some(before), version });
    }
    store::imports::note_rows(tx, rows).await?;
    Ok(Some(id))
}

/// What drives compliance holds from today on for items that somebody holds already.
async fn new_terms<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    changed: &[&Planned],
    source: &Source,
) -> Result<(), ApiError> {
    let differs = |row: &&&Planned| row.old.as_ref().is_some_and(|old| !old.content.has_terms_of(&row.content));
    let changed: Vec<&Planned> = changed.iter().filter(differs).copied().collect();
    let held = store::terms::held(tx, &changed.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    for row in changed {
        let since = held.contains(&row.id).then(|| app.clock.today());
        store::terms::change(tx, &app.clock, row.id, &row.content, since, source).await?;
    }
    Ok(())
}

async fn update<C: ConnectionTrait>(app: &App, tx: &C, planned: &Planned) -> Result<(), ApiError> {
    let Some(old) = &planned.old else { return Ok(()) };
    let mut row = old.row.clone();
    store::put(&planned.content, &mut row);
    row.version += 1;
    row.updated_at = app.clock.now();
    if store::update(tx, row).await? { Ok(()) } else { Err(ApiError::stale()) }
}
