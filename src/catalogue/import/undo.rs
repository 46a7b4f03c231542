//! Taking an import back: what it changed says again what it said, what it made goes. Only whole,
//! and only while nobody has built on it; the history of the items keeps both.

use std::collections::{BTreeMap, HashMap};

use entity::id::{AccountId, ItemId, ItemImportId};
use entity::{item, item_import, item_import_row};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::access::{EditorScope, names};
use crate::base::db;
use crate::base::error::ApiError;
use crate::base::page::{self, Page};
use crate::catalogue::actions;
use crate::catalogue::rules::Content;
use crate::catalogue::store::{self, imports};
use crate::catalogue::wire::{ItemImportOut, UndoneOut};
use crate::state::App;

/// Items that a refusal names.
const NAMED: usize = 5;

pub async fn list(
    app: &App,
    scope: &EditorScope,
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Page<ItemImportOut>, ApiError> {
    let limit = page::limit(limit);
    let rows = imports::list(&app.db, scope, page::key(cursor)?, limit).await?;
    let ids: Vec<ItemImportId> = rows.iter().map(|row| row.id).collect();
    let counts = imports::counts(&app.db, &ids).await?;
    let counts: HashMap<ItemImportId, (i64, i64)> =
        counts.into_iter().map(|(id, items, changed)| (id, (items - changed, changed))).collect();
    let by = names::accounts(&app.db, rows.iter().filter_map(|row| row.account_id)).await?;
    let name = |account: AccountId| by.get(&account).cloned();
    let wire = |row: item_import::Model| {
        let item_import::Model { id, at, account_id, undone_at, undone_by: _ } = row;
        let (created, changed) = counts.get(&id).copied().unwrap_or_default();
        let by = account_id.and_then(name).unwrap_or_else(|| "Cairn".to_owned());
        ItemImportOut { id, at, by, created, changed, undone_at }
    };
    Ok(Page::of(rows, limit, |row| row.id, wire))
}

pub async fn undo(app: &App, scope: &EditorScope, id: ItemImportId) -> Result<UndoneOut, ApiError> {
    let tx = db::write(&app.db).await?;
    if !imports::is_visible(&tx, scope, id).await? {
        return Err(ApiError::not_found("this import"));
    }
    if !imports::undone(&tx, id, app.clock.now(), scope.account()).await? {
        return Err(ApiError::conflict("already_undone", "This import has been undone already."));
    }
    let rows = imports::rows(&tx, id).await?;
    let ids: Vec<ItemId> = rows.iter().map(|row| row.item_id).collect();
    let items = imports::items(&tx, &ids).await?;
    let items: BTreeMap<ItemId, item::Model> = items.into_iter().map(|row| (row.id, row)).collect();
    if items.values().any(|item| !scope.may_write(item.provider_id)) {
        return Err(ApiError::not_allowed(
            "Some of these items belong to a provider that you do not write for any more.",
        ));
    }
    untouched(&tx, &rows, &items).await?;

    let mut restored: Vec<(ItemId, Content)> = Vec::new();
    let mut removed = Vec::new();
    for import_row in rows {
        let item_import_row::Model { import_id: _, item_id, before, version: _ } = import_row;
        let Some(mut row) = items.get(&item_id).cloned() else { continue };
        let Some(before) = before else {
            removed.push(item_id);
            continue;
        };
        let content: Content = serde_json::from_str(&before).map_err(|error| ApiError::internal(&error))?;
        store::put(&content, &mut row);
        row.version += 1;
        row.updated_at = app.clock.now();
        if !store::update(&tx, row).await? {
            return Err(ApiError::stale());
        }
        restored.push((item_id, content));
    }
    let lists: Vec<(ItemId, &Content)> = restored.iter().map(|(id, content)| (*id, content)).collect();
    store::replace_lists(&tx, &lists).await?;
    store::terms::take_back(&tx, &app.clock, id).await?;
    imports::remove(&tx, &removed).await?;
    let note = |id: &ItemId| actions::changed(app, Some(scope.account()), *id, "import_undone", json!({}));
    store::note_changes(&tx, ids.iter().map(note).collect()).await?;
    store::to_outbox(&tx, &ids, app.clock.now()).await?;
    tx.commit().await?;
    Ok(UndoneOut { restored: restored.len() as u64, removed: removed.len() as u64 })
}

/// Refuses when an item was changed since, or when something stands on one that would go.
async fn untouched<C: ConnectionTrait>(
    tx: &C,
    rows: &[item_import_row::Model],
    items: &BTreeMap<ItemId, item::Model>,
) -> Result<(), ApiError> {
    let made: Vec<ItemId> = rows.iter().filter(|row| row.before.is_none()).map(|row| row.item_id).collect();
    let relied_on = imports::relied_on(tx, &made).await?;
    let in_the_way = |row: &&item_import_row::Model| {
        let changed = items.get(&row.item_id).is_none_or(|item| item.version != row.version);
        changed || relied_on.contains(&row.item_id)
    };
    let named: Vec<String> = rows
        .iter()
        .filter(in_the_way)
        .map(|row| items.get(&row.item_id).map_or_else(|| row.item_id.to_string(), |item| item.reference.clone()))
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    let more = named.len().saturating_sub(NAMED);
    let and_more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let named = named.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    Err(ApiError::conflict(
        "built_upon",
        format!(
            "This import cannot be undone any more: {named}{and_more} were changed since, recorded by somebody or asked \
             for by a requirement. Nothing was undone."
        ),
    ))
}
