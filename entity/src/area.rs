//! Geography. Keyed on our own slug: official codes change and clash, so they are attributes.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::value::AreaKind;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "area")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub slug: String,
    pub kind: AreaKind,
    pub name: String,
    pub official_code: Option<String>,
    pub other_code: Option<String>,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
