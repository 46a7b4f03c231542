//! What a curator decides: new items, and changes of public ones.

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{ItemId, ItemImportId, ItemProposalId, OrganisationId};
use entity::item_proposal;
use entity::value::{ItemKind, ProposalState};
use poem_openapi::{Enum, Object};

use super::import::FieldChangeOut;
use super::item::ItemOut;

/// From when a change of what drives compliance holds (validity, themes and their levels, MAT
/// standards). Completions of earlier days keep what was in force on theirs.
#[derive(Clone, Debug, Default, Object)]
#[oai(deny_unknown_fields)]
pub struct TermsIn {
    /// The first day of completions for which it holds; today when left out
    pub from: Option<NaiveDate>,
    /// For every completion, whenever it was: figures of the past change, so it needs a reason
    #[oai(default)]
    pub for_all: bool,
    /// Needed for a day before today and for all
    pub reason: Option<String>,
}

/// Whom a change of what drives compliance touches.
#[derive(Clone, Debug, Object)]
pub struct TouchedOut {
    /// Whether validity, themes, levels or MAT standards change
    pub changes_terms: bool,
    /// People who hold a completion of the item
    pub people: u64,
    pub completions: u64,
    /// What of it changes, and how
    pub fields: Vec<FieldChangeOut>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum WaitingKind {
    /// An item that is not public yet
    New,
    /// A change of a public item, which stands as it is meanwhile
    Change,
}

/// One entry of the queue, oldest first.
#[derive(Debug, Object)]
pub struct QueueRowOut {
    pub item_id: ItemId,
    #[oai(rename = "ref")]
    pub reference: String,
    pub item_kind: ItemKind,
    pub title: String,
    pub provider: String,
    pub provider_id: OrganisationId,
    pub kind: WaitingKind,
    pub submitted_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    pub import_id: Option<ItemImportId>,
    /// Names of the fields that a change is about
    pub fields: Vec<String>,
    /// What was seen, to be given back with the decision
    pub tag: String,
}

#[derive(Debug, Object)]
pub struct QueueProviderOut {
    pub id: OrganisationId,
    pub name: String,
    pub count: u64,
}

#[derive(Debug, Object)]
pub struct QueueImportOut {
    pub id: ItemImportId,
    #[oai(skip_serializing_if_is_none)]
    pub file_name: Option<String>,
    pub at: DateTime<Utc>,
    pub by: String,
    pub count: u64,
}

/// What the queue can be narrowed to.
#[derive(Debug, Object)]
pub struct QueueFiltersOut {
    pub providers: Vec<QueueProviderOut>,
    pub imports: Vec<QueueImportOut>,
}

/// A decision of before: why it was sent back.
#[derive(Debug, Object)]
pub struct SentBackOut {
    pub at: DateTime<Utc>,
    pub reason: String,
}

/// The change of a public item that a provider proposed last, as far as it is not settled.
#[derive(Clone, Debug, Object)]
pub struct ProposalOut {
    pub id: ItemProposalId,
    /// waiting, or sent_back
    pub state: ProposalState,
    pub at: DateTime<Utc>,
    /// Why it was sent back
    #[oai(skip_serializing_if_is_none)]
    pub reason: Option<String>,
}

/// Everything that a decision rests on.
#[derive(Debug, Object)]
pub struct ReviewOut {
    pub kind: WaitingKind,
    /// As it would be when published
    pub item: ItemOut,
    /// For a change: against what stands. For an item that was sent back before: against what was
    /// sent back. Otherwise empty
    pub differences: Vec<FieldChangeOut>,
    pub submitted_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    pub sent_back: Option<SentBackOut>,
    #[oai(skip_serializing_if_is_none)]
    pub proposal: Option<ProposalOut>,
    /// For a change of what drives compliance: whom it touches
    #[oai(skip_serializing_if_is_none)]
    pub touched: Option<TouchedOut>,
    /// What was seen, to be given back with the decision; absent when nothing waits
    #[oai(skip_serializing_if_is_none)]
    pub tag: Option<String>,
    pub may_decide: bool,
    pub may_withdraw: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Decision {
    Publish,
    SendBack,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct DecidedItemIn {
    pub item_id: ItemId,
    /// The tag that was seen; without it the decision is about whatever waits now
    pub tag: Option<String>,
}

/// Everything that waits of a provider, of an import, or of both.
#[derive(Clone, Copy, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct AllOfIn {
    pub provider_id: Option<OrganisationId>,
    pub import_id: Option<ItemImportId>,
}

/// One decision about one or many. It is made for all that can take it, in one go; what cannot is
/// named in the answer and stays in the queue.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct DecisionIn {
    pub decision: Decision,
    /// Why it is sent back
    #[oai(default)]
    pub note: String,
    #[oai(default)]
    pub items: Vec<DecidedItemIn>,
    /// In the place of `items`
    pub all_of: Option<AllOfIn>,
    pub terms: Option<TermsIn>,
}

#[derive(Debug, Object)]
pub struct NotDecidedOut {
    pub item_id: ItemId,
    pub title: String,
    /// Stable, for programs
    pub code: String,
    pub message: String,
}

#[derive(Debug, Object)]
pub struct DecidedOut {
    pub decided: u64,
    pub not_decided: Vec<NotDecidedOut>,
}

impl From<&item_proposal::Model> for ProposalOut {
    fn from(row: &item_proposal::Model) -> Self {
        Self { id: row.id, state: row.state, at: row.proposed_at, reason: row.reason.clone() }
    }
}
