//! A person as one organisation knows them: its own spelling of the name and the address that it
//! was given. Where there is no row, the person's own name stands.

use sea_orm::entity::prelude::*;

use crate::id::{OrganisationId, OrganisationPersonId, PersonId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation_person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganisationPersonId,
    pub organisation_id: OrganisationId,
    pub person_id: PersonId,
    pub given_name: String,
    pub family_name: String,
    /// Folded "family given", as of `person`
    pub name_folded: String,
    /// Empty when it was given none
    pub email: String,
    pub email_folded: String,
    pub version: i32,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
