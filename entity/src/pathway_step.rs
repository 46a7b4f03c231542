//! One module of a pathway, in order.

use sea_orm::entity::prelude::*;

use crate::id::ItemId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pathway_step")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub pathway_id: ItemId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: ItemId,
    pub position: i32,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
