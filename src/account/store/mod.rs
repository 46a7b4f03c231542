//! Queries of accounts, roles and the names of what they reach.

use entity::id::{AccountId, OrganisationId, PersonId, ServiceId};
use entity::{account, organisation, person, service};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

pub async fn by_email<C: ConnectionTrait>(db: &C, email: &str) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find().filter(account::Column::EmailFolded.eq(email)).one(db).await
}

pub async fn set_hash<C: ConnectionTrait>(db: &C, id: AccountId, hash: String) -> Result<(), DbErr> {
    let row = account::ActiveModel { id: Set(id), password_hash: Set(Some(hash)), ..Default::default() };
    row.update_without_returning(db).await.map(|_| ())
}

pub async fn person<C: ConnectionTrait>(db: &C, id: PersonId) -> Result<Option<person::Model>, DbErr> {
    person::Entity::find_by_id(id).one(db).await
}

pub async fn organisations<C: ConnectionTrait>(
    db: &C,
    ids: Vec<OrganisationId>,
) -> Result<Vec<organisation::Model>, DbErr> {
    organisation::Entity::find().filter(organisation::Column::Id.is_in(ids)).all(db).await
}

pub async fn services<C: ConnectionTrait>(db: &C, ids: Vec<ServiceId>) -> Result<Vec<service::Model>, DbErr> {
    service::Entity::find().filter(service::Column::Id.is_in(ids)).all(db).await
}
