//! Something that concerns security: a sign-in, a refusal, a role, a file taken away. Append-only.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, SecurityEventId};
use crate::value::SecurityKind;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "security_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SecurityEventId,
    pub at: DateTime<Utc>,
    pub kind: SecurityKind,
    /// Whom it concerns, where that is known
    pub account_id: Option<AccountId>,
    /// Who did it, where that is somebody else
    pub by_id: Option<AccountId>,
    pub address: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub detail: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
