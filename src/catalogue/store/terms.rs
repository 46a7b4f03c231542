//! Writing the terms of items. Nothing is overwritten: terms whose place is taken stay, marked so.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::id::{AccountId, ItemId, ItemImportId, ItemTermsId, PersonId as PersonKey};
use entity::value::CompletionState;
use entity::{completion, item_terms};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use super::Whole;
use crate::base::clock::Clock;
use crate::base::db;
use crate::catalogue::rules::Content;

/// The first day for which new terms hold (none: since ever), and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Since {
    pub day: Option<NaiveDate>,
    pub reason: Option<String>,
}

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

/// New terms for an item whose content changed, if they differ. Nobody's completion depends on what
/// nobody holds: there they hold since ever.
pub async fn follow<C: ConnectionTrait>(
    tx: &C,
    clock: &Clock,
    old: &Whole,
    content: &Content,
    since: &Since,
    source: Source,
) -> Result<(), DbErr> {
    let id = old.row.id;
    if content.has_terms_of(&old.content) {
        return Ok(());
    }
    let day = if held(tx, &[id]).await?.contains(&id) { since.day } else { None };
    let source = Source { reason: since.reason.clone(), ..source };
    change(tx, clock, id, content, day, &source).await
}

/// How many of these items are held by somebody, and how many people hold any of them.
pub async fn touched<C: ConnectionTrait>(db: &C, items: &[ItemId]) -> Result<(u64, u64), DbErr> {
    use completion::Column::{ItemId, PersonId, State};
    let (mut held, mut people) = (HashSet::new(), HashSet::new());
    for part in items.chunks(db::chunk(1)) {
        let query = completion::Entity::find().select_only().columns([ItemId, PersonId]).distinct();
        let query = query.filter(ItemId.is_in(part.iter().copied())).filter(State.ne(CompletionState::Withdrawn));
        for (item, person) in query.into_tuple::<(entity::id::ItemId, PersonKey)>().all(db).await? {
            held.insert(item);
            people.insert(person);
        }
    }
    Ok((held.len() as u64, people.len() as u64))
}

/// How many people hold how many completions of an item.
pub async fn holders<C: ConnectionTrait>(db: &C, item: ItemId) -> Result<(u64, u64), DbErr> {
    use completion::Column::{Id, ItemId, PersonId, State};
    let query = completion::Entity::find()
        .select_only()
        .column_as(PersonId.into_expr().count_distinct(), "people")
        .column_as(Id.count(), "completions")
        .filter(ItemId.eq(item))
        .filter(State.ne(CompletionState::Withdrawn));
    let found: Option<(i64, i64)> = query.into_tuple().one(db).await?;
    let (people, completions) = found.unwrap_or_default();
    Ok((people.unsigned_abs(), completions.unsigned_abs()))
}

/// Takes back what an import said of these items: its terms never were, and those whose place they
/// took stand again. Gives the items of which it had said something.
pub async fn take_back<C: ConnectionTrait>(
    tx: &C,
    clock: &Clock,
    import: ItemImportId,
    items: &[ItemId],
) -> Result<HashSet<ItemId>, DbErr> {
    use item_terms::Column::{Id, ImportId, ItemId, SupersededAt, SupersededBy};
    let mut all = HashSet::new();
    for part in items.chunks(db::chunk(1)) {
        let query = item_terms::Entity::find().filter(ImportId.eq(import)).filter(SupersededAt.is_null());
        let query = query.filter(ItemId.is_in(part.iter().copied())).select_only().columns([Id, ItemId]);
        let taken: Vec<(ItemTermsId, entity::id::ItemId)> = query.into_tuple().all(tx).await?;
        let ids = || taken.iter().map(|(id, _)| *id);
        let before = item_terms::Entity::find().filter(SupersededBy.is_in(ids())).all(tx).await?;
        item_terms::Entity::update_many()
            .col_expr(SupersededAt, Expr::value(clock.now()))
            .filter(Id.is_in(ids()))
            .exec(tx)
            .await?;
        let again = |row: item_terms::Model| item_terms::Model {
            id: clock.id(),
            superseded_at: None,
            superseded_by: None,
            ..row
        };
        insert(tx, before.into_iter().map(again).collect()).await?;
        all.extend(taken.into_iter().map(|(_, item)| item));
    }
    Ok(all)
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
