//! A role at a service. Its establishment is dated, see post_establishment.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{PostId, ServiceId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PostId,
    pub service_id: ServiceId,
    pub reference: String,
    pub role: String,
    pub peer_role: bool,
    pub volunteer: bool,
    pub pay_framework: String,
    pub funding_ends_on: Option<NaiveDate>,
    pub opened_on: NaiveDate,
    /// First day on which it is closed
    pub closed_on: Option<NaiveDate>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
