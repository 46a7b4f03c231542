//! What accounts and organisations are called, for those who read who did something.

use std::collections::HashMap;

use entity::id::{AccountId, OrganisationId};
use entity::{account, organisation, person};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

/// An account as people know it. The name is its owner's to change, the address is not.
#[derive(Clone, Debug)]
pub struct Known {
    pub name: String,
    pub email: String,
}

/// "Given Family" of the persons behind accounts; the address of an account without a person.
pub async fn accounts<C: ConnectionTrait>(
    db: &C,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<HashMap<AccountId, String>, DbErr> {
    Ok(known(db, ids).await?.into_iter().map(|(id, known)| (id, known.name)).collect())
}

/// The same with the addresses, for those who must know for certain who it was.
pub async fn known<C: ConnectionTrait>(
    db: &C,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<HashMap<AccountId, Known>, DbErr> {
    let accounts = account::Entity::find().filter(account::Column::Id.is_in(unique(ids))).all(db).await?;
    let persons = accounts.iter().filter_map(|account| account.person_id);
    let persons = person::Entity::find().filter(person::Column::Id.is_in(persons)).all(db).await?;
    let names: HashMap<_, _> = persons.iter().map(|row| (row.id, full_name(row))).collect();
    let called = |account: account::Model| {
        let account::Model { id, person_id, email, .. } = account;
        let name = person_id.and_then(|id| names.get(&id).cloned());
        (id, Known { name: name.unwrap_or_else(|| email.clone()), email })
    };
    Ok(accounts.into_iter().map(called).collect())
}

pub async fn organisations<C: ConnectionTrait>(
    db: &C,
    ids: impl IntoIterator<Item = OrganisationId>,
) -> Result<HashMap<OrganisationId, String>, DbErr> {
    let query = organisation::Entity::find()
        .select_only()
        .columns([organisation::Column::Id, organisation::Column::Name])
        .filter(organisation::Column::Id.is_in(unique(ids)));
    Ok(query.into_tuple().all(db).await?.into_iter().collect())
}

pub fn full_name(person: &person::Model) -> String {
    format!("{} {}", person.given_name, person.family_name).trim().to_owned()
}

fn unique<T: Ord>(ids: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<_> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
