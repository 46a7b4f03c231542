//! Where a person stands with a requirement through their posts at an organisation, kept. Found
//! from facts, and found again whenever they change or its day has come.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::id::{CompletionId, OrganisationId, PersonId, RequirementId};
use crate::value::Status;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "requirement_status")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: PersonId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub requirement_id: RequirementId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: OrganisationId,
    /// Absent while the requirement does not apply yet
    pub status: Option<Status>,
    pub since: Option<NaiveDate>,
    pub valid_through: Option<NaiveDate>,
    pub due_by: Option<NaiveDate>,
    pub waiting_completion_id: Option<CompletionId>,
    pub waiting_since: Option<NaiveDate>,
    /// The first day on which it is another one, if nothing happens meanwhile
    pub next_change_on: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
