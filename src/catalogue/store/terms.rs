//! Writing the terms of items. Nothing is overwritten: terms whose place is taken stay, marked so.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::id::{AccountId, ItemId, ItemImportId, ItemTermsId};
use entity::value::CompletionState;
use entity::{completion, item_terms};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use crate::base::clock::Clock;
use crate::base::db;
use crate::catalogue::rules::Content;

/// By whom terms are written, and why.
#[derive(Clone, Debug, Default)]
pub struct Source {
    pub account: Option<AccountId>,
    pub import: Option<ItemImportId>,
    pub reason: Option<String>,
}

fn row(clock: &Clock, item: ItemId, content: &Content, since: Option<NaiveDate>, source: &Source) -> item_terms::Model {
    let list = |json: serde_json::Result<String>| json.unwrap_or_else(|_| "[]".to_owned());
    item_terms::Model {
        id: clock.id(),
        item_id: item,
        from_day: since,
        validity_months: content.validity_months,
        level: content.level,
        themes: list(serde_json::to_string(&content.themes)),
        mat_standards: list(serde_json::to_string(&content.mat_standards)),
        reason: source.reason.clone(),
        import_id: source.import,
        recorded_at: clock.now(),
        recorded_by: source.account,
        superseded_at: None,
        superseded_by: None,
    }
}

/// The first terms of new items: since ever.
pub async fn begin<'a, C: ConnectionTrait>(
    tx: &C,
    clock: &Clock,
    items: impl Iterator<Item = (ItemId, &'a Content)>,
    source: &Source,
) -> Result<(), DbErr> {
    let rows: Vec<item_terms::Model> = items.map(|(id, content)| row(clock, id, content, None, source)).collect();
    insert(tx, rows).await
}

async fn insert<C: ConnectionTrait>(tx: &C, rows: Vec<item_terms::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(db::chunk(13)) {
        let rows = part.iter().cloned().map(IntoActiveModel::into_active_model);
        item_terms::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// New terms from a day on, whatever was said of later days; or since ever, in the place of all.
pub async fn change<C: ConnectionTrait>(
    tx: &C,
    clock: &Clock,
    item: ItemId,
    content: &Content,
    since: Option<NaiveDate>,
    source: &Source,
) -> Result<(), DbErr> {
    use item_terms::Column::{FromDay, ItemId, SupersededAt, SupersededBy};
    let new = row(clock, item, content, since, source);
    let mut replaced = Condition::all().add(ItemId.eq(item)).add(SupersededAt.is_null());
    if let Some(day) = since {
        replaced = replaced.add(FromDay.gte(day));
    }
    item_terms::Entity::update_many()
        .col_expr(SupersededAt, Expr::value(new.recorded_at))
        .col_expr(SupersededBy, Expr::value(new.id))
        .filter(replaced)
        .exec(tx)
        .await?;
    insert(tx, vec![new]).await
}

/// Takes back what an import said of items that were there before: its terms never were, and those
/// whose place they took stand again.
pub async fn take_back<C: ConnectionTrait>(tx: &C, clock: &Clock, import: ItemImportId) -> Result<(), DbErr> {
    use item_terms::Column::{Id, ImportId, SupersededAt, SupersededBy};
    let query = item_terms::Entity::find().filter(ImportId.eq(import)).filter(SupersededAt.is_null());
    let taken: Vec<ItemTermsId> = query.select_only().column(Id).into_tuple().all(tx).await?;
    for part in taken.chunks(db::chunk(1)) {
        let before = item_terms::Entity::find().filter(SupersededBy.is_in(part.iter().copied())).all(tx).await?;
        item_terms::Entity::update_many()
            .col_expr(SupersededAt, Expr::value(clock.now()))
            .filter(Id.is_in(part.iter().copied()))
            .exec(tx)
            .await?;
        let again = |row: item_terms::Model| item_terms::Model {
            id: clock.id(),
            superseded_at: None,
            superseded_by: None,
            ..row
        };
        insert(tx, before.into_iter().map(again).collect()).await?;
    }
    Ok(())
}

/// The terms of items that go altogether.
pub async fn remove<C: ConnectionTrait>(tx: &C, items: &[ItemId]) -> Result<(), DbErr> {
    let gone = item_terms::Column::ItemId.is_in(items.iter().copied());
    item_terms::Entity::delete_many().filter(gone).exec(tx).await.map(|_| ())
}

/// Those of these items that somebody holds a completion of.
pub async fn held<C: ConnectionTrait>(db: &C, items: &[ItemId]) -> Result<HashSet<ItemId>, DbErr> {
    use completion::Column::{ItemId, State};
    let mut found = HashSet::new();
    for part in items.chunks(db::chunk(1)) {
        let query = completion::Entity::find().select_only().column(ItemId).distinct();
        let query = query.filter(ItemId.is_in(part.iter().copied())).filter(State.ne(CompletionState::Withdrawn));
        found.extend(query.into_tuple::<entity::id::ItemId>().all(db).await?);
    }
    Ok(found)
}
