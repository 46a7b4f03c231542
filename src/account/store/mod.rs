//! Queries of accounts, roles and the names of what they reach.

pub mod managed;
pub mod security;

use entity::id::{AccountId, PersonId, ServiceId};
use entity::{account, person, service};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
};

pub async fn by_email<C: ConnectionTrait>(db: &C, email: &str) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find().filter(account::Column::EmailFolded.eq(email)).one(db).await
}

pub async fn set_hash<C: ConnectionTrait>(db: &C, id: AccountId, hash: String) -> Result<(), DbErr> {
    let row = account::ActiveModel { id: Set(id), password_hash: Set(Some(hash)), ..Default::default() };
    row.update_without_returning(db).await.map(|_| ())
}

/// Puts the hash of a password of the account's own choosing in the place of the one that was checked; false when that is no longer there.
pub async fn replace_hash<C: ConnectionTrait>(db: &C, held: &account::Model, hash: String) -> Result<bool, DbErr> {
    let done = account::Entity::update_many()
        .set(account::ActiveModel {
            password_hash: Set(Some(hash)),
            password_must_change: Set(false),
            ..Default::default()
        })
        .filter(account::Column::Id.eq(held.id))
        .filter(account::Column::PasswordHash.eq(held.password_hash.clone()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Holds the account until the transaction ends, if its password is still the one that was checked.
pub async fn hold_unchanged<C: ConnectionTrait>(db: &C, held: &account::Model) -> Result<bool, DbErr> {
    let unchanged = account::Entity::find_by_id(held.id)
        .filter(account::Column::PasswordHash.eq(held.password_hash.clone()))
        .filter(account::Column::DisabledAt.is_null())
        .lock(LockType::NoKeyUpdate);
    Ok(unchanged.one(db).await?.is_some())
}

/// Sets a password that somebody else has seen.
pub async fn set_first<C: ConnectionTrait>(db: &C, id: AccountId, hash: String) -> Result<(), DbErr> {
    let row = account::ActiveModel {
        id: Set(id),
        password_hash: Set(Some(hash)),
        password_must_change: Set(true),
        ..Default::default()
    };
    row.update_without_returning(db).await.map(|_| ())
}

pub async fn account<C: ConnectionTrait>(db: &C, id: AccountId) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find_by_id(id).one(db).await
}

pub async fn person<C: ConnectionTrait>(db: &C, id: PersonId) -> Result<Option<person::Model>, DbErr> {
    person::Entity::find_by_id(id).one(db).await
}

pub async fn services<C: ConnectionTrait>(db: &C, ids: Vec<ServiceId>) -> Result<Vec<service::Model>, DbErr> {
    service::Entity::find().filter(service::Column::Id.is_in(ids)).all(db).await
}
