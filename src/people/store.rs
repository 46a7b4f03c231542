//! Queries of persons and appointments. Persons are found only through an appointment that the
//! scope reaches; only what is not superseded counts.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::{AppointmentId, PersonId, PostId, ServiceId};
use entity::{account, appointment, person, post, service};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};

use super::rules::Span;
use super::wire::{Placed, Presence};
use crate::access::OrgScope;
use crate::base::fold::like_anywhere;
use crate::organisation::store::post_ids;

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
    let mut rows = person::Entity::find();
    rows = match wanted.presence {
        Presence::Current => rows.filter(person::Column::Id.in_subquery(staying())),
        Presence::All => rows.filter(person::Column::Id.in_subquery(persons_of(appointed()))),
        Presence::Former => rows
            .filter(person::Column::Id.in_subquery(persons_of(appointed())))
            .filter(person::Column::Id.not_in_subquery(staying())),
    };
    for word in &wanted.words {
        rows = rows.filter(person::Column::NameFolded.like(LikeExpr::new(like_anywhere(word)).escape('\\')));
    }
    rows
}

/// Persons in the order of their names, and how many there are in all.
pub async fn list<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    wanted: &Wanted,
    today: NaiveDate,
    after: Option<PersonKey>,
    limit: u64,
) -> Result<(Vec<person::Model>, u64), DbErr> {
    use person::Column::{Id, NameFolded};
    let all = persons(scope, wanted, today);
    let total = all.clone().count(db).await?;
    let mut rows = all;
    if let Some((name, id)) = after {
        let level = Condition::all().add(NameFolded.eq(name.clone())).add(Id.gt(id));
        rows = rows.filter(Condition::any().add(NameFolded.gt(name)).add(level));
    }
    Ok((rows.order_by_asc(NameFolded).order_by_asc(Id).limit(limit).all(db).await?, total))
}

/// A person who is or was appointed within the scope's reach.
pub async fn person<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    id: PersonId,
) -> Result<Option<person::Model>, DbErr> {
    person::Entity::find_by_id(id).filter(person::Column::Id.in_subquery(persons_of(live(scope, None)))).one(db).await
}

/// Somebody here who goes by this address.
pub async fn here_by_email<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    email: &str,
) -> Result<Option<person::Model>, DbErr> {
    person::Entity::find()
        .filter(Expr::expr(Func::lower(Expr::col(person::Column::Email))).eq(email))
        .filter(person::Column::Id.in_subquery(persons_of(live(scope, None))))
        .one(db)
        .await
}

/// The person behind an account, when their name is this one. Whoever types an address learns
/// nothing by it that they did not write themselves.
pub async fn by_account<C: ConnectionTrait>(
    db: &C,
    email_folded: &str,
    name_folded: &str,
) -> Result<Option<person::Model>, DbErr> {
    let account = account::Entity::find()
        .filter(account::Column::EmailFolded.eq(email_folded))
        .filter(account::Column::DisabledAt.is_null())
        .one(db)
        .await?;
    let Some(id) = account.and_then(|account| account.person_id) else { return Ok(None) };
    person::Entity::find_by_id(id).filter(person::Column::NameFolded.eq(name_folded)).one(db).await
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
    let posts = post::Entity::find().filter(post::Column::Id.is_in(rows.iter().map(|row| row.post_id)));
    let posts: HashMap<_, _> = posts.all(db).await?.into_iter().map(|post| (post.id, post)).collect();
    let services =
        service::Entity::find().filter(service::Column::Id.is_in(posts.values().map(|post| post.service_id)));
    let services: HashMap<_, _> = services.all(db).await?.into_iter().map(|service| (service.id, service)).collect();
    let mut by_person: HashMap<PersonId, Vec<Placed>> = HashMap::new();
    for appointment in rows {
        let Some(post) = posts.get(&appointment.post_id).cloned() else { continue };
        let Some(service) = services.get(&post.service_id).cloned() else { continue };
        by_person.entry(appointment.person_id).or_default().push(Placed { appointment, post, service });
    }
    Ok(by_person)
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

/// The person's other spans in a post.
pub async fn spans<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    post: PostId,
    without: Option<AppointmentId>,
) -> Result<Vec<Span>, DbErr> {
    let rows = appointment::Entity::find()
        .filter(appointment::Column::PersonId.eq(person))
        .filter(appointment::Column::PostId.eq(post))
        .filter(appointment::Column::SupersededAt.is_null())
        .all(db)
        .await?;
    let others = rows.into_iter().filter(|row| Some(row.id) != without);
    Ok(others.map(|row| Span { starts_on: row.starts_on, ends_on: row.ends_on }).collect())
}
