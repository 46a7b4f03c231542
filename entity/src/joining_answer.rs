//! What somebody answered to an employer that says they work there.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, JoiningAnswerId, OrganisationId, PersonId};
use crate::value::JoiningReply;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "joining_answer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JoiningAnswerId,
    pub organisation_id: OrganisationId,
    /// The employer's own person that was asked about
    pub person_id: PersonId,
    pub account_id: AccountId,
    pub answer: JoiningReply,
    pub at: DateTime<Utc>,
    pub taken_back_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
