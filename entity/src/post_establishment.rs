//! How much of a post is funded from a date on, in thousandths of a WTE.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{PostEstablishmentId, PostId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post_establishment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PostEstablishmentId,
    pub post_id: PostId,
    pub starts_on: NaiveDate,
    pub wte_thousandths: i32,
    pub recorded_at: DateTime<Utc>,
    pub superseded_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
