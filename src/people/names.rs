//! How an organisation writes the names of its people, for other features that show them to it.

use std::collections::HashMap;

use entity::id::{OrganisationId, PersonId};
use entity::organisation_person::Model;
use entity::person;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, QueryFilter};

use super::known::Known;
use super::store::known;

/// A name as an organisation writes it; who is missing is known by their own name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    pub given_name: String,
    pub family_name: String,
    /// In whose order lists are
    pub name_folded: String,
}

impl From<Model> for Spelling {
    fn from(row: Model) -> Self {
        let Model { given_name, family_name, name_folded, .. } = row;
        Self { given_name, family_name, name_folded }
    }
}

/// Of all people that the organisation wrote.
pub async fn of_all<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
) -> Result<HashMap<PersonId, Spelling>, DbErr> {
    let rows = known::all_spellings(db, organisation).await?;
    Ok(rows.into_iter().map(|(id, row)| (id, row.into())).collect())
}

/// "Given Family" of these people, as the organisation writes them, or as they do themselves. One statement.
pub async fn called<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, String>, DbErr> {
    let these = known::people(organisation).filter(person::Column::Id.is_in(persons.iter().copied()));
    let rows = known::read(db, these).await?;
    let name = |row: &Known| format!("{} {}", row.given_name, row.family_name).trim().to_owned();
    Ok(rows.iter().map(|row| (row.id, name(row))).collect())
}

/// Of these people.
pub async fn of<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Spelling>, DbErr> {
    let rows = known::spellings(db, organisation, persons).await?;
    Ok(rows.into_iter().map(|(id, row)| (id, row.into())).collect())
}
