//! Queries of organisations, services and posts. Everything is read under a scope; a manager's
//! scope narrows it to the own services.

pub mod confirmations;
pub mod directory;
pub mod versions;

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::{OrganisationId, PostId, ServiceId};
use entity::{appointment, organisation, post, post_establishment, service, service_area};
use sea_orm::sea_query::{LockType, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationDef, Select,
};

use crate::access::OrgScope;
use crate::base::db::{Snapshot, chunk};
use crate::organisation::history::{History, PostTerms};
use crate::organisation::rules::{Funding, Hold, PostFacts};

fn post_service() -> RelationDef {
    post::Entity::belongs_to(service::Entity).from(post::Column::ServiceId).to(service::Column::Id).into()
}

/// Services that the scope reaches.
pub fn in_reach(scope: &OrgScope) -> Condition {
    let own = Condition::all().add(service::Column::OrganisationId.eq(scope.organisation()));
    match scope.services() {
        Some(services) => own.add(service::Column::Id.is_in(services.iter().copied())),
        None => own,
    }
}

fn posts_under(scope: &OrgScope) -> Select<post::Entity> {
    post::Entity::find().join(JoinType::InnerJoin, post_service()).filter(in_reach(scope))
}

/// Ids of the posts that the scope reaches, as a part of a greater question.
pub fn post_ids(scope: &OrgScope, service: Option<ServiceId>) -> SelectStatement {
    let posts = posts_under(scope).select_only().column(post::Column::Id);
    match service {
        Some(service) => posts.filter(post::Column::ServiceId.eq(service)).into_query(),
        None => posts.into_query(),
    }
}

/// Organisations in reach, in no order: people's order is not a database's.
pub async fn organisations<C: Snapshot>(db: &C, scopes: &[OrgScope]) -> Result<Vec<organisation::Model>, DbErr> {
    let mut all = Vec::new();
    for part in scopes.chunks(chunk(1)) {
        let ids = part.iter().map(OrgScope::organisation);
        all.extend(organisation::Entity::find().filter(organisation::Column::Id.is_in(ids)).all(db).await?);
    }
    all.sort_unstable_by_key(|row| row.id);
    all.dedup_by_key(|row| row.id);
    Ok(all)
}

pub async fn organisation<C: ConnectionTrait>(db: &C, scope: &OrgScope) -> Result<Option<organisation::Model>, DbErr> {
    organisation::Entity::find_by_id(scope.organisation()).one(db).await
}

fn open_services_on(rows: Select<service::Entity>, date: NaiveDate) -> Select<service::Entity> {
    use service::Column::{ClosedOn, OpenedOn};
    rows.filter(OpenedOn.lte(date)).filter(Condition::any().add(ClosedOn.is_null()).add(ClosedOn.gt(date)))
}

/// Services in reach, those open on a date or all; in no order: people's order is not a database's.
pub async fn services<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    open_on: Option<NaiveDate>,
) -> Result<Vec<service::Model>, DbErr> {
    let rows = service::Entity::find().filter(in_reach(scope));
    match open_on {
        Some(date) => open_services_on(rows, date).all(db).await,
        None => rows.all(db).await,
    }
}

pub async fn service<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    id: ServiceId,
) -> Result<Option<service::Model>, DbErr> {
    service::Entity::find_by_id(id).filter(in_reach(scope)).one(db).await
}

/// Further areas that services serve, by service.
pub async fn also_serves<C: ConnectionTrait>(
    db: &C,
    services: &[ServiceId],
) -> Result<HashMap<ServiceId, Vec<String>>, DbErr> {
    let mut areas: HashMap<ServiceId, Vec<String>> = HashMap::new();
    let rows = service_area::Entity::find().filter(service_area::Column::ServiceId.is_in(services.iter().copied()));
    for row in rows.order_by_asc(service_area::Column::Area).all(db).await? {
        areas.entry(row.service_id).or_default().push(row.area);
    }
    Ok(areas)
}

/// Posts with their services, those open on a date or all; in no order.
pub async fn posts<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    service: Option<ServiceId>,
    open_on: Option<NaiveDate>,
) -> Result<Vec<(post::Model, service::Model)>, DbErr> {
    use post::Column::{ClosedOn, OpenedOn};
    let mut rows = posts_under(scope).select_also(service::Entity);
    if let Some(service) = service {
        rows = rows.filter(post::Column::ServiceId.eq(service));
    }
    if let Some(date) = open_on {
        let closed_later = Condition::any().add(ClosedOn.is_null()).add(ClosedOn.gt(date));
        rows = rows.filter(OpenedOn.lte(date)).filter(closed_later);
    }
    let rows = rows.all(db).await?;
    Ok(rows.into_iter().filter_map(|(post, service)| service.map(|service| (post, service))).collect())
}

/// Every post of these services, or of all in reach.
pub async fn posts_of<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    services: Option<&[ServiceId]>,
) -> Result<Vec<post::Model>, DbErr> {
    let mut rows = posts_under(scope);
    if let Some(services) = services {
        rows = rows.filter(post::Column::ServiceId.is_in(services.iter().copied()));
    }
    rows.all(db).await
}

pub async fn post<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    id: PostId,
) -> Result<Option<(post::Model, service::Model)>, DbErr> {
    let found = posts_under(scope).filter(post::Column::Id.eq(id)).select_also(service::Entity).one(db).await?;
    Ok(found.and_then(|(post, service)| service.map(|service| (post, service))))
}

/// Holds the organisation until the transaction ends, against others who hold it.
pub async fn hold<C: ConnectionTrait>(db: &C, id: OrganisationId) -> Result<(), DbErr> {
    organisation::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(db).await.map(|_| ())
}

/// Holds the post until the transaction ends, so that closing it and appointing to it cannot cross,
/// and gives it as it stands now that it is held: what was read before may be of the past.
pub async fn hold_post<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    id: PostId,
) -> Result<Option<(post::Model, service::Model)>, DbErr> {
    post::Entity::find_by_id(id).lock_exclusive().one(db).await?;
    self::post(db, scope, id).await
}

/// Holds the service likewise: adding a post to it, changing and closing it come one after another.
pub async fn hold_service<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    id: ServiceId,
) -> Result<Option<service::Model>, DbErr> {
    service::Entity::find_by_id(id).lock_exclusive().one(db).await?;
    self::service(db, scope, id).await
}

/// What stands of the establishment of posts, nothing superseded, in order of its dates.
pub async fn establishment<C: ConnectionTrait>(
    db: &C,
    posts: &[PostId],
) -> Result<Vec<post_establishment::Model>, DbErr> {
    use post_establishment::Column::{PostId, StartsOn, SupersededAt};
    let mut all = Vec::new();
    for part in posts.chunks(chunk(1)) {
        let rows = post_establishment::Entity::find()
            .filter(PostId.is_in(part.iter().copied()))
            .filter(SupersededAt.is_null())
            .order_by_asc(StartsOn);
        all.extend(rows.all(db).await?);
    }
    Ok(all)
}

/// What is known of posts, in three statements for up to 30,000 of them.
pub async fn facts<C: ConnectionTrait>(db: &C, posts: &[post::Model]) -> Result<HashMap<PostId, PostFacts>, DbErr> {
    let ids: Vec<_> = posts.iter().map(|post| post.id).collect();
    let mut histories = versions::of_posts(db, Some(&ids), None).await?;
    let mut facts: HashMap<_, _> = posts.iter().map(|post| (post.id, bare(post, histories.remove(&post.id)))).collect();
    for row in establishment(db, &ids).await? {
        if let Some(post) = facts.get_mut(&row.post_id) {
            post.funding.push(Funding { starts_on: row.starts_on, thousandths: row.wte_thousandths });
        }
    }
    for part in ids.chunks(chunk(1)) {
        let rows = appointment::Entity::find()
            .filter(appointment::Column::PostId.is_in(part.iter().copied()))
            .filter(appointment::Column::SupersededAt.is_null());
        for row in rows.all(db).await? {
            let appointment::Model { post_id, person_id, starts_on, ends_on, weekly_minutes, .. } = row;
            if let Some(post) = facts.get_mut(&post_id) {
                post.holds.push(Hold { person: person_id, starts_on, ends_on, weekly_minutes });
            }
        }
    }
    Ok(facts)
}

fn bare(post: &post::Model, history: Option<History<PostTerms>>) -> PostFacts {
    PostFacts {
        opened_on: post.opened_on,
        closed_on: post.closed_on,
        terms: history.unwrap_or_else(|| History::of(PostTerms::from(post))),
        funding: Vec::new(),
        holds: Vec::new(),
    }
}
