//! Work to be done after the request: claimed, retried with backoff, kept when dead.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::JobId;
use crate::value::JobState;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    pub kind: String,
    #[sea_orm(column_type = "Json")]
    pub payload: Json,
    pub state: JobState,
    pub run_at: DateTime<Utc>,
    pub attempts: i32,
    pub locked_until: Option<DateTime<Utc>>,
    #[sea_orm(column_type = "Text", nullable)]
    pub last_error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
