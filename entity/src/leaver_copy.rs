//! What an employer relied on of somebody on their last day there. It never changes.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{LeaverCopyId, OrganisationId, PersonId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "leaver_copy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LeaverCopyId,
    pub organisation_id: OrganisationId,
    pub person_id: PersonId,
    pub last_day: NaiveDate,
    /// What was asked of them on that day and how they stood
    #[sea_orm(column_type = "Json")]
    pub statuses: Json,
    pub made_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
