//! What happened to a completion, by whom; the history is never overwritten.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, CompletionEventId, CompletionId, OrganisationId};
use crate::value::{Assurance, CompletionEventKind};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "completion_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CompletionEventId,
    pub completion_id: CompletionId,
    pub kind: CompletionEventKind,
    pub assurance: Assurance,
    pub account_id: Option<AccountId>,
    pub organisation_id: Option<OrganisationId>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    pub at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
