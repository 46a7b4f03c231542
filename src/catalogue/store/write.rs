//! Writing items with their lists, the changes that are attributed and the search outbox.

use chrono::{DateTime, Utc};
use entity::id::ItemId;
use entity::value::ItemStatus;
use entity::{change, item, item_mat_standard, item_theme, item_topic};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
};

use super::terms::{self, Source};
use crate::base::clock::Clock;
use crate::base::db;
use crate::base::fold::fold;
use crate::catalogue::rules::{Content, Theme};

/// The content put over a row; its life stays as it was.
pub fn put(content: &Content, row: &mut item::Model) {
    let Content {
        reference,
        kind,
        title,
        summary,
        description,
        provider,
        url,
        taking_part,
        topics: _,
        themes: _,
        mat_standards: _,
        level,
        audience,
        delivery,
        minutes,
        cost,
        cost_pence,
        scqf_level,
        scqf_credit,
        language,
        area,
        licence,
        validity_months,
        provenance,
        review_by,
    } = content.clone();
    row.title_folded = fold(&title);
    row.taking_part = taking_part;
    (row.reference, row.kind, row.title, row.summary) = (reference, kind, title, summary);
    (row.description, row.provider_id, row.url, row.level) = (description, provider, url, level);
    (row.audience, row.delivery, row.minutes, row.cost) = (audience, delivery, minutes, cost);
    (row.cost_pence, row.scqf_level, row.scqf_credit) = (cost_pence, scqf_level, scqf_credit);
    (row.language, row.area, row.licence) = (language, area, licence);
    (row.validity_months, row.provenance, row.review_by) = (validity_months, provenance, review_by);
}

/// New items with their lists and their first terms.
pub async fn insert<C: ConnectionTrait>(
    tx: &C,
    clock: &Clock,
    items: &[(item::Model, Content)],
    source: &Source,
) -> Result<(), DbErr> {
    for part in items.chunks(db::chunk(30)) {
        let rows = part.iter().map(|(row, _)| row.clone().into_active_model());
        item::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    let written = || items.iter().map(|(row, content)| (row.id, content));
    terms::begin(tx, clock, written(), source).await?;
    insert_lists(tx, written()).await
}

/// Writes a row whose version was raised by one, unless somebody else raised it first.
pub async fn update<C: ConnectionTrait>(tx: &C, row: item::Model) -> Result<bool, DbErr> {
    let (id, version) = (row.id, row.version);
    let done = item::Entity::update_many()
        .set(row.into_active_model().reset_all())
        .filter(item::Column::Id.eq(id))
        .filter(item::Column::Version.eq(version - 1))
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Moves items, whose rows are held, to a status.
pub async fn move_all<C: ConnectionTrait>(
    tx: &C,
    ids: &[ItemId],
    to: ItemStatus,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    use item::Column::{Id, PublishedAt, Status, UpdatedAt, Version};
    for part in ids.chunks(db::chunk(1)) {
        let mut query = item::Entity::update_many()
            .col_expr(Status, Expr::value(to))
            .col_expr(Version, Expr::col(Version).add(1))
            .col_expr(UpdatedAt, Expr::value(at));
        if to == ItemStatus::Published {
            query = query.col_expr(PublishedAt, Expr::value(at));
        }
        query.filter(Id.is_in(part.iter().copied())).exec(tx).await?;
    }
    Ok(())
}

/// Puts the lists of these items in place of those that stand.
pub async fn replace_lists<C: ConnectionTrait>(tx: &C, items: &[(ItemId, &Content)]) -> Result<(), DbErr> {
    for part in items.chunks(db::chunk(1)) {
        let ids: Vec<ItemId> = part.iter().map(|(id, _)| *id).collect();
        item_topic::Entity::delete_many().filter(item_topic::Column::ItemId.is_in(ids.clone())).exec(tx).await?;
        item_theme::Entity::delete_many().filter(item_theme::Column::ItemId.is_in(ids.clone())).exec(tx).await?;
        item_mat_standard::Entity::delete_many().filter(item_mat_standard::Column::ItemId.is_in(ids)).exec(tx).await?;
    }
    insert_lists(tx, items.iter().copied()).await
}

async fn insert_lists<'a, C: ConnectionTrait>(
    tx: &C,
    items: impl Iterator<Item = (ItemId, &'a Content)> + Clone,
) -> Result<(), DbErr> {
    let topics: Vec<_> = items
        .clone()
        .flat_map(|(id, content)| content.topics.iter().map(move |topic| (id, topic.clone())))
        .map(|(item_id, topic)| item_topic::ActiveModel { item_id: Set(item_id), topic: Set(topic) })
        .collect();
    for part in topics.chunks(db::chunk(2)) {
        item_topic::Entity::insert_many(part.to_vec()).exec_without_returning(tx).await?;
    }
    let themes: Vec<_> = items
        .clone()
        .flat_map(|(id, content)| content.themes.iter().map(move |theme| (id, theme.clone())))
        .map(|(item_id, Theme { slug, level })| item_theme::ActiveModel {
            item_id: Set(item_id),
            theme: Set(slug),
            level: Set(level),
        })
        .collect();
    for part in themes.chunks(db::chunk(3)) {
        item_theme::Entity::insert_many(part.to_vec()).exec_without_returning(tx).await?;
    }
    let standards: Vec<_> = items
        .flat_map(|(id, content)| content.mat_standards.iter().map(move |number| (id, *number)))
        .map(|(item_id, number)| item_mat_standard::ActiveModel { item_id: Set(item_id), mat_standard: Set(number) })
        .collect();
    for part in standards.chunks(db::chunk(2)) {
        item_mat_standard::Entity::insert_many(part.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub async fn note_changes<C: ConnectionTrait>(tx: &C, changes: Vec<change::Model>) -> Result<(), DbErr> {
    for part in changes.chunks(db::chunk(7)) {
        let rows = part.iter().cloned().map(IntoActiveModel::into_active_model);
        change::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}
