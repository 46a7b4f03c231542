//! A file that supports a completion or learning outside of the catalogue; stored outside the web root.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, CompletionId, EvidenceId, OutsideLearningId, PersonId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EvidenceId,
    pub person_id: PersonId,
    pub completion_id: Option<CompletionId>,
    pub file_key: String,
    pub file_name: String,
    pub media_type: String,
    pub bytes: i32,
    pub sha256: String,
    pub uploaded_at: DateTime<Utc>,
    pub uploaded_by: Option<AccountId>,
    pub removed_at: Option<DateTime<Utc>>,
    pub outside_learning_id: Option<OutsideLearningId>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
