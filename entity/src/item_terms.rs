//! What drives compliance of an item from a day on: a completion keeps what was in force on its day.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, ItemId, ItemImportId, ItemTermsId};
use crate::value::Level;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "item_terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ItemTermsId,
    pub item_id: ItemId,
    /// None: since ever
    pub from_day: Option<NaiveDate>,
    pub validity_months: Option<i32>,
    pub level: Option<Level>,
    /// JSON: a list of `{"slug", "level"}`
    #[sea_orm(column_type = "Text")]
    pub themes: String,
    /// JSON: a list of numbers
    #[sea_orm(column_type = "Text")]
    pub mat_standards: String,
    /// Why they hold for completions of the past too
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// The import that wrote them, so that it can be undone
    pub import_id: Option<ItemImportId>,
    pub recorded_at: DateTime<Utc>,
    /// None: the program
    pub recorded_by: Option<AccountId>,
    pub superseded_at: Option<DateTime<Utc>>,
    /// The terms that took their place
    pub superseded_by: Option<ItemTermsId>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
