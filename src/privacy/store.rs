//! Queries of the access ledger.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::id::{AccessEventId, AccountId, OrganisationId};
use entity::{access_event, account, organisation, person};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::access::SelfScope;

/// A place in the list, latest first.
pub type Key = (DateTime<Utc>, AccessEventId);

pub async fn events<C: ConnectionTrait>(
    db: &C,
    scope: &SelfScope,
    before: Option<Key>,
    limit: u64,
) -> Result<Vec<access_event::Model>, DbErr> {
    use access_event::Column::{At, Id, PersonId};
    let mut rows = access_event::Entity::find().filter(PersonId.eq(scope.person()));
    if let Some((at, id)) = before {
        let level = Condition::all().add(At.eq(at)).add(Id.lt(id));
        rows = rows.filter(Condition::any().add(At.lt(at)).add(level));
    }
    rows.order_by_desc(At).order_by_desc(Id).limit(limit).all(db).await
}

/// How accounts are called: by the name of their person, or their address.
pub async fn callers<C: ConnectionTrait>(db: &C, ids: &[AccountId]) -> Result<HashMap<AccountId, String>, DbErr> {
    let accounts = account::Entity::find().filter(account::Column::Id.is_in(ids.iter().copied())).all(db).await?;
    let persons = person::Entity::find()
        .filter(person::Column::Id.is_in(accounts.iter().filter_map(|account| account.person_id)));
    let names: HashMap<_, _> = persons
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, format!("{} {}", row.given_name, row.family_name).trim().to_owned()))
        .collect();
    let called = |account: account::Model| {
        let name = account.person_id.and_then(|id| names.get(&id).cloned());
        (account.id, name.unwrap_or(account.email))
    };
    Ok(accounts.into_iter().map(called).collect())
}

pub async fn organisations<C: ConnectionTrait>(
    db: &C,
    ids: &[OrganisationId],
) -> Result<HashMap<OrganisationId, String>, DbErr> {
    let rows = organisation::Entity::find().filter(organisation::Column::Id.is_in(ids.iter().copied()));
    Ok(rows.all(db).await?.into_iter().map(|row| (row.id, row.name)).collect())
}
