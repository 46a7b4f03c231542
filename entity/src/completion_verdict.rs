//! What an organisation says of a completion: that it is confirmed, or that it does not accept it.
//! It speaks for that organisation alone. Taken back, it stays as history.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, CompletionId, CompletionVerdictId, OrganisationId};
use crate::value::{Assurance, Verdict};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "completion_verdict")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CompletionVerdictId,
    pub completion_id: CompletionId,
    pub organisation_id: OrganisationId,
    pub account_id: Option<AccountId>,
    pub verdict: Verdict,
    /// The rung that whoever said it stands on
    pub assurance: Assurance,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    pub at: DateTime<Utc>,
    pub taken_back_at: Option<DateTime<Utc>>,
    pub taken_back_by: Option<AccountId>,
    /// When the person laid the notice of a rejection aside
    pub dismissed_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
