//! Queries of requirements and exemptions, to list and to change them, and of what is told with
//! statuses. What statuses are made of is read by `standing`.

pub mod fresh;
pub mod leavers;
pub mod requirement;

use entity::id::{ItemId, OrganisationId, PersonId};
use entity::value::ItemStatus;
use entity::{item, organisation, person};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

/// The published ones of these items.
pub async fn published<C: ConnectionTrait>(db: &C, items: Vec<ItemId>) -> Result<Vec<item::Model>, DbErr> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let published = item::Column::Status.eq(ItemStatus::Published);
    item::Entity::find().filter(item::Column::Id.is_in(items)).filter(published).all(db).await
}

pub async fn titles<C: ConnectionTrait>(db: &C, items: Vec<ItemId>) -> Result<Vec<item::Model>, DbErr> {
    item::Entity::find().filter(item::Column::Id.is_in(items)).all(db).await
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
