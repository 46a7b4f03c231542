//! Queries of every organisation, for administrators.

use entity::id::{ItemId, OrganisationId};
use entity::value::Role;
use entity::{item, organisation, role_grant, service};
use sea_orm::sea_query::LikeExpr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::access::AdminScope;
use crate::base::db::Snapshot;
use crate::base::fold::like_anywhere;

/// Which organisations are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Each must be found in the name
    pub words: Vec<String>,
    pub employer: Option<bool>,
    pub provider: Option<bool>,
}

fn wanted_rows(wanted: &Wanted) -> Select<organisation::Entity> {
    use organisation::Column::{IsEmployer, IsProvider, NameFolded};
    let mut rows = organisation::Entity::find();
    for word in &wanted.words {
        rows = rows.filter(NameFolded.like(LikeExpr::new(like_anywhere(word)).escape('\\')));
    }
    for (column, value) in [(IsEmployer, wanted.employer), (IsProvider, wanted.provider)] {
        if let Some(value) = value {
            rows = rows.filter(column.eq(value));
        }
    }
    rows
}

/// Organisations, in no order: people's order is not a database's.
pub async fn list<C: Snapshot>(db: &C, _: &AdminScope, wanted: &Wanted) -> Result<Vec<organisation::Model>, DbErr> {
    wanted_rows(wanted).all(db).await
}

pub async fn find<C: ConnectionTrait>(
    db: &C,
    _: &AdminScope,
    id: OrganisationId,
) -> Result<Option<organisation::Model>, DbErr> {
    organisation::Entity::find_by_id(id).one(db).await
}

/// The first few organisations of this folded name: those of long ago may share one.
pub async fn by_name<C: ConnectionTrait>(
    db: &C,
    _: &AdminScope,
    folded: &str,
) -> Result<Vec<organisation::Model>, DbErr> {
    let rows = organisation::Entity::find().filter(organisation::Column::NameFolded.eq(folded));
    rows.order_by_asc(organisation::Column::Id).limit(10).all(db).await
}

/// Every service of an organisation, in no order.
pub async fn services<C: Snapshot>(
    db: &C,
    _: &AdminScope,
    organisation: OrganisationId,
) -> Result<Vec<service::Model>, DbErr> {
    service::Entity::find().filter(service::Column::OrganisationId.eq(organisation)).all(db).await
}

async fn has_role<C: ConnectionTrait>(db: &C, id: OrganisationId, roles: &[Role]) -> Result<bool, DbErr> {
    let standing = role_grant::Entity::find()
        .filter(role_grant::Column::OrganisationId.eq(id))
        .filter(role_grant::Column::Role.is_in(roles.iter().copied()))
        .filter(role_grant::Column::RevokedAt.is_null());
    Ok(standing.one(db).await?.is_some())
}

pub async fn works_as_employer<C: ConnectionTrait>(db: &C, id: OrganisationId) -> Result<bool, DbErr> {
    let service = service::Entity::find().filter(service::Column::OrganisationId.eq(id)).one(db).await?;
    Ok(service.is_some() || has_role(db, id, &[Role::Employer, Role::Manager]).await?)
}

pub async fn works_as_provider<C: ConnectionTrait>(db: &C, id: OrganisationId) -> Result<bool, DbErr> {
    let item = item::Entity::find().filter(item::Column::ProviderId.eq(id)).one(db).await?;
    Ok(item.is_some() || has_role(db, id, &[Role::Provider]).await?)
}

/// The catalogue items of a provider.
pub async fn items<C: ConnectionTrait>(db: &C, provider: OrganisationId) -> Result<Vec<ItemId>, DbErr> {
    let rows = item::Entity::find().select_only().column(item::Column::Id);
    rows.filter(item::Column::ProviderId.eq(provider)).into_tuple().all(db).await
}
