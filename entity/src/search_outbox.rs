//! An item whose search document must be renewed; written with the change itself.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::ItemId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_outbox")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub item_id: ItemId,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
