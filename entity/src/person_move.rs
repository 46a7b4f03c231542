//! What moved from one person to another when somebody said yes to an employer, or an employer
//! merged two of its people.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, OrganisationId, PersonId, PersonMoveId};
use crate::value::MoveReason;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "person_move")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonMoveId,
    pub organisation_id: OrganisationId,
    pub from_person_id: PersonId,
    pub into_person_id: PersonId,
    pub why: MoveReason,
    /// Ids of the rows that moved, by table
    #[sea_orm(column_type = "Json")]
    pub moved: Json,
    pub at: DateTime<Utc>,
    pub account_id: AccountId,
    pub undone_at: Option<DateTime<Utc>>,
    pub undone_by: Option<AccountId>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
