//! What a service was from a day on. There are none of a service that never changed: then its own
//! row tells; the row keeps what holds today.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, ServiceId, ServiceVersionId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ServiceVersionId,
    pub service_id: ServiceId,
    /// Nothing: since ever
    pub valid_from: Option<NaiveDate>,
    pub area: String,
    pub service_type: String,
    pub tier: String,
    pub sector: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: Option<AccountId>,
    pub superseded_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
