//! The curator's queue: new items and changes of public ones, oldest first, each with everything
//! that a decision rests on.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use entity::id::{AccountId, ItemId, ItemImportId, OrganisationId};
use entity::value::{ItemStatus, ProposalState};

use super::proposal::merged;
use super::read::{one_whole, provider_names, rights};
use super::terms::touched;
use crate::access::{EditorScope, names};
use crate::base::db::{self, Snapshot};
use crate::base::error::ApiError;
use crate::base::etag::etag;
use crate::base::page::{self, Page};
use crate::catalogue::differences::{self, Difference};
use crate::catalogue::rules::Content;
use crate::catalogue::store::queue::Narrowed;
use crate::catalogue::store::{self, Whole, imports, proposals, queue};
use crate::catalogue::wire::{
    ItemOut, ProposalOut, QueueFiltersOut, QueueImportOut, QueueProviderOut, QueueRowOut, ReviewOut, SentBackOut,
    WaitingKind,
};
use crate::state::App;

/// What waits, for a curator; of a provider what it sent in itself.
pub async fn list(
    app: &App,
    scope: &EditorScope,
    narrowed: Narrowed,
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Page<QueueRowOut>, ApiError> {
    let read = db::read(&app.db).await?;
    let limit = page::limit(limit);
    let after: Option<(DateTime<Utc>, ItemId)> = page::key(cursor)?;
    let mut rows = Vec::new();
    let new = queue::page(&read, scope, &narrowed, after, limit + 1).await?;
    let by = queue::imports(&read, &new.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    let provider = provider_names(&read, &new).await?;
    rows.extend(new.into_iter().map(|row| QueueRowOut {
        item_id: row.id,
        provider: provider.get(&row.provider_id).cloned().unwrap_or_default(),
        provider_id: row.provider_id,
        kind: WaitingKind::New,
        submitted_at: row.updated_at,
        import_id: by.get(&row.id).copied(),
        fields: Vec::new(),
        tag: etag(row.version),
        reference: row.reference,
        item_kind: row.kind,
        title: row.title,
    }));
    let changes = proposals::queue(&read, scope, &narrowed, after, limit + 1).await?;
    let provider = names::organisations(&read, changes.iter().map(|one| one.row.provider_id)).await?;
    rows.extend(changes.into_iter().map(|one| QueueRowOut {
        item_id: one.row.item_id,
        provider: provider.get(&one.row.provider_id).cloned().unwrap_or_default(),
        provider_id: one.row.provider_id,
        kind: WaitingKind::Change,
        submitted_at: one.row.proposed_at,
        import_id: one.row.import_id,
        fields: named(&differences::between(&one.base, &one.content)),
        tag: one.row.id.to_string(),
        reference: one.content.reference,
        item_kind: one.content.kind,
        title: one.content.title,
    }));
    rows.sort_by_key(|row| (row.submitted_at, row.item_id));
    rows.truncate(usize::try_from(limit + 1).unwrap_or(usize::MAX));
    let total = queue::count(&read, scope, &narrowed).await? + proposals::count(&read, scope, &narrowed).await?;
    let mut page = Page::of(rows, limit, |row| (row.submitted_at, row.item_id), |row| row);
    page.total = Some(total);
    Ok(page)
}

fn named(differences: &[Difference]) -> Vec<String> {
    differences.iter().map(|difference| difference.field.to_owned()).collect()
}

/// What the queue can be narrowed to, with how much waits of each.
pub async fn filters(app: &App, scope: &EditorScope) -> Result<QueueFiltersOut, ApiError> {
    let read = db::read(&app.db).await?;
    let mut providers: BTreeMap<OrganisationId, u64> = BTreeMap::new();
    let mut by_import: HashMap<ItemImportId, u64> = HashMap::new();
    let new = queue::providers(&read, scope).await?;
    let came = queue::imports(&read, &new.iter().map(|(id, _)| *id).collect::<Vec<_>>()).await?;
    let new = new.into_iter().map(|(id, provider)| (provider, came.get(&id).copied()));
    for (provider, import) in new.chain(proposals::sources(&read, scope).await?) {
        *providers.entry(provider).or_default() += 1;
        if let Some(import) = import {
            *by_import.entry(import).or_default() += 1;
        }
    }
    let names = names::organisations(&read, providers.keys().copied()).await?;
    let mut providers: Vec<QueueProviderOut> = providers
        .into_iter()
        .map(|(id, count)| QueueProviderOut { id, name: names.get(&id).cloned().unwrap_or_default(), count })
        .collect();
    providers.sort_by(|a, b| a.name.cmp(&b.name));
    let rows = imports::by_ids(&read, &by_import.keys().copied().collect::<Vec<_>>()).await?;
    let who = names::accounts(&read, rows.iter().filter_map(|row| row.account_id)).await?;
    let by = |account: Option<AccountId>| account.and_then(|account| who.get(&account).cloned());
    let imports = rows.into_iter().map(|row| QueueImportOut {
        by: by(row.account_id).unwrap_or_else(|| "Cairn".to_owned()),
        count: by_import.get(&row.id).copied().unwrap_or_default(),
        id: row.id,
        file_name: row.file_name,
        at: row.at,
    });
    Ok(QueueFiltersOut { providers, imports: imports.collect() })
}

/// Everything that a decision about an item rests on, for those who may write it.
pub async fn review(app: &App, scope: &EditorScope, id: ItemId) -> Result<ReviewOut, ApiError> {
    let read = db::read(&app.db).await?;
    let row = store::by_id(&read, Some(scope), id).await?.filter(|row| scope.may_write(row.provider_id));
    let row = row.ok_or_else(|| ApiError::not_found("this item"))?;
    let standing = one_whole(&read, row).await?;
    let open = [ProposalState::Waiting, ProposalState::SentBack];
    let last = proposals::last(&read, id).await?.filter(|last| open.contains(&last.row.state));
    let rights = rights(scope, &standing.row);
    let Some(last) = last else {
        let before = store::sent_back(&read, id).await?;
        let waits = standing.row.status == ItemStatus::InReview;
        let differences = match before.as_ref().and_then(|(_, said, _)| said.as_ref()) {
            Some(said) => in_words(&read, said, &standing.content).await?,
            None => Vec::new(),
        };
        return Ok(ReviewOut {
            kind: WaitingKind::New,
            differences: differences.into_iter().map(Into::into).collect(),
            submitted_at: standing.row.updated_at,
            sent_back: before.map(|(at, _, reason)| SentBackOut { at, reason }),
            proposal: None,
            touched: None,
            tag: waits.then(|| etag(standing.row.version)),
            may_decide: waits && scope.is_curator(),
            may_withdraw: false,
            item: ItemOut::new(standing, Vec::new(), rights),
        });
    };
    let waits = last.row.state == ProposalState::Waiting;
    let content = merged(&last, &standing.content)?;
    let differences = in_words(&read, &standing.content, &content).await?;
    let touched = touched(&read, &standing, &content).await?;
    let proposal = ProposalOut::from(&last.row);
    Ok(ReviewOut {
        kind: WaitingKind::Change,
        differences: differences.into_iter().map(Into::into).collect(),
        submitted_at: last.row.proposed_at,
        sent_back: last
            .row
            .decided_at
            .map(|at| SentBackOut { at, reason: last.row.reason.clone().unwrap_or_default() }),
        proposal: Some(proposal),
        touched: (touched.changes_terms && scope.is_curator()).then_some(touched),
        tag: waits.then(|| last.row.id.to_string()),
        may_decide: waits && scope.is_curator(),
        may_withdraw: waits,
        item: ItemOut::new(as_if(&read, standing, content).await?, Vec::new(), rights),
    })
}

/// The item as it would be if it said this.
async fn as_if<C: Snapshot>(db: &C, mut whole: Whole, content: Content) -> Result<Whole, ApiError> {
    store::put(&content, &mut whole.row);
    if content.provider != whole.content.provider {
        let names = names::organisations(db, [content.provider]).await?;
        whole.provider = names.get(&content.provider).cloned().unwrap_or_default();
    }
    Ok(Whole { content, ..whole })
}

/// Differences with providers by their names.
async fn in_words<C: Snapshot>(db: &C, old: &Content, new: &Content) -> Result<Vec<Difference>, ApiError> {
    let mut differences = differences::between(old, new);
    if let Some(provider) = differences.iter_mut().find(|difference| difference.field == "provider") {
        let names = names::organisations(db, [old.provider, new.provider]).await?;
        provider.from = names.get(&old.provider).cloned().unwrap_or_default();
        provider.to = names.get(&new.provider).cloned().unwrap_or_default();
    }
    Ok(differences)
}
