//! What a post was from a day on. There are none of a post that never changed: then its own row
//! tells; the row keeps what holds today.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, PostId, PostVersionId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PostVersionId,
    pub post_id: PostId,
    /// Nothing: since ever
    pub valid_from: Option<NaiveDate>,
    pub role: String,
    pub peer_role: bool,
    pub volunteer: bool,
    pub pay_framework: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: Option<AccountId>,
    pub superseded_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
