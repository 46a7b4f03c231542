//! Queries of requirements, posts and completions as the status engine needs them. Few statements
//! whatever the size: everything of one kind is read at once and put together in memory.

pub mod facts;
pub mod requirement;
pub mod team;

use entity::access_event;
use entity::id::{AccessEventId, ItemId, OrganisationId, PersonId};
use entity::value::ItemStatus;
use entity::{item, organisation, person};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use crate::access::OrgScope;
use crate::state::App;

/// Rows of one statement, under the bind limit of either database.
const CHUNK: usize = 4000;

/// Writes down for each person that the caller saw their record; not for the caller's own.
pub async fn seen(app: &App, scope: &OrgScope, persons: &[PersonId], what: &str) -> Result<(), DbErr> {
    let at = app.clock.now();
    let rows: Vec<_> = persons
        .iter()
        .filter(|person| scope.own_person() != Some(**person))
        .map(|person| access_event::ActiveModel {
            id: Set(app.clock.id::<AccessEventId>()),
            at: Set(at),
            account_id: Set(scope.account()),
            organisation_id: Set(Some(scope.organisation())),
            person_id: Set(*person),
            what: Set(what.to_owned()),
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        access_event::Entity::insert_many(chunk.to_vec()).exec_without_returning(&app.db).await?;
    }
    Ok(())
}

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
