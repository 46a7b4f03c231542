//! Somebody saw a person's record; the person can read this.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccessEventId, AccountId, OrganisationId, PersonId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccessEventId,
    pub at: DateTime<Utc>,
    pub account_id: AccountId,
    pub organisation_id: Option<OrganisationId>,
    pub person_id: PersonId,
    pub what: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
