//! Learning that is not in the catalogue, as a person recorded it. It counts for nothing until an
//! employer equates it with an item: then a completion of that item stands for it.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, OutsideLearningId, PersonId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outside_learning")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OutsideLearningId,
    pub person_id: PersonId,
    pub title: String,
    /// Who gave it, in the person's words
    pub provider: String,
    pub minutes: Option<i32>,
    pub completed_on: NaiveDate,
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// Since when the person lets employers see it, to equate it; nobody else sees it without
    pub asked_at: Option<DateTime<Utc>>,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: Option<AccountId>,
    pub withdrawn_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
