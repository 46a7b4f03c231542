//! One area lying within another between two dates (both inclusive; none means always).

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::id::AreaLinkId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "area_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AreaLinkId,
    pub area: String,
    pub within: String,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
