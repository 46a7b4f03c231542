//! Queries of employers that say somebody works there, seen from that person's side, and of the
//! answers.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{AccountId, OrganisationId, PersonId};
use entity::joining_answer::{ActiveModel, Column, Entity, Model};
use entity::{account, appointment, organisation, organisation_person, post, service};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use super::{at_organisation, not_ended, place};
use crate::people::wire::Placed;

/// An employer's own person who may be somebody with an account.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub person: PersonId,
    pub organisation: organisation::Model,
    /// What runs or is to come at this employer
    pub posts: Vec<Placed>,
}

/// More employers than this name nobody's address at once, but by mistake.
const MOST: u64 = 50;

/// The employers' own people with this address: none that has an account.
pub async fn claimed<C: ConnectionTrait>(db: &C, email_folded: &str, today: NaiveDate) -> Result<Vec<Claimed>, DbErr> {
    use organisation_person::Column as Known;
    let joined = account::Entity::find()
        .select_only()
        .column(account::Column::PersonId)
        .filter(account::Column::PersonId.is_not_null());
    let rows = organisation_person::Entity::find()
        .filter(Known::EmailFolded.eq(email_folded))
        .filter(Known::PersonId.not_in_subquery(joined.into_query()))
        .order_by_asc(Known::PersonId)
        .limit(MOST)
        .all(db)
        .await?;
    let ids: Vec<_> = rows.iter().map(|row| row.organisation_id).collect();
    let organisations = organisation::Entity::find().filter(organisation::Column::Id.is_in(ids)).all(db).await?;
    let organisations: HashMap<_, _> = organisations.into_iter().map(|row| (row.id, row)).collect();
    let appointments = appointment::Entity::find()
        .filter(appointment::Column::PersonId.is_in(rows.iter().map(|row| row.person_id)))
        .filter(appointment::Column::SupersededAt.is_null())
        .filter(not_ended(today))
        .order_by_asc(appointment::Column::StartsOn)
        .order_by_asc(appointment::Column::Id);
    let mut posts: HashMap<(PersonId, OrganisationId), Vec<Placed>> = HashMap::new();
    for placed in place(db, appointments.all(db).await?).await? {
        let of = (placed.appointment.person_id, placed.service.organisation_id);
        posts.entry(of).or_default().push(placed);
    }
    let claimed = rows.into_iter().filter_map(|row| {
        let organisation = organisations.get(&row.organisation_id)?.clone();
        let posts = posts.remove(&(row.person_id, row.organisation_id)).unwrap_or_default();
        Some(Claimed { person: row.person_id, organisation, posts })
    });
    Ok(claimed.collect())
}

/// The answers of an account that stand, newest first.
pub async fn answers<C: ConnectionTrait>(db: &C, account: AccountId) -> Result<Vec<Model>, DbErr> {
    let rows = Entity::find().filter(Column::AccountId.eq(account)).filter(Column::TakenBackAt.is_null());
    rows.order_by_desc(Column::At).order_by_desc(Column::Id).all(db).await
}

/// The standing answers about these employers' people.
pub async fn answered<C: ConnectionTrait>(db: &C, persons: &[PersonId]) -> Result<Vec<Model>, DbErr> {
    let rows =
        Entity::find().filter(Column::PersonId.is_in(persons.iter().copied())).filter(Column::TakenBackAt.is_null());
    rows.all(db).await
}

pub async fn insert<C: ConnectionTrait>(db: &C, answer: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(answer)).exec_without_returning(db).await.map(|_| ())
}

pub async fn take_back<C: ConnectionTrait>(db: &C, answer: &Model, at: DateTime<Utc>) -> Result<(), DbErr> {
    let row = ActiveModel { id: Set(answer.id), taken_back_at: Set(Some(at)), ..Default::default() };
    row.update_without_returning(db).await.map(|_| ())
}

/// Where a person is or was appointed: the standing appointments, everywhere.
pub async fn everywhere<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<Vec<Placed>, DbErr> {
    let rows = appointment::Entity::find()
        .filter(appointment::Column::PersonId.eq(person))
        .filter(appointment::Column::SupersededAt.is_null())
        .order_by_asc(appointment::Column::StartsOn)
        .order_by_asc(appointment::Column::Id);
    place(db, rows.all(db).await?).await
}

/// Whether the person has, or had, anything at this organisation.
pub async fn is_at<C: ConnectionTrait>(db: &C, organisation: OrganisationId, person: PersonId) -> Result<bool, DbErr> {
    let rows = at_organisation(organisation)
        .filter(appointment::Column::PersonId.eq(person))
        .filter(appointment::Column::SupersededAt.is_null());
    Ok(rows.one(db).await?.is_some())
}

/// Whether the person has, or had, anything at another organisation.
pub async fn is_elsewhere<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<bool, DbErr> {
    let here = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .filter(
            post::Column::ServiceId.in_subquery(
                service::Entity::find()
                    .select_only()
                    .column(service::Column::Id)
                    .filter(service::Column::OrganisationId.eq(organisation))
                    .into_query(),
            ),
        )
        .into_query();
    let rows = appointment::Entity::find()
        .filter(appointment::Column::PersonId.eq(person))
        .filter(appointment::Column::PostId.not_in_subquery(here));
    Ok(rows.one(db).await?.is_some())
}

pub async fn organisations<C: ConnectionTrait>(
    db: &C,
    ids: Vec<OrganisationId>,
) -> Result<HashMap<OrganisationId, String>, DbErr> {
    crate::access::names::organisations(db, ids).await
}

/// Links an account to the person that it has become.
pub async fn link<C: ConnectionTrait>(db: &C, account: AccountId, person: PersonId) -> Result<(), DbErr> {
    let row = account::ActiveModel { id: Set(account), person_id: Set(Some(person)), ..Default::default() };
    row.update_without_returning(db).await.map(|_| ())
}
