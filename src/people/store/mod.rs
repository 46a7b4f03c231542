//! Queries of persons and appointments. Persons are found only through an appointment that the
//! scope reaches; only what is not superseded counts.

pub mod joining;
pub mod known;
pub mod moving;

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::{AppointmentId, OrganisationId, PersonId, PostId, ServiceId};
use entity::{appointment, person, post, service};
use sea_orm::sea_query::{ExprTrait, LikeExpr, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationDef, Select,
};

use super::rules::Span;
use super::rules::hours::Stretch;
use super::wire::{Placed, Presence};
use crate::access::OrgScope;
use crate::base::db::Snapshot;
use crate::base::fold::like_anywhere;
use crate::base::order;
use crate::organisation::history::{History, PostTerms};
use crate::organisation::store::{post_ids, versions};
use crate::people::known::Known;

/// A place in the list of people.
pub type PersonKey = (String, PersonId);

/// Which people are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub presence: Presence,
    /// Each must be found in the name
    pub words: Vec<String>,
    pub service: Option<ServiceId>,
    pub post: Option<PostId>,
}

fn live(scope: &OrgScope, service: Option<ServiceId>) -> Select<appointment::Entity> {
    appointment::Entity::find()
        .filter(appointment::Column::SupersededAt.is_null())
        .filter(appointment::Column::PostId.in_subquery(post_ids(scope, service)))
}

fn not_ended(today: NaiveDate) -> Condition {
    Condition::any().add(appointment::Column::EndsOn.is_null()).add(appointment::Column::EndsOn.gte(today))
}

fn persons_of(appointments: Select<appointment::Entity>) -> SelectStatement {
    appointments.select_only().column(appointment::Column::PersonId).into_query()
}

fn persons(scope: &OrgScope, wanted: &Wanted, today: NaiveDate) -> Select<person::Entity> {
    let appointed = || {
        let rows = live(scope, wanted.service);
        match wanted.post {
            Some(post) => rows.filter(appointment::Column::PostId.eq(post)),
            None => rows,
        }
    };
    let staying = || persons_of(appointed().filter(not_ended(today)));
    let mut rows = known::people(scope.organisation());
    rows = match wanted.presence {
        Presence::Current => rows.filter(person::Column::Id.in_subquery(staying())),
        Presence::All => rows.filter(person::Column::Id.in_subquery(persons_of(appointed()))),
        Presence::Former => rows
            .filter(person::Column::Id.in_subquery(persons_of(appointed())))
            .filter(person::Column::Id.not_in_subquery(staying())),
    };
    for word in &wanted.words {
        rows = rows.filter(known::folded().like(LikeExpr::new(like_anywhere(word)).escape('\\')));
    }
    rows
}

/// A page of persons in the order of the names that this organisation knows them by, one more than
/// asked for when there are more, and how many there are in all. People's order is not a
/// database's: names are read whole and put in order here.
pub async fn list<C: Snapshot>(
    db: &C,
    scope: &OrgScope,
    wanted: &Wanted,
    today: NaiveDate,
    after: Option<PersonKey>,
    limit: u64,
) -> Result<(Vec<Known>, u64), DbErr> {
    let named = known::names(db, persons(scope, wanted, today)).await?;
    let total = u64::try_from(named.len()).unwrap_or(u64::MAX);
    let mut keys: Vec<PersonKey> = named.into_iter().map(|(id, name)| (order::key(&name), id)).collect();
    keys.retain(|key| after.as_ref().is_none_or(|after| after < key));
    keys.sort_unstable();
    keys.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let ids = keys.iter().map(|(_, id)| *id);
    let rows = known::people(scope.organisation()).filter(person::Column::Id.is_in(ids));
    let mut rows: HashMap<_, _> = known::read(db, rows).await?.into_iter().map(|row| (row.id, row)).collect();
    Ok((keys.iter().filter_map(|(_, id)| rows.remove(id)).collect(), total))
}

/// A person's place in the list.
pub fn key(row: &Known) -> PersonKey {
    (order::key(&row.name_folded), row.id)
}

/// A person who is or was appointed within the scope's reach.
pub async fn person<C: ConnectionTrait>(db: &C, scope: &OrgScope, id: PersonId) -> Result<Option<Known>, DbErr> {
    let rows = known::people(scope.organisation())
        .filter(person::Column::Id.eq(id))
        .filter(person::Column::Id.in_subquery(persons_of(live(scope, None))));
    Ok(known::read(db, rows).await?.pop())
}

/// Everybody who is or was here.
pub async fn everybody<C: ConnectionTrait>(db: &C, scope: &OrgScope) -> Result<Vec<Known>, DbErr> {
    let here = person::Column::Id.in_subquery(persons_of(live(scope, None)));
    known::read(db, known::people(scope.organisation()).filter(here).order_by_asc(person::Column::Id)).await
}

/// A person held until the transaction ends, as they then stand: so that what is decided about
/// them still holds when it is written.
pub async fn held<C: ConnectionTrait>(db: &C, scope: &OrgScope, id: PersonId) -> Result<Option<Known>, DbErr> {
    hold(db, id).await?;
    person(db, scope, id).await
}

/// Holds the person until the transaction ends, so that two appointments cannot cross.
pub async fn hold<C: ConnectionTrait>(db: &C, id: PersonId) -> Result<(), DbErr> {
    person::Entity::find_by_id(id).lock_exclusive().one(db).await.map(|_| ())
}

/// The appointments of these persons that the scope reaches, by person.
pub async fn appointments<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Vec<Placed>>, DbErr> {
    let rows = live(scope, None).filter(appointment::Column::PersonId.is_in(persons.iter().copied())).all(db).await?;
    let mut by_person: HashMap<PersonId, Vec<Placed>> = HashMap::new();
    for placed in place(db, rows).await? {
        by_person.entry(placed.appointment.person_id).or_default().push(placed);
    }
    Ok(by_person)
}

/// Appointments with their posts and services.
pub async fn place<C: ConnectionTrait>(db: &C, rows: Vec<appointment::Model>) -> Result<Vec<Placed>, DbErr> {
    let posts = post::Entity::find().filter(post::Column::Id.is_in(rows.iter().map(|row| row.post_id)));
    let posts: HashMap<_, _> = posts.all(db).await?.into_iter().map(|post| (post.id, post)).collect();
    let services =
        service::Entity::find().filter(service::Column::Id.is_in(posts.values().map(|post| post.service_id)));
    let services: HashMap<_, _> = services.all(db).await?.into_iter().map(|service| (service.id, service)).collect();
    let ids: Vec<_> = posts.keys().copied().collect();
    let histories = versions::of_posts(db, Some(&ids), None).await?;
    let placed = rows.into_iter().filter_map(|appointment| {
        let post = posts.get(&appointment.post_id).cloned()?;
        let service = services.get(&post.service_id).cloned()?;
        let terms = histories.get(&post.id).cloned().unwrap_or_else(|| History::of(PostTerms::from(&post)));
        Some(Placed { appointment, post, terms, service })
    });
    Ok(placed.collect())
}

/// An appointment of this person within reach, superseded or not.
pub async fn appointment<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    person: PersonId,
    id: AppointmentId,
) -> Result<Option<appointment::Model>, DbErr> {
    appointment::Entity::find_by_id(id)
        .filter(appointment::Column::PersonId.eq(person))
        .filter(appointment::Column::PostId.in_subquery(post_ids(scope, None)))
        .one(db)
        .await
}

/// The person's other stretches at this organisation, whichever services the scope reaches.
pub async fn stretches<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    person: PersonId,
    without: Option<AppointmentId>,
) -> Result<Vec<Stretch>, DbErr> {
    let rows = at_organisation(scope.organisation())
        .filter(appointment::Column::PersonId.eq(person))
        .filter(appointment::Column::SupersededAt.is_null())
        .all(db)
        .await?;
    let others = rows.into_iter().filter(|row| Some(row.id) != without);
    Ok(others
        .map(|row| Stretch {
            post: row.post_id,
            span: Span { starts_on: row.starts_on, ends_on: row.ends_on },
            weekly_minutes: row.weekly_minutes,
        })
        .collect())
}

/// Every appointment to a post of this organisation, superseded or not.
pub fn at_organisation(organisation: OrganisationId) -> Select<appointment::Entity> {
    let posts = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .join(JoinType::InnerJoin, to_service())
        .filter(service::Column::OrganisationId.eq(organisation));
    appointment::Entity::find().filter(appointment::Column::PostId.in_subquery(posts.into_query()))
}

fn to_service() -> RelationDef {
    post::Entity::belongs_to(service::Entity).from(post::Column::ServiceId).to(service::Column::Id).into()
}
