//! Writing a plan: providers, new items, changed items, what changed, and the search outbox.

use entity::id::ItemId;
use entity::item;
use entity::value::ItemStatus;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::plan::{Outcome, Planned};
use crate::base::error::ApiError;
use crate::catalogue::actions::{self, Actor};
use crate::catalogue::rules::Content;
use crate::catalogue::{provider, store};
use crate::state::App;

/// Tells whether there was anything to write.
pub async fn write<C: ConnectionTrait>(app: &App, tx: &C, actor: &Actor, outcome: &Outcome) -> Result<bool, ApiError> {
    provider::insert(tx, outcome.new_providers.clone()).await?;
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
    store::insert(tx, &new).await?;
    let changed: Vec<&Planned> = outcome.planned.iter().filter(|row| row.is_change()).collect();
    for planned in &changed {
        update(app, tx, planned).await?;
    }
    let lists: Vec<(ItemId, &Content)> = changed.iter().map(|row| (row.id, &row.content)).collect();
    store::replace_lists(tx, &lists).await?;
    let created = new.iter().map(|(row, _)| actions::changed(app, actor.account(), row.id, "imported", json!({})));
    let edited = changed
        .iter()
        .map(|row| actions::changed(app, actor.account(), row.id, "edited", actions::detail(&row.differences)));
    store::note_changes(tx, created.chain(edited).collect()).await?;
    let ids: Vec<ItemId> = new.iter().map(|(row, _)| row.id).chain(changed.iter().map(|row| row.id)).collect();
    store::to_outbox(tx, &ids, app.clock.now()).await?;
    Ok(!ids.is_empty())
}

async fn update<C: ConnectionTrait>(app: &App, tx: &C, planned: &Planned) -> Result<(), ApiError> {
    let Some(old) = &planned.old else { return Ok(()) };
    let mut row = old.row.clone();
    store::put(&planned.content, &mut row);
    row.version += 1;
    row.updated_at = app.clock.now();
    if store::update(tx, row).await? { Ok(()) } else { Err(ApiError::stale()) }
}
