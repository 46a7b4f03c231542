//! Taking an import back: what it changed says again what it said, what it made goes. Only whole,
//! and only while nobody has built on it; the history of the items keeps both.

use std::collections::{BTreeMap, HashMap};

use entity::id::{AccountId, ItemId, ItemImportId};
use entity::value::ProposalState;
use entity::{item, item_import, item_import_row};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::access::{EditorScope, names};
use crate::base::db;
use crate::base::error::ApiError;
use crate::base::page::{self, Page};
use crate::catalogue::actions;
use crate::catalogue::actions::proposal::is_held_back;
use crate::catalogue::rules::Content;
use crate::catalogue::store::terms::Since;
use crate::catalogue::store::{self, Source, Whole, imports, proposals, queue};
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
    let proposed = proposals::counts(&app.db, &ids).await?;
    let by = names::accounts(&app.db, rows.iter().filter_map(|row| row.account_id)).await?;
    let name = |account: AccountId| by.get(&account).cloned();
    let wire = |row: item_import::Model| {
        let item_import::Model { id, at, account_id, file_name, undone_at, undone_by: _ } = row;
        let (created, changed) = counts.get(&id).copied().unwrap_or_default();
        let by = account_id.and_then(name).unwrap_or_else(|| "Cairn".to_owned());
        let proposed = proposed.get(&id).copied().unwrap_or_default();
        ItemImportOut { id, at, by, file_name, created, changed, proposed, undone_at }
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
    // held until the end: nobody records one of them while it goes
    let items = queue::lock(&tx, &ids).await?;
    let items: BTreeMap<ItemId, item::Model> = items.into_iter().map(|row| (row.id, row)).collect();
    if items.values().any(|item| !scope.may_write(item.provider_id)) {
        return Err(ApiError::not_allowed(
            "Some of these items belong to a provider that you do not write for any more.",
        ));
    }
    untouched(&tx, id, &rows, &items).await?;

    let account = Some(scope.account());
    let standing = store::whole(&tx, items.values().cloned().collect()).await?;
    let mut restored: Vec<(ItemId, Content)> = Vec::new();
    let mut proposed: Vec<(ItemId, Content)> = Vec::new();
    let mut removed = Vec::new();
    for import_row in &rows {
        let item_id = import_row.item_id;
        let Some(mut row) = items.get(&item_id).cloned() else { continue };
        let Some(before) = &import_row.before else {
            removed.push(item_id);
            continue;
        };
        let content: Content = serde_json::from_str(before).map_err(|error| ApiError::internal(&error))?;
        if is_held_back(scope.is_curator(), row.status) {
            proposed.push((item_id, content));
            continue;
        }
        store::put(&content, &mut row);
        row.version += 1;
        row.updated_at = app.clock.now();
        let version = row.version;
        if !store::update(&tx, row).await? {
            return Err(ApiError::stale());
        }
        imports::stands_again(&tx, import_row, version).await?;
        restored.push((item_id, content));
    }
    let lists: Vec<(ItemId, &Content)> = restored.iter().map(|(id, content)| (*id, content)).collect();
    store::replace_lists(&tx, &lists).await?;
    terms_again(app, &tx, scope, id, &standing, &restored).await?;
    let withdrawn = proposals::end_of_import(&tx, id, app.clock.now(), scope.account()).await?;
    propose(app, &tx, scope, &standing, &proposed).await?;
    imports::remove(&tx, &removed).await?;
    let note = |id: &ItemId| actions::changed(app, account, *id, "import_undone", json!({}));
    store::note_changes(&tx, ids.iter().map(note).collect()).await?;
    store::to_outbox(&tx, &ids, app.clock.now()).await?;
    tx.commit().await?;
    Ok(UndoneOut {
        restored: restored.len() as u64,
        removed: removed.len() as u64,
        withdrawn,
        proposed: proposed.len() as u64,
    })
}

/// What drives compliance is again what it was. Of imports from before terms were kept nothing can be
/// taken back: there it changes from today.
async fn terms_again(
    app: &App,
    tx: &db::Write,
    scope: &EditorScope,
    import: ItemImportId,
    standing: &[Whole],
    restored: &[(ItemId, Content)],
) -> Result<(), ApiError> {
    let ids: Vec<ItemId> = restored.iter().map(|(id, _)| *id).collect();
    let taken = store::terms::take_back(tx, &app.clock, import, &ids).await?;
    let since = Since { day: Some(app.clock.today()), reason: None };
    let source = Source { account: Some(scope.account()), ..Source::default() };
    let standing: BTreeMap<ItemId, &Whole> = standing.iter().map(|whole| (whole.row.id, whole)).collect();
    for (id, content) in restored.iter().filter(|(id, _)| !taken.contains(id)) {
        if let Some(whole) = standing.get(id) {
            store::terms::follow(tx, &app.clock, whole, content, &since, source.clone()).await?;
        }
    }
    Ok(())
}

/// A public item says again what it said only when a curator agrees.
async fn propose(
    app: &App,
    tx: &db::Write,
    scope: &EditorScope,
    standing: &[Whole],
    proposed: &[(ItemId, Content)],
) -> Result<(), ApiError> {
    let standing: BTreeMap<ItemId, &Content> = standing.iter().map(|whole| (whole.row.id, &whole.content)).collect();
    let new: Vec<proposals::New<'_>> = proposed
        .iter()
        .filter_map(|(item, content)| {
            let (account, base) = (Some(scope.account()), *standing.get(item)?);
            Some(proposals::New { item: *item, base, content, account, import: None })
        })
        .collect();
    Ok(proposals::insert(tx, &app.clock, &new).await?)
}

/// Refuses when an item was changed since, or when something stands on one that would go.
async fn untouched<C: ConnectionTrait>(
    tx: &C,
    import: ItemImportId,
    rows: &[item_import_row::Model],
    items: &BTreeMap<ItemId, item::Model>,
) -> Result<(), ApiError> {
    let made: Vec<ItemId> = rows.iter().filter(|row| row.before.is_none()).map(|row| row.item_id).collect();
    let relied_on = imports::relied_on(tx, &made).await?;
    let in_the_way = |row: &&item_import_row::Model| {
        let changed = items.get(&row.item_id).is_none_or(|item| item.version != row.version);
        changed || relied_on.contains(&row.item_id)
    };
    let mut named: Vec<String> = rows
        .iter()
        .filter(in_the_way)
        .map(|row| items.get(&row.item_id).map_or_else(|| row.item_id.to_string(), |item| item.reference.clone()))
        .collect();
    let accepted = proposals::of_import(tx, import).await?;
    let accepted = accepted.into_iter().filter(|(_, state)| *state == ProposalState::Accepted).map(|(id, _)| id);
    let accepted = imports::items(tx, &accepted.collect::<Vec<_>>()).await?;
    named.extend(accepted.into_iter().map(|item| item.reference));
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
