//! Who changed what: every change of shared data is attributable.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, ChangeId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ChangeId,
    pub at: DateTime<Utc>,
    pub account_id: Option<AccountId>,
    pub subject: String,
    pub subject_id: Uuid,
    pub action: String,
    #[sea_orm(column_type = "Json")]
    pub detail: Json,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
