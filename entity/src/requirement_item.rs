//! A module that satisfies a requirement; any one of several will do.

use sea_orm::entity::prelude::*;

use crate::id::{ItemId, RequirementId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requirement_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub requirement_id: RequirementId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: ItemId,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
