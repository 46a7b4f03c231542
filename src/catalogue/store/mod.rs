//! Queries of items. What is written, and what is written beside it, is in `write`.

pub mod imports;
pub mod proposals;
pub mod queue;
pub mod terms;
mod write;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::id::{AccountId, ChangeId, ItemId, OrganisationId};
use entity::value::{ItemKind, ItemStatus, Level};
use entity::{account, change, item, item_mat_standard, item_theme, item_topic};
use sea_orm::sea_query::{Expr, ExprTrait, Order};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

pub use terms::Source;
pub use write::{insert, move_all, note_changes, put, replace_lists, update};

pub use crate::base::outbox::to_outbox;

use super::rules::{Content, Theme};
use crate::access::{EditorScope, names};
use crate::base::db;
use crate::base::fold::like_anywhere;

/// An item with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct Whole {
    pub row: item::Model,
    pub provider: String,
    pub content: Content,
}

/// As much of an item as a found one shows. Most of a row's columns are not on it, and each costs
/// more to read than the search spends on the item.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "item::Entity")]
pub struct Card {
    pub id: ItemId,
    pub reference: String,
    pub kind: ItemKind,
    pub title: String,
    pub summary: String,
    pub provider_id: OrganisationId,
    pub level: Option<Level>,
    pub minutes: Option<i32>,
    pub delivery: String,
    pub cost: String,
    pub validity_months: Option<i32>,
    status: ItemStatus,
}

impl Card {
    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        let texts = [&self.reference, &self.title, &self.summary, &self.delivery, &self.cost];
        size_of::<Self>() + texts.iter().map(|text| text.len()).sum::<usize>()
    }
}

/// What a list is asked for. `scope` decides what may be seen at all.
#[derive(Debug, Default)]
pub struct Wanted<'a> {
    pub scope: Option<&'a EditorScope>,
    pub own_only: bool,
    pub status: Option<ItemStatus>,
    pub provider: Option<OrganisationId>,
    /// Words of the title
    pub text: Option<&'a str>,
}

/// Published, or one's own to write.
fn visible(scope: Option<&EditorScope>) -> Condition {
    let published = Condition::any().add(item::Column::Status.eq(ItemStatus::Published));
    match scope {
        Some(scope) if scope.is_curator() => Condition::all(),
        Some(scope) => published.add(item::Column::ProviderId.is_in(scope.providers().to_vec())),
        None => published,
    }
}

pub async fn by_id<C: ConnectionTrait>(
    db: &C,
    scope: Option<&EditorScope>,
    id: ItemId,
) -> Result<Option<item::Model>, DbErr> {
    item::Entity::find_by_id(id).filter(visible(scope)).one(db).await
}

pub async fn by_reference<C: ConnectionTrait>(
    db: &C,
    scope: Option<&EditorScope>,
    reference: &str,
) -> Result<Option<item::Model>, DbErr> {
    item::Entity::find().filter(item::Column::Reference.eq(reference)).filter(visible(scope)).one(db).await
}

/// Whatever their state and whoever wrote them; for imports, which check the right to write.
pub async fn by_references<C: ConnectionTrait>(db: &C, references: &[String]) -> Result<Vec<item::Model>, DbErr> {
    let mut rows = Vec::new();
    for part in references.chunks(db::chunk(1)) {
        rows.extend(item::Entity::find().filter(item::Column::Reference.is_in(part)).all(db).await?);
    }
    Ok(rows)
}

pub async fn reference_taken<C: ConnectionTrait>(
    db: &C,
    reference: &str,
    by_other_than: Option<ItemId>,
) -> Result<Option<ItemId>, DbErr> {
    let found = item::Entity::find().filter(item::Column::Reference.eq(reference)).one(db).await?;
    Ok(found.map(|row| row.id).filter(|id| Some(*id) != by_other_than))
}

/// Those of these items that a requirement may name: modules that everybody can see, or could.
/// What another provider is still writing is nobody's business.
pub async fn requirable<C: ConnectionTrait>(db: &C, items: Vec<ItemId>) -> Result<Vec<ItemId>, DbErr> {
    item::Entity::find()
        .select_only()
        .column(item::Column::Id)
        .filter(item::Column::Id.is_in(items))
        .filter(item::Column::Kind.eq(ItemKind::Module))
        .filter(item::Column::Status.is_in([ItemStatus::Published, ItemStatus::Retired]))
        .into_tuple()
        .all(db)
        .await
}

/// The published ones among these, in no order.
pub async fn published<C: ConnectionTrait>(db: &C, ids: Vec<ItemId>) -> Result<Vec<item::Model>, DbErr> {
    let mut rows = item::Entity::find().filter(item::Column::Id.is_in(ids)).all(db).await?;
    // not asked of the database: SQLite would walk all that is published instead of these few
    rows.retain(|row| row.status == ItemStatus::Published);
    Ok(rows)
}

/// The same of which only the cards are wanted.
pub async fn cards<C: ConnectionTrait>(db: &C, ids: Vec<ItemId>) -> Result<Vec<Card>, DbErr> {
    let query = item::Entity::find().filter(item::Column::Id.is_in(ids));
    let mut cards = query.into_partial_model::<Card>().all(db).await?;
    cards.retain(|card| card.status == ItemStatus::Published);
    Ok(cards)
}

/// Published items after `after` in order of id, for building the index.
pub async fn published_after<C: ConnectionTrait>(
    db: &C,
    after: Option<ItemId>,
    limit: u64,
) -> Result<Vec<item::Model>, DbErr> {
    let mut query = item::Entity::find().filter(item::Column::Status.eq(ItemStatus::Published));
    if let Some(after) = after {
        query = query.filter(item::Column::Id.gt(after));
    }
    query.order_by_asc(item::Column::Id).limit(limit).all(db).await
}

pub async fn count_published<C: ConnectionTrait>(db: &C) -> Result<u64, DbErr> {
    item::Entity::find().filter(item::Column::Status.eq(ItemStatus::Published)).count(db).await
}

fn matching(wanted: &Wanted<'_>) -> Condition {
    let mut all = Condition::all().add(visible(wanted.scope));
    if let Some(scope) = wanted.scope.filter(|_| wanted.own_only) {
        all = all.add(item::Column::ProviderId.is_in(scope.providers().to_vec()));
    }
    if let Some(status) = wanted.status {
        all = all.add(item::Column::Status.eq(status));
    }
    if let Some(provider) = wanted.provider {
        all = all.add(item::Column::ProviderId.eq(provider));
    }
    if let Some(text) = wanted.text.filter(|text| !text.is_empty()) {
        let like = sea_orm::sea_query::LikeExpr::new(like_anywhere(text)).escape('\\');
        all = all.add(Expr::col((item::Entity, item::Column::TitleFolded)).like(like));
    }
    all
}

/// One row more than `limit`, by title.
pub async fn list_by_title<C: ConnectionTrait>(
    db: &C,
    wanted: &Wanted<'_>,
    after: Option<(String, ItemId)>,
    limit: u64,
) -> Result<Vec<item::Model>, DbErr> {
    let mut query = item::Entity::find().filter(matching(wanted));
    if let Some((title, id)) = after {
        let same = Condition::all().add(item::Column::TitleFolded.eq(title.clone())).add(item::Column::Id.gt(id));
        query = query.filter(Condition::any().add(item::Column::TitleFolded.gt(title)).add(same));
    }
    query.order_by_asc(item::Column::TitleFolded).order_by_asc(item::Column::Id).limit(limit + 1).all(db).await
}

/// One row more than `limit`, by when they were last changed.
pub async fn list_by_change<C: ConnectionTrait>(
    db: &C,
    wanted: &Wanted<'_>,
    after: Option<(DateTime<Utc>, ItemId)>,
    newest_first: bool,
    limit: u64,
) -> Result<Vec<item::Model>, DbErr> {
    use item::Column::{Id, UpdatedAt};
    let order = if newest_first { Order::Desc } else { Order::Asc };
    let mut query = item::Entity::find().filter(matching(wanted));
    if let Some((at, id)) = after {
        let (beyond, same) = if newest_first {
            (UpdatedAt.lt(at), Condition::all().add(UpdatedAt.eq(at)).add(Id.lt(id)))
        } else {
            (UpdatedAt.gt(at), Condition::all().add(UpdatedAt.eq(at)).add(Id.gt(id)))
        };
        query = query.filter(Condition::any().add(beyond).add(same));
    }
    query.order_by(UpdatedAt, order.clone()).order_by(Id, order).limit(limit + 1).all(db).await
}

pub async fn count<C: ConnectionTrait>(db: &C, wanted: &Wanted<'_>) -> Result<u64, DbErr> {
    item::Entity::find().filter(matching(wanted)).count(db).await
}

/// Published items that share topics with this one, most shared topics first.
pub async fn similar<C: ConnectionTrait>(
    db: &C,
    id: ItemId,
    topics: &[String],
    limit: u64,
) -> Result<Vec<item::Model>, DbErr> {
    if topics.is_empty() {
        return Ok(Vec::new());
    }
    let shared = item_topic::Column::Topic.count();
    let published = item::Entity::find()
        .select_only()
        .column(item::Column::Id)
        .filter(item::Column::Status.eq(ItemStatus::Published))
        .into_query();
    let ids: Vec<ItemId> = item_topic::Entity::find()
        .select_only()
        .column(item_topic::Column::ItemId)
        .filter(item_topic::Column::Topic.is_in(topics))
        .filter(item_topic::Column::ItemId.ne(id))
        .filter(item_topic::Column::ItemId.in_subquery(published))
        .group_by(item_topic::Column::ItemId)
        .order_by(shared, Order::Desc)
        .order_by_asc(item_topic::Column::ItemId)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    let rows = item::Entity::find().filter(item::Column::Id.is_in(ids.clone())).all(db).await?;
    let mut by_id: HashMap<ItemId, item::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

/// One row more than `limit` of an item's history, newest first.
pub async fn changes<C: ConnectionTrait>(
    db: &C,
    id: ItemId,
    before: Option<ChangeId>,
    limit: u64,
) -> Result<Vec<change::Model>, DbErr> {
    let mut query =
        change::Entity::find().filter(change::Column::SubjectId.eq(id.0)).filter(change::Column::Subject.eq("item"));
    if let Some(before) = before {
        query = query.filter(change::Column::Id.lt(before));
    }
    query.order_by_desc(change::Column::Id).limit(limit + 1).all(db).await
}

/// When an item was sent back last, what it said then, and why.
pub async fn sent_back<C: ConnectionTrait>(
    db: &C,
    id: ItemId,
) -> Result<Option<(DateTime<Utc>, Option<Content>, String)>, DbErr> {
    let moves = change::Entity::find()
        .filter(change::Column::SubjectId.eq(id.0))
        .filter(change::Column::Subject.eq("item"))
        .filter(change::Column::Action.eq("moved"))
        .order_by_desc(change::Column::Id);
    let back = |row: &change::Model| row.detail["from"] == "in_review" && row.detail["to"] == "draft";
    let found = moves.limit(50).all(db).await?.into_iter().find(back);
    Ok(found.map(|row| {
        let said = serde_json::from_value(row.detail["said"].clone()).ok();
        (row.at, said, row.detail["note"].as_str().unwrap_or_default().to_owned())
    }))
}

pub async fn emails<C: ConnectionTrait>(db: &C, ids: Vec<AccountId>) -> Result<HashMap<AccountId, String>, DbErr> {
    let rows = account::Entity::find().filter(account::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.email)).collect())
}

/// Rows with all that belongs to them, in the same order: four statements however many.
pub async fn whole<C: ConnectionTrait>(db: &C, rows: Vec<item::Model>) -> Result<Vec<Whole>, DbErr> {
    let ids: Vec<ItemId> = rows.iter().map(|row| row.id).collect();
    let names = names::organisations(db, rows.iter().map(|row| row.provider_id)).await?;
    let mut topics: HashMap<ItemId, Vec<String>> = HashMap::new();
    let mut themes: HashMap<ItemId, Vec<Theme>> = HashMap::new();
    let mut standards: HashMap<ItemId, Vec<i32>> = HashMap::new();
    for ids in ids.chunks(db::chunk(1)) {
        let found = item_topic::Entity::find().filter(item_topic::Column::ItemId.is_in(ids.to_vec()));
        for row in found.order_by_asc(item_topic::Column::Topic).all(db).await? {
            topics.entry(row.item_id).or_default().push(row.topic);
        }
        let found = item_theme::Entity::find().filter(item_theme::Column::ItemId.is_in(ids.to_vec()));
        for row in found.order_by_asc(item_theme::Column::Theme).all(db).await? {
            themes.entry(row.item_id).or_default().push(Theme { slug: row.theme, level: row.level });
        }
        let found = item_mat_standard::Entity::find().filter(item_mat_standard::Column::ItemId.is_in(ids.to_vec()));
        for row in found.order_by_asc(item_mat_standard::Column::MatStandard).all(db).await? {
            standards.entry(row.item_id).or_default().push(row.mat_standard);
        }
    }
    let mut take = |row: item::Model| {
        let id = row.id;
        let provider = names.get(&row.provider_id).cloned().unwrap_or_default();
        let lists = Lists {
            topics: topics.remove(&id).unwrap_or_default(),
            themes: themes.remove(&id).unwrap_or_default(),
            standards: standards.remove(&id).unwrap_or_default(),
        };
        Whole { content: content(&row, lists), row, provider }
    };
    Ok(rows.into_iter().map(&mut take).collect())
}

struct Lists {
    topics: Vec<String>,
    themes: Vec<Theme>,
    standards: Vec<i32>,
}

fn content(row: &item::Model, lists: Lists) -> Content {
    let row = row.clone();
    Content {
        reference: row.reference,
        kind: row.kind,
        title: row.title,
        summary: row.summary,
        description: row.description,
        provider: row.provider_id,
        url: row.url,
        taking_part: row.taking_part,
        topics: lists.topics,
        themes: lists.themes,
        mat_standards: lists.standards,
        level: row.level,
        audience: row.audience,
        delivery: row.delivery,
        minutes: row.minutes,
        cost: row.cost,
        cost_pence: row.cost_pence,
        scqf_level: row.scqf_level,
        scqf_credit: row.scqf_credit,
        language: row.language,
        area: row.area,
        licence: row.licence,
        validity_months: row.validity_months,
        provenance: row.provenance,
        review_by: row.review_by,
    }
}
