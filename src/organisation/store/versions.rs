//! Queries of what posts and services were over time. Only what has ever changed has rows.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{AccountId, PostId, ServiceId};
use entity::{post, post_version, service, service_version};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    QueryOrder,
};

use crate::base::clock::Clock;
use crate::base::db::chunk;
use crate::organisation::history::{History, Placing, PostTerms};

/// What stood in the books at that instant; now, when none is given.
pub fn as_known<K: ColumnTrait>(known_at: Option<DateTime<Utc>>, recorded: K, superseded: K) -> Condition {
    match known_at {
        None => Condition::all().add(superseded.is_null()),
        Some(at) => Condition::all().add(recorded.lte(at)).add(superseded.is_null().or(superseded.gt(at))),
    }
}

/// The histories of posts that ever changed: of these, or of all.
pub async fn of_posts<C: ConnectionTrait>(
    db: &C,
    posts: Option<&[PostId]>,
    known_at: Option<DateTime<Utc>>,
) -> Result<HashMap<PostId, History<PostTerms>>, DbErr> {
    use post_version::Column::{PostId, RecordedAt, SupersededAt, ValidFrom};
    let all =
        || post_version::Entity::find().filter(as_known(known_at, RecordedAt, SupersededAt)).order_by_asc(ValidFrom);
    let mut rows = Vec::new();
    match posts {
        None => rows = all().all(db).await?,
        Some(posts) => {
            for part in posts.chunks(chunk(1)) {
                rows.extend(all().filter(PostId.is_in(part.iter().copied())).all(db).await?);
            }
        }
    }
    Ok(histories(rows.into_iter().map(|row| (row.post_id, row.valid_from, post_terms(&row)))))
}

/// The histories of services that ever changed: of these, or of all.
pub async fn of_services<C: ConnectionTrait>(
    db: &C,
    services: Option<&[ServiceId]>,
    known_at: Option<DateTime<Utc>>,
) -> Result<HashMap<ServiceId, History<Placing>>, DbErr> {
    use service_version::Column::{RecordedAt, ServiceId, SupersededAt, ValidFrom};
    let all =
        || service_version::Entity::find().filter(as_known(known_at, RecordedAt, SupersededAt)).order_by_asc(ValidFrom);
    let mut rows = Vec::new();
    match services {
        None => rows = all().all(db).await?,
        Some(services) => {
            for part in services.chunks(chunk(1)) {
                rows.extend(all().filter(ServiceId.is_in(part.iter().copied())).all(db).await?);
            }
        }
    }
    Ok(histories(rows.into_iter().map(|row| (row.service_id, row.valid_from, placing(&row)))))
}

fn histories<K: std::hash::Hash + Eq, T: Clone + PartialEq>(
    rows: impl Iterator<Item = (K, Option<NaiveDate>, T)>,
) -> HashMap<K, History<T>> {
    let mut values: HashMap<K, Vec<(Option<NaiveDate>, T)>> = HashMap::new();
    for (id, from, value) in rows {
        values.entry(id).or_default().push((from, value));
    }
    values.into_iter().filter_map(|(id, values)| Some((id, History::new(values.first()?.1.clone(), values)))).collect()
}

/// The roles of those of these posts that ever changed, each from its day on: what is required of
/// people goes by it.
pub async fn roles<C: ConnectionTrait>(db: &C, posts: &[PostId]) -> Result<HashMap<PostId, History<String>>, DbErr> {
    let changed = of_posts(db, Some(posts), None).await?;
    Ok(changed.into_iter().map(|(post, history)| (post, history.map(|terms| terms.role.clone()))).collect())
}

fn post_terms(row: &post_version::Model) -> PostTerms {
    let post_version::Model { role, peer_role, volunteer, pay_framework, .. } = row.clone();
    PostTerms { role, peer_role, volunteer, pay_framework }
}

fn placing(row: &service_version::Model) -> Placing {
    let service_version::Model { area, service_type, tier, sector, .. } = row.clone();
    Placing { area, service_type, tier, sector }
}

/// Keeps the new history of a post beside what stood; `old` is its row as it was.
pub async fn keep_post<C: ConnectionTrait>(
    tx: &C,
    clock: &Clock,
    by: AccountId,
    old: &post::Model,
    history: &History<PostTerms>,
) -> Result<(), DbErr> {
    use post_version::{ActiveModel, Column, Entity, Model};
    let row = |valid_from, terms: PostTerms, recorded_at, recorded_by| {
        let PostTerms { role, peer_role, volunteer, pay_framework } = terms;
        let (id, post_id, superseded_at) = (clock.id(), old.id, None);
        let row = Model {
            id,
            post_id,
            valid_from,
            role,
            peer_role,
            volunteer,
            pay_framework,
            recorded_at,
            recorded_by,
            superseded_at,
        };
        ActiveModel::from(row).reset_all()
    };
    let mut standing =
        Entity::find().filter(Column::PostId.eq(old.id)).filter(Column::SupersededAt.is_null()).all(tx).await?;
    if standing.is_empty() {
        Entity::insert(row(None, PostTerms::from(old), old.created_at, None)).exec_without_returning(tx).await?;
        standing = Entity::find().filter(Column::PostId.eq(old.id)).all(tx).await?;
    }
    let (now, same) =
        (clock.now(), |row: &Model, from, terms: &PostTerms| row.valid_from == from && post_terms(row) == *terms);
    let gone: Vec<_> = standing
        .iter()
        .filter(|row| !history.values().any(|(from, terms)| same(row, from, terms)))
        .map(|row| row.id)
        .collect();
    let superseded = ActiveModel { superseded_at: Set(Some(now)), ..Default::default() };
    Entity::update_many().set(superseded).filter(Column::Id.is_in(gone)).exec(tx).await?;
    for (from, terms) in history.values().filter(|(from, terms)| !standing.iter().any(|row| same(row, *from, terms))) {
        Entity::insert(row(from, terms.clone(), now, Some(by))).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Keeps the new history of a service beside what stood; `old` is its row as it was.
pub async fn keep_service<C: ConnectionTrait>(
    tx: &C,
    clock: &Clock,
    by: AccountId,
    old: &service::Model,
    history: &History<Placing>,
) -> Result<(), DbErr> {
    use service_version::{ActiveModel, Column, Entity, Model};
    let row = |valid_from, value: Placing, recorded_at, recorded_by| {
        let Placing { area, service_type, tier, sector } = value;
        let (id, service_id, superseded_at) = (clock.id(), old.id, None);
        let row = Model {
            id,
            service_id,
            valid_from,
            area,
            service_type,
            tier,
            sector,
            recorded_at,
            recorded_by,
            superseded_at,
        };
        ActiveModel::from(row).reset_all()
    };
    let mut standing =
        Entity::find().filter(Column::ServiceId.eq(old.id)).filter(Column::SupersededAt.is_null()).all(tx).await?;
    if standing.is_empty() {
        Entity::insert(row(None, Placing::from(old), old.created_at, None)).exec_without_returning(tx).await?;
        standing = Entity::find().filter(Column::ServiceId.eq(old.id)).all(tx).await?;
    }
    let (now, same) =
        (clock.now(), |row: &Model, from, value: &Placing| row.valid_from == from && placing(row) == *value);
    let gone: Vec<_> = standing
        .iter()
        .filter(|row| !history.values().any(|(from, value)| same(row, from, value)))
        .map(|row| row.id)
        .collect();
    let superseded = ActiveModel { superseded_at: Set(Some(now)), ..Default::default() };
    Entity::update_many().set(superseded).filter(Column::Id.is_in(gone)).exec(tx).await?;
    for (from, value) in history.values().filter(|(from, value)| !standing.iter().any(|row| same(row, *from, value))) {
        Entity::insert(row(from, value.clone(), now, Some(by))).exec_without_returning(tx).await?;
    }
    Ok(())
}
