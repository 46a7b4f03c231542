//! New items that wait for a curator.

use chrono::{DateTime, Utc};
use entity::id::{ItemId, ItemImportId, OrganisationId};
use entity::item::{self, Column, Entity};
use entity::item_import_row;
use entity::value::ItemStatus;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};

use crate::access::EditorScope;
use crate::base::db;

/// What of the queue is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Narrowed {
    pub provider: Option<OrganisationId>,
    pub import: Option<ItemImportId>,
}

fn matching(scope: &EditorScope, narrowed: &Narrowed) -> Condition {
    let mut all = Condition::all().add(Column::Status.eq(ItemStatus::InReview));
    if !scope.is_curator() {
        all = all.add(Column::ProviderId.is_in(scope.providers().to_vec()));
    }
    if let Some(provider) = narrowed.provider {
        all = all.add(Column::ProviderId.eq(provider));
    }
    if let Some(import) = narrowed.import {
        let made = item_import_row::Entity::find()
            .select_only()
            .column(item_import_row::Column::ItemId)
            .filter(item_import_row::Column::ImportId.eq(import))
            .into_query();
        all = all.add(Column::Id.in_subquery(made));
    }
    all
}

/// Those that wait, oldest first, at most `limit` after a place.
pub async fn page<C: ConnectionTrait>(
    db: &C,
    scope: &EditorScope,
    narrowed: &Narrowed,
    after: Option<(DateTime<Utc>, ItemId)>,
    limit: u64,
) -> Result<Vec<item::Model>, DbErr> {
    let mut query = Entity::find().filter(matching(scope, narrowed));
    if let Some((at, id)) = after {
        let same = Condition::all().add(Column::UpdatedAt.eq(at)).add(Column::Id.gt(id));
        query = query.filter(Condition::any().add(Column::UpdatedAt.gt(at)).add(same));
    }
    query.order_by_asc(Column::UpdatedAt).order_by_asc(Column::Id).limit(limit).all(db).await
}

pub async fn count<C: ConnectionTrait>(db: &C, scope: &EditorScope, narrowed: &Narrowed) -> Result<u64, DbErr> {
    Entity::find().filter(matching(scope, narrowed)).count(db).await
}

/// Whose items wait.
pub async fn providers<C: ConnectionTrait>(
    db: &C,
    scope: &EditorScope,
) -> Result<Vec<(ItemId, OrganisationId)>, DbErr> {
    let query = Entity::find().select_only().columns([Column::Id, Column::ProviderId]);
    query.filter(matching(scope, &Narrowed::default())).into_tuple().all(db).await
}

/// By which import each of these items came, if by one.
pub async fn imports<C: ConnectionTrait>(
    db: &C,
    items: &[ItemId],
) -> Result<std::collections::HashMap<ItemId, ItemImportId>, DbErr> {
    use item_import_row::Column::{Before, ImportId, ItemId};
    let mut found = std::collections::HashMap::new();
    for part in items.chunks(db::chunk(1)) {
        let query = item_import_row::Entity::find().select_only().columns([ItemId, ImportId]);
        let query = query.filter(ItemId.is_in(part.iter().copied())).filter(Before.is_null());
        let rows: Vec<(entity::id::ItemId, ItemImportId)> = query.into_tuple().all(db).await?;
        found.extend(rows);
    }
    Ok(found)
}

/// Holds these items until the transaction ends: nobody else writes them or records one meanwhile.
pub async fn lock<C: ConnectionTrait>(tx: &C, items: &[ItemId]) -> Result<Vec<item::Model>, DbErr> {
    let mut rows = Vec::with_capacity(items.len());
    for part in items.chunks(db::chunk(1)) {
        let query = Entity::find().filter(Column::Id.is_in(part.iter().copied()));
        rows.extend(query.order_by_asc(Column::Id).lock_exclusive().all(tx).await?);
    }
    Ok(rows)
}
