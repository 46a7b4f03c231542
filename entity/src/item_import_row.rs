//! An item that an import made or changed.

use sea_orm::entity::prelude::*;

use crate::id::{ItemId, ItemImportId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "item_import_row")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: ItemImportId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: ItemId,
    /// What the item said before, as JSON; none for an item that the import made
    #[sea_orm(column_type = "Text", nullable)]
    pub before: Option<String>,
    /// The item's version as the import left it
    pub version: i32,
    /// The version on which the import built; none for an item that it made
    pub version_before: Option<i32>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
