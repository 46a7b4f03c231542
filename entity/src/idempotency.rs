//! A write that its client may send again, committed with the write itself, and the answer that was
//! given. No status: not answered yet, or its process died before it could be.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub request_hash: String,
    /// Person and grants of the caller then
    #[sea_orm(column_type = "Text")]
    pub rights: String,
    pub status: Option<i32>,
    pub etag: Option<String>,
    pub location: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
