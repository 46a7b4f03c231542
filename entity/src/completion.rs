//! A person's record of having finished a module on a date.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, CompletionId, ItemId, OutsideLearningId, PersonId};
use crate::value::{Assurance, CompletionState};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "completion")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CompletionId,
    pub person_id: PersonId,
    pub item_id: ItemId,
    pub completed_on: NaiveDate,
    pub expires_on: Option<NaiveDate>,
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    pub assurance: Assurance,
    pub state: CompletionState,
    #[sea_orm(unique)]
    pub live_key: Option<String>,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: Option<AccountId>,
    pub version: i32,
    /// What it stands for, when an employer equated learning outside of the catalogue
    pub outside_learning_id: Option<OutsideLearningId>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
