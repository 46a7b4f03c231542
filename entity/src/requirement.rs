//! A rule that people (`requirement_scope` says which) hold one of several modules, or a theme at a level.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{OrganisationId, RequirementId};
use crate::value::{Assurance, Level};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requirement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RequirementId,
    pub organisation_id: Option<OrganisationId>,
    pub name: String,
    pub theme: Option<String>,
    pub level: Option<Level>,
    pub grace_days: i32,
    pub window_days: i32,
    pub minimum_assurance: Assurance,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
