//! What imports did, and what stands in the way of undoing one.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::id::{AccountId, ItemId, ItemImportId};
use entity::{
    completion, item, item_import, item_import_row, item_mat_standard, item_theme, item_topic, pathway_step,
    requirement_item,
};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use crate::access::EditorScope;
use crate::base::db;

pub async fn note<C: ConnectionTrait>(tx: &C, import: item_import::Model) -> Result<(), DbErr> {
    item_import::Entity::insert(import.into_active_model()).exec_without_returning(tx).await.map(|_| ())
}

/// What it did to which items.
pub async fn note_rows<C: ConnectionTrait>(tx: &C, rows: Vec<item_import_row::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(db::chunk(5)) {
        let rows = part.iter().cloned().map(IntoActiveModel::into_active_model);
        item_import_row::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// A curator sees every import, a provider those of their own account.
fn visible(scope: &EditorScope) -> Condition {
    let own = item_import::Column::AccountId.eq(scope.account());
    if scope.is_curator() { Condition::all() } else { Condition::all().add(own) }
}

/// One row more than `limit`, newest first.
pub async fn list<C: ConnectionTrait>(
    db: &C,
    scope: &EditorScope,
    before: Option<ItemImportId>,
    limit: u64,
) -> Result<Vec<item_import::Model>, DbErr> {
    let mut query = item_import::Entity::find().filter(visible(scope));
    if let Some(before) = before {
        query = query.filter(item_import::Column::Id.lt(before));
    }
    query.order_by_desc(item_import::Column::Id).limit(limit + 1).all(db).await
}

pub async fn is_visible<C: ConnectionTrait>(db: &C, scope: &EditorScope, id: ItemImportId) -> Result<bool, DbErr> {
    Ok(item_import::Entity::find_by_id(id).filter(visible(scope)).one(db).await?.is_some())
}

pub async fn rows<C: ConnectionTrait>(db: &C, id: ItemImportId) -> Result<Vec<item_import_row::Model>, DbErr> {
    item_import_row::Entity::find().filter(item_import_row::Column::ImportId.eq(id)).all(db).await
}

pub async fn by_ids<C: ConnectionTrait>(db: &C, ids: &[ItemImportId]) -> Result<Vec<item_import::Model>, DbErr> {
    let query = item_import::Entity::find().filter(item_import::Column::Id.is_in(ids.iter().copied()));
    query.order_by_desc(item_import::Column::Id).all(db).await
}

/// How many items each import made, and how many it changed.
pub async fn counts<C: ConnectionTrait>(db: &C, ids: &[ItemImportId]) -> Result<Vec<(ItemImportId, i64, i64)>, DbErr> {
    use item_import_row::Column::{Before, ImportId, ItemId};
    item_import_row::Entity::find()
        .select_only()
        .column(ImportId)
        .column_as(ItemId.count(), "rows")
        .column_as(Before.count(), "changed")
        .filter(ImportId.is_in(ids.iter().copied()))
        .group_by(ImportId)
        .into_tuple()
        .all(db)
        .await
}

/// Items as they are now.
pub async fn items<C: ConnectionTrait>(db: &C, ids: &[ItemId]) -> Result<Vec<item::Model>, DbErr> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(db::chunk(1)) {
        found.extend(item::Entity::find().filter(item::Column::Id.is_in(part.iter().copied())).all(db).await?);
    }
    Ok(found)
}

/// Those of these items on which something else stands: a completion in any state, a requirement
/// or a pathway.
pub async fn relied_on<C: ConnectionTrait>(db: &C, ids: &[ItemId]) -> Result<BTreeSet<ItemId>, DbErr> {
    let mut found = BTreeSet::new();
    for part in ids.chunks(db::chunk(2)) {
        let part = || part.iter().copied();
        let recorded = completion::Entity::find().select_only().column(completion::Column::ItemId).distinct();
        let recorded = recorded.filter(completion::Column::ItemId.is_in(part()));
        found.extend(recorded.into_tuple::<ItemId>().all(db).await?);
        let asked = requirement_item::Entity::find().select_only().column(requirement_item::Column::ItemId).distinct();
        let asked = asked.filter(requirement_item::Column::ItemId.is_in(part()));
        found.extend(asked.into_tuple::<ItemId>().all(db).await?);
        let steps = pathway_step::Column::ItemId.is_in(part()).or(pathway_step::Column::PathwayId.is_in(part()));
        let steps = pathway_step::Entity::find().filter(steps).all(db).await?;
        found.extend(steps.iter().flat_map(|step| [step.item_id, step.pathway_id]));
    }
    Ok(found)
}

/// Removes items that nothing stands on, with their lists.
pub async fn remove<C: ConnectionTrait>(tx: &C, ids: &[ItemId]) -> Result<(), DbErr> {
    for part in ids.chunks(db::chunk(1)) {
        super::terms::remove(tx, part).await?;
        super::proposals::remove(tx, part).await?;
        let part = || part.iter().copied();
        item_topic::Entity::delete_many().filter(item_topic::Column::ItemId.is_in(part())).exec(tx).await?;
        item_theme::Entity::delete_many().filter(item_theme::Column::ItemId.is_in(part())).exec(tx).await?;
        item_mat_standard::Entity::delete_many()
            .filter(item_mat_standard::Column::ItemId.is_in(part()))
            .exec(tx)
            .await?;
        item::Entity::delete_many().filter(item::Column::Id.is_in(part())).exec(tx).await?;
    }
    Ok(())
}

/// An item says again what it said before an import: who built on that state can be undone again.
pub async fn stands_again<C: ConnectionTrait>(
    tx: &C,
    undone: &item_import_row::Model,
    version: i32,
) -> Result<(), DbErr> {
    use item_import_row::Column::{ImportId, ItemId, Version};
    let Some(before) = undone.version_before else { return Ok(()) };
    item_import_row::Entity::update_many()
        .col_expr(Version, Expr::value(version))
        .filter(ItemId.eq(undone.item_id))
        .filter(Version.eq(before))
        .filter(ImportId.ne(undone.import_id))
        .exec(tx)
        .await
        .map(|_| ())
}

/// Marks an import as undone; false when somebody else was first.
pub async fn undone<C: ConnectionTrait>(
    tx: &C,
    id: ItemImportId,
    at: DateTime<Utc>,
    by: AccountId,
) -> Result<bool, DbErr> {
    use item_import::Column::{Id, UndoneAt, UndoneBy};
    let done = item_import::Entity::update_many()
        .col_expr(UndoneAt, Expr::value(at))
        .col_expr(UndoneBy, Expr::value(by))
        .filter(Id.eq(id))
        .filter(UndoneAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}
