//! What a provider wants a public item to say. The item stands unchanged until a curator takes it.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, ItemId, ItemImportId, ItemProposalId, OrganisationId};
use crate::value::ProposalState;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "item_proposal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ItemProposalId,
    pub item_id: ItemId,
    /// Whose item it is
    pub provider_id: OrganisationId,
    /// What the item said when it was proposed, as JSON
    #[sea_orm(column_type = "Text")]
    pub base: String,
    /// What it would say, as JSON
    #[sea_orm(column_type = "Text")]
    pub content: String,
    pub state: ProposalState,
    /// The item, while this waits: one waits for each
    #[sea_orm(unique)]
    pub live_key: Option<String>,
    /// The import by which it came
    pub import_id: Option<ItemImportId>,
    pub proposed_at: DateTime<Utc>,
    pub proposed_by: Option<AccountId>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: Option<AccountId>,
    /// Why it was sent back
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
