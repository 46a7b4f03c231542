//! A day on which an employer said that its figures are right.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, FiguresConfirmationId, OrganisationId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "figures_confirmation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FiguresConfirmationId,
    pub organisation_id: OrganisationId,
    pub on_day: NaiveDate,
    /// Kept from the time when only the newest was: there may have been some before it
    pub earlier_unknown: bool,
    pub account_id: Option<AccountId>,
    pub recorded_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
