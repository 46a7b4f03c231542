//! One import of items that wrote something.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, ItemImportId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "item_import")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ItemImportId,
    pub at: DateTime<Utc>,
    /// None: the command line
    pub account_id: Option<AccountId>,
    pub file_name: Option<String>,
    pub undone_at: Option<DateTime<Utc>>,
    pub undone_by: Option<AccountId>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
