//! What a provider changes of a public item waits for a curator; the item stands as it is.

use entity::id::ItemId;
use entity::item;
use entity::value::{ItemStatus, ProposalState};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;

use super::read::out;
use super::rows::{changed, detail};
use crate::access::EditorScope;
use crate::base::clock::Clock;
use crate::base::db;
use crate::base::error::ApiError;
use crate::base::etag::etag;
use crate::catalogue::differences;
use crate::catalogue::rules::Content;
use crate::catalogue::store::proposals::{self, Proposal};
use crate::catalogue::store::{self, Whole};
use crate::catalogue::wire::ItemOut;
use crate::state::App;

/// Whether what this editor changes waits for a curator.
pub fn is_held_back(curator: bool, status: ItemStatus) -> bool {
    !curator && matches!(status, ItemStatus::Published | ItemStatus::Retired)
}

/// What an editor has seen of an item: with a proposal that waits, that too.
pub fn tag(row: &item::Model, waiting: Option<&Proposal>) -> String {
    match waiting {
        Some(waiting) => format!("\"{}-{}\"", row.version, waiting.row.id),
        None => etag(row.version),
    }
}

/// What the item would say by a proposal: its changes over what stands.
pub fn merged(proposal: &Proposal, standing: &Content) -> Result<Content, ApiError> {
    differences::merged(&proposal.base, &proposal.content, standing).map_err(|error| ApiError::internal(&error))
}

/// Keeps a proposal in the place of the one that waits; one that changes nothing is none.
pub async fn propose(
    app: &App,
    scope: &EditorScope,
    old: Whole,
    waiting: Option<Proposal>,
    content: &Content,
) -> Result<(ItemOut, String), ApiError> {
    let id = old.row.id;
    let differences = differences::between(&old.content, content);
    if !differences.is_empty() {
        content.check_public()?;
    }
    let tx = db::write(&app.db).await?;
    let now = store::queue::lock(&tx, &[id]).await?;
    let still = proposals::waiting(&tx, &[id]).await?.remove(&id).map(|proposal| proposal.row.id);
    if now.iter().all(|row| row.version != old.row.version) || still != waiting.as_ref().map(|was| was.row.id) {
        return Err(ApiError::stale());
    }
    let account = Some(scope.account());
    let note = if differences.is_empty() {
        let Some(waiting) = waiting else { return out(&tx, Some(scope), old.row).await };
        proposals::end(&tx, waiting.row.id, ProposalState::Withdrawn, app.clock.now(), scope.account(), None).await?;
        changed(app, account, id, "proposal_withdrawn", json!({}))
    } else {
        let new = proposals::New { item: id, base: &old.content, content, account, import: None };
        proposals::insert(&tx, &app.clock, &[new]).await?;
        changed(app, account, id, "proposed", detail(&differences))
    };
    store::note_changes(&tx, vec![note]).await?;
    let answer = out(&tx, Some(scope), old.row).await?;
    tx.commit().await?;
    Ok(answer)
}

/// For the demo: the provider of this public item wants completions to count for a year only, and
/// for less time to be needed.
pub async fn propose_sample<C: ConnectionTrait>(tx: &C, clock: &Clock, reference: &str) -> Result<(), DbErr> {
    let rows = store::by_references(tx, &[reference.to_owned()]).await?;
    for Whole { row, content: base, .. } in store::whole(tx, rows).await? {
        let mut content = base.clone();
        (content.validity_months, content.minutes) = (Some(12), Some(60));
        let new = proposals::New { item: row.id, base: &base, content: &content, account: None, import: None };
        proposals::insert(tx, clock, &[new]).await?;
    }
    Ok(())
}

/// Takes back what waits for a curator.
pub async fn withdraw(app: &App, scope: &EditorScope, id: ItemId) -> Result<(ItemOut, String), ApiError> {
    let row = store::by_id(&app.db, Some(scope), id).await?.filter(|row| scope.may_write(row.provider_id));
    let row = row.ok_or_else(|| ApiError::not_found("this item"))?;
    let tx = db::write(&app.db).await?;
    store::queue::lock(&tx, &[id]).await?;
    let nothing = || ApiError::conflict("nothing_waits", "No change of this item waits for a curator any more.");
    let waiting = proposals::waiting(&tx, &[id]).await?.remove(&id).ok_or_else(nothing)?;
    let state = ProposalState::Withdrawn;
    if !proposals::end(&tx, waiting.row.id, state, app.clock.now(), scope.account(), None).await? {
        return Err(nothing());
    }
    let note = changed(app, Some(scope.account()), id, "proposal_withdrawn", json!({}));
    store::note_changes(&tx, vec![note]).await?;
    let answer = out(&tx, Some(scope), row).await?;
    tx.commit().await?;
    Ok(answer)
}
