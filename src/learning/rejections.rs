//! Rejections of one's own completions, told until they are dealt with.

use std::collections::HashMap;

use entity::completion_verdict;
use entity::id::ItemId;
use entity::value::CompletionState;

use super::outside;
use super::store::dress::dress;
use super::store::{self, verdicts};
use super::wire::{RejectionOut, RejectionsOut};
use crate::access::SelfScope;
use crate::base::db::{self, Snapshot};
use crate::base::error::ApiError;
use crate::state::App;

/// What organisations said of one's own record that the person has to know.
pub async fn told(app: &App, scope: &SelfScope) -> Result<RejectionsOut, ApiError> {
    let read = db::read(&app.db).await?;
    Ok(RejectionsOut { items: open(&read, scope).await?, equated: outside::notices(&read, scope).await? })
}

/// What organisations rejected of one's own completions and what is still to be put right: no
/// evidence was added since, it was not recorded again and not laid aside. Latest first.
async fn open<C: Snapshot>(read: &C, scope: &SelfScope) -> Result<Vec<RejectionOut>, ApiError> {
    let found = verdicts::rejections(read, scope).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let rows = store::own_page(read, scope, Some(CompletionState::Live), None, None, store::MOST).await?;
    let of: HashMap<_, _> = rows.iter().map(|row| (row.id, row)).collect();
    let again = |verdict: &completion_verdict::Model, item: ItemId| {
        rows.iter().any(|row| row.item_id == item && row.recorded_at > verdict.at)
    };
    let open: HashMap<_, _> = found
        .iter()
        .filter_map(|one| of.get(&one.completion_id).filter(|row| !again(one, row.item_id)))
        .map(|row| (row.id, (*row).clone()))
        .collect();
    let mut told = Vec::new();
    for dressed in dress(read, open.into_values().collect(), None).await? {
        let stands = dressed.said.iter().filter(|word| found.iter().any(|one| one.id == word.row.id));
        let stands = stands.filter(|word| !again(&word.row, dressed.row.item_id));
        for word in stands.filter(|word| !dressed.evidence_since(word.row.at)) {
            told.push(RejectionOut {
                verdict_id: word.row.id,
                completion_id: dressed.row.id,
                item_id: dressed.row.item_id,
                title: dressed.of.item.title.clone(),
                completed_on: dressed.row.completed_on,
                organisation: word.organisation.clone(),
                by: word.by.clone(),
                reason: word.row.reason.clone(),
                at: word.row.at,
            });
        }
    }
    told.sort_by_key(|one| std::cmp::Reverse((one.at, one.verdict_id)));
    Ok(told)
}
