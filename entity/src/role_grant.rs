//! A role of an account within a scope, from when to when and by whom.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, OrganisationId, RoleGrantId, ServiceId};
use crate::value::Role;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleGrantId,
    pub account_id: AccountId,
    pub role: Role,
    pub organisation_id: Option<OrganisationId>,
    pub service_id: Option<ServiceId>,
    pub area: Option<String>,
    pub granted_at: DateTime<Utc>,
    pub granted_by: Option<AccountId>,
    pub revoked_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
