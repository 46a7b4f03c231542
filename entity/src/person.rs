//! A human in the workforce; may exist before an account does.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::PersonId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    pub given_name: String,
    pub family_name: String,
    /// Folded "family given": lists are in this order and searched in it
    pub name_folded: String,
    pub email: Option<String>,
    pub date_of_birth: Option<NaiveDate>,
    pub synthetic: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
