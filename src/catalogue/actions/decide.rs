//! Deciding what waits: one item or many, in one transaction. What cannot take the decision is
//! named and stays in the queue; the rest is decided.

use std::collections::{BTreeSet, HashMap};

use entity::change;
use entity::id::{ItemId, ItemProposalId};
use entity::value::{ItemStatus, ProposalState, Spelled};
use serde_json::json;

use super::proposal::merged;
use super::rows::{changed, detail};
use super::terms;
use crate::access::EditorScope;
use crate::base::db;
use crate::base::error::ApiError;
use crate::base::etag::etag;
use crate::base::fold::tidy;
use crate::catalogue::differences;
use crate::catalogue::rules::Content;
use crate::catalogue::store::proposals::{self, Proposal};
use crate::catalogue::store::queue::{self, Narrowed};
use crate::catalogue::store::terms::Since;
use crate::catalogue::store::{self, Source, Whole};
use crate::catalogue::wire::{AllOfIn, DecidedItemIn, DecidedOut, Decision, DecisionIn, NotDecidedOut};
use crate::state::App;

/// Entries that one request may name one by one.
const NAMED: usize = 1000;
/// More than any import brings.
const ALL: u64 = 25_000;

pub async fn decide(app: &App, scope: &EditorScope, asked: DecisionIn) -> Result<DecidedOut, ApiError> {
    let DecisionIn { decision, note, items, all_of, terms } = asked;
    let note = tidy(&note);
    if note.chars().count() > 500 {
        return Err(ApiError::field("note", "too_long", "The reason must be at most 500 characters."));
    }
    if decision == Decision::SendBack && note.is_empty() {
        let message = "Say what needs to change, so that the provider knows.";
        return Err(ApiError::field("note", "missing", message));
    }
    if items.len() > NAMED || (items.is_empty() && all_of.is_none()) {
        let message = format!("Name from 1 to {NAMED} items, or all of a provider or an import.");
        return Err(ApiError::field("items", "out_of_range", message));
    }
    let since = terms::decided(terms.as_ref(), app.clock.today())?;
    let items = match all_of {
        Some(all_of) => everything(app, scope, all_of).await?,
        None => items,
    };
    let tx = db::write(&app.db).await?;
    let seen: HashMap<ItemId, Option<String>> = items.into_iter().map(|one| (one.item_id, one.tag)).collect();
    let ids: Vec<ItemId> = seen.keys().copied().collect();
    let rows = queue::lock(&tx, &ids).await?;
    let mut waiting = proposals::waiting(&tx, &ids).await?;
    let mut deciding = Deciding { app, scope, decision, note, since, now: app.clock.now(), out: Outcome::default() };
    for whole in store::whole(&tx, rows).await? {
        let id = whole.row.id;
        let tag = seen.get(&id).cloned().flatten();
        let proposal = waiting.remove(&id);
        if let Err(error) = deciding.one(&tx, whole.clone(), proposal, tag.as_deref()).await? {
            deciding.out.refuse(&whole, &error);
        }
    }
    let named = deciding.out.named();
    for id in ids.iter().filter(|id| !named.contains(id)) {
        deciding.out.unknown(*id);
    }
    let out = deciding.finish(&tx).await?;
    tx.commit().await?;
    Ok(out)
}

async fn everything(app: &App, scope: &EditorScope, all_of: AllOfIn) -> Result<Vec<DecidedItemIn>, ApiError> {
    let AllOfIn { provider_id, import_id } = all_of;
    if provider_id.is_none() && import_id.is_none() {
        return Err(ApiError::field("all_of", "missing", "Choose a provider or an import."));
    }
    let narrowed = Narrowed { provider: provider_id, import: import_id };
    let new = queue::page(&app.db, scope, &narrowed, None, ALL).await?;
    let changes = proposals::queue(&app.db, scope, &narrowed, None, ALL).await?;
    let new = new.into_iter().map(|row| DecidedItemIn { item_id: row.id, tag: Some(etag(row.version)) });
    let changes =
        changes.into_iter().map(|one| DecidedItemIn { item_id: one.row.item_id, tag: Some(one.row.id.to_string()) });
    Ok(new.chain(changes).collect())
}

/// What one decision did.
#[derive(Default)]
struct Outcome {
    decided: BTreeSet<ItemId>,
    new: Vec<ItemId>,
    accepted: Vec<(ItemId, Content)>,
    ended: Vec<ItemProposalId>,
    notes: Vec<change::Model>,
    refused: Vec<NotDecidedOut>,
}

impl Outcome {
    fn refuse(&mut self, whole: &Whole, error: &ApiError) {
        let problem = error.problem();
        let code = problem.fields.first().map_or_else(|| problem.code.clone(), |field| field.code.clone());
        let (item_id, title) = (whole.row.id, whole.row.title.clone());
        self.refused.push(NotDecidedOut { item_id, title, code, message: problem.detail.clone() });
    }

    fn unknown(&mut self, item_id: ItemId) {
        let message = "We could not find this item.".to_owned();
        self.refused.push(NotDecidedOut { item_id, title: String::new(), code: "not_found".to_owned(), message });
    }

    fn named(&self) -> BTreeSet<ItemId> {
        self.refused.iter().map(|refused| refused.item_id).chain(self.decided.iter().copied()).collect()
    }
}

struct Deciding<'a> {
    app: &'a App,
    scope: &'a EditorScope,
    decision: Decision,
    note: String,
    since: Since,
    now: chrono::DateTime<chrono::Utc>,
    out: Outcome,
}

impl Deciding<'_> {
    /// The inner result is why this one cannot be decided; nothing of it was written then.
    async fn one(
        &mut self,
        tx: &db::Write,
        whole: Whole,
        proposal: Option<Proposal>,
        tag: Option<&str>,
    ) -> Result<Result<(), ApiError>, ApiError> {
        let id = whole.row.id;
        let stands = proposal.as_ref().map_or_else(|| etag(whole.row.version), |one| one.row.id.to_string());
        if proposal.is_none() && whole.row.status != ItemStatus::InReview {
            let message = "Nothing of this item waits any more: it was decided or taken back meanwhile.";
            return Ok(Err(ApiError::conflict("nothing_waits", message)));
        }
        if tag.is_some_and(|tag| tag != stands) {
            return Ok(Err(ApiError::stale()));
        }
        match (self.decision, proposal) {
            (Decision::Publish, None) => {
                if let Err(refused) = whole.content.check_public() {
                    return Ok(Err(refused));
                }
                self.out.new.push(id);
                self.moved(id, ItemStatus::Published, None);
            }
            (Decision::SendBack, None) => {
                self.out.new.push(id);
                self.moved(id, ItemStatus::Draft, Some(&whole.content));
            }
            (Decision::Publish, Some(proposal)) => {
                if let Err(refused) = self.accept(tx, whole, proposal).await? {
                    return Ok(Err(refused));
                }
            }
            (Decision::SendBack, Some(proposal)) => {
                self.out.ended.push(proposal.row.id);
                self.note(id, "proposal_sent_back", json!({ "note": self.note }));
            }
        }
        self.out.decided.insert(id);
        Ok(Ok(()))
    }

    fn note(&mut self, id: ItemId, action: &str, detail: serde_json::Value) {
        let note = changed(self.app, Some(self.scope.account()), id, action, detail);
        self.out.notes.push(note);
    }

    /// What was sent back is kept, so that the next look can say what is different.
    fn moved(&mut self, id: ItemId, to: ItemStatus, said: Option<&Content>) {
        let from = ItemStatus::InReview.spelling();
        let detail = json!({ "from": from, "to": to.spelling(), "note": self.note, "said": said });
        self.note(id, "moved", detail);
    }

    async fn accept(
        &mut self,
        tx: &db::Write,
        whole: Whole,
        proposal: Proposal,
    ) -> Result<Result<(), ApiError>, ApiError> {
        let (app, id) = (self.app, whole.row.id);
        let content = merged(&proposal, &whole.content)?;
        if let Err(refused) = content.check_public() {
            return Ok(Err(refused));
        }
        let renamed = content.reference != whole.content.reference;
        if renamed && store::reference_taken(tx, &content.reference, Some(id)).await?.is_some() {
            let message = "Another item has this reference by now; choose a different one.";
            return Ok(Err(ApiError::conflict("reference_taken", message)));
        }
        let differences = differences::between(&whole.content, &content);
        let mut row = whole.row.clone();
        store::put(&content, &mut row);
        row.version += 1;
        row.updated_at = self.now;
        if !store::update(tx, row).await? {
            return Ok(Err(ApiError::stale()));
        }
        let source = Source { account: Some(self.scope.account()), ..Source::default() };
        store::terms::follow(tx, &app.clock, &whole, &content, &self.since, source).await?;
        self.out.ended.push(proposal.row.id);
        self.note(id, "proposal_accepted", detail(&differences));
        self.out.accepted.push((id, content));
        Ok(Ok(()))
    }

    async fn finish(self, tx: &db::Write) -> Result<DecidedOut, ApiError> {
        let Self { app, scope, decision, note, now, out, .. } = self;
        let Outcome { decided, new, accepted, ended, notes, refused } = out;
        let to = if decision == Decision::Publish { ItemStatus::Published } else { ItemStatus::Draft };
        store::move_all(tx, &new, to, now).await?;
        let lists: Vec<(ItemId, &Content)> = accepted.iter().map(|(id, content)| (*id, content)).collect();
        store::replace_lists(tx, &lists).await?;
        let (state, reason) = match decision {
            Decision::Publish => (ProposalState::Accepted, None),
            Decision::SendBack => (ProposalState::SentBack, Some(note)),
        };
        proposals::end_all(tx, &ended, state, now, scope.account(), reason).await?;
        store::note_changes(tx, notes).await?;
        let decided: Vec<ItemId> = decided.into_iter().collect();
        store::to_outbox(tx, &decided, app.clock.now()).await?;
        Ok(DecidedOut { decided: decided.len() as u64, not_decided: refused })
    }
}
