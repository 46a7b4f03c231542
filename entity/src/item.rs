//! A catalogue item: module, pathway or resource.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, ItemId, OrganisationId};
use crate::value::{ItemKind, ItemStatus, Level, Provenance};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ItemId,
    #[sea_orm(unique)]
    pub reference: String,
    pub kind: ItemKind,
    pub title: String,
    pub title_folded: String,
    #[sea_orm(column_type = "Text")]
    pub summary: String,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    pub provider_id: OrganisationId,
    pub url: Option<String>,
    /// How one takes part, above all where there is no address
    #[sea_orm(column_type = "Text", nullable)]
    pub taking_part: Option<String>,
    pub level: Option<Level>,
    pub audience: String,
    pub delivery: String,
    pub minutes: Option<i32>,
    pub cost: String,
    pub cost_pence: Option<i32>,
    pub scqf_level: Option<i32>,
    pub scqf_credit: Option<i32>,
    pub language: String,
    pub area: Option<String>,
    pub licence: Option<String>,
    pub validity_months: Option<i32>,
    pub provenance: Provenance,
    pub review_by: Option<NaiveDate>,
    pub status: ItemStatus,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub published_at: Option<DateTime<Utc>>,
    pub created_by: Option<AccountId>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
