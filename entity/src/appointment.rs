//! A person in a post from a date, with hours. Append-only: a correction supersedes.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AppointmentId, PersonId, PostId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "appointment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AppointmentId,
    pub person_id: PersonId,
    pub post_id: PostId,
    pub starts_on: NaiveDate,
    /// Last day in post, included
    pub ends_on: Option<NaiveDate>,
    pub weekly_minutes: i32,
    pub leaving_reason: Option<String>,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: Option<AccountId>,
    pub superseded_at: Option<DateTime<Utc>>,
    pub supersedes: Option<AppointmentId>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
