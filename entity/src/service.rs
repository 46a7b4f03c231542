//! A team of an organisation, counted in one council area, its base.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{OrganisationId, ServiceId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ServiceId,
    pub organisation_id: OrganisationId,
    pub name: String,
    pub area: String,
    pub service_type: String,
    pub tier: String,
    pub sector: String,
    pub opened_on: NaiveDate,
    /// First day on which it is closed
    pub closed_on: Option<NaiveDate>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
