//! Whom a requirement names: one role, one role family or one service of those that it is for.
//! One without any is for everybody. Several roles and families are any of them, several services
//! too; who is named by both has to be in both.

use sea_orm::entity::prelude::*;

use crate::id::{RequirementId, ServiceId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requirement_scope")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub requirement_id: RequirementId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i32,
    /// Exactly one of the three
    pub role: Option<String>,
    pub role_family: Option<String>,
    pub service_id: Option<ServiceId>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
