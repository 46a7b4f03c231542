//! A protected table as it was given out: the same question gets the same answer.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, ReleaseId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "release")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReleaseId,
    #[sea_orm(unique)]
    pub question_hash: String,
    #[sea_orm(column_type = "Json")]
    pub question: Json,
    #[sea_orm(column_type = "Json")]
    pub table: Json,
    #[sea_orm(column_type = "Json")]
    pub manifest: Json,
    pub sha256: String,
    pub rule_version: String,
    pub created_at: DateTime<Utc>,
    pub created_by: Option<AccountId>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
