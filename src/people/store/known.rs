//! How each organisation knows its people: its own spelling of the name and the address that it
//! was given. The person's own name stands where an organisation has written nothing.

use std::collections::HashMap;

use entity::id::{OrganisationId, PersonId};
use entity::organisation_person::{ActiveModel, Column, Entity, Model};
use entity::{account, person};
use sea_orm::sea_query::{Expr, ExprTrait, Func, IntoCondition, OnConflict, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect,
    RelationDef, Select,
};

use crate::base::clock::Clock;
use crate::base::contact::name_folded;
use crate::base::db::chunk;
use crate::base::fold;
use crate::people::known::Known;

/// Persons beside what the organisation wrote of them.
pub fn people(organisation: OrganisationId) -> Select<person::Entity> {
    let written: RelationDef = person::Entity::belongs_to(Entity)
        .from(person::Column::Id)
        .to(Column::PersonId)
        .on_condition(move |_, right| Expr::col((right, Column::OrganisationId)).eq(organisation).into_condition())
        .into();
    person::Entity::find().join(JoinType::LeftJoin, written)
}

fn either(written: Column, own: person::Column) -> SimpleExpr {
    let columns: [SimpleExpr; 2] = [Expr::col(written.as_column_ref()), Expr::col(own.as_column_ref())];
    Func::coalesce(columns).into()
}

/// The name in whose order the organisation's lists are, and by which it is looked for.
pub fn folded() -> SimpleExpr {
    either(Column::NameFolded, person::Column::NameFolded)
}

/// The folded names of persons, in no order.
pub async fn names<C: ConnectionTrait>(
    db: &C,
    people: Select<person::Entity>,
) -> Result<Vec<(PersonId, String)>, DbErr> {
    people.select_only().column(person::Column::Id).expr_as(folded(), "folded").into_tuple().all(db).await
}

type Row = (PersonId, String, String, String, Option<String>, Option<i32>);

pub async fn read<C: ConnectionTrait>(db: &C, people: Select<person::Entity>) -> Result<Vec<Known>, DbErr> {
    let rows: Vec<Row> = people
        .select_only()
        .column(person::Column::Id)
        .expr_as(either(Column::GivenName, person::Column::GivenName), "given")
        .expr_as(either(Column::FamilyName, person::Column::FamilyName), "family")
        .expr_as(folded(), "folded")
        .column(Column::Email)
        .column(Column::Version)
        .into_tuple()
        .all(db)
        .await?;
    let known = |(id, given_name, family_name, name_folded, email, version): Row| Known {
        id,
        given_name,
        family_name,
        name_folded,
        email: email.filter(|email| !email.is_empty()),
        version: version.unwrap_or(1),
    };
    Ok(rows.into_iter().map(known).collect())
}

/// Writes how the organisation knows somebody, over what it wrote before.
pub async fn write<C: ConnectionTrait>(
    db: &C,
    clock: &Clock,
    organisation: OrganisationId,
    known: &Known,
) -> Result<(), DbErr> {
    let email = known.email.clone().unwrap_or_default();
    let row = ActiveModel {
        id: Set(clock.id()),
        organisation_id: Set(organisation),
        person_id: Set(known.id),
        name_folded: Set(name_folded(&known.given_name, &known.family_name)),
        given_name: Set(known.given_name.clone()),
        family_name: Set(known.family_name.clone()),
        email_folded: Set(fold::email(&email)),
        email: Set(email),
        version: Set(known.version),
    };
    let columns = [
        Column::GivenName,
        Column::FamilyName,
        Column::NameFolded,
        Column::Email,
        Column::EmailFolded,
        Column::Version,
    ];
    let over = OnConflict::columns([Column::OrganisationId, Column::PersonId]).update_columns(columns).to_owned();
    Entity::insert(row).on_conflict(over).exec_without_returning(db).await.map(|_| ())
}

/// What the organisation wrote of a person, if it wrote anything.
pub async fn written<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Option<Model>, DbErr> {
    let rows = Entity::find().filter(Column::OrganisationId.eq(organisation)).filter(Column::PersonId.eq(person));
    rows.one(db).await
}

pub async fn forget<C: ConnectionTrait>(db: &C, organisation: OrganisationId, person: PersonId) -> Result<(), DbErr> {
    let rows =
        Entity::delete_many().filter(Column::OrganisationId.eq(organisation)).filter(Column::PersonId.eq(person));
    rows.exec(db).await.map(|_| ())
}

/// How the organisation spells the names of these people, where it wrote them.
pub async fn spellings<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Model>, DbErr> {
    let mut all = HashMap::new();
    for part in persons.chunks(chunk(1)) {
        let rows = Entity::find()
            .filter(Column::OrganisationId.eq(organisation))
            .filter(Column::PersonId.is_in(part.iter().copied()));
        all.extend(rows.all(db).await?.into_iter().map(|row| (row.person_id, row)));
    }
    Ok(all)
}

/// How the organisation spells all names that it wrote.
pub async fn all_spellings<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
) -> Result<HashMap<PersonId, Model>, DbErr> {
    let rows = Entity::find().filter(Column::OrganisationId.eq(organisation)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.person_id, row)).collect())
}

/// Which of these persons have an account of their own.
pub async fn with_account<C: ConnectionTrait>(db: &C, persons: &[PersonId]) -> Result<Vec<PersonId>, DbErr> {
    let rows = account::Entity::find()
        .select_only()
        .column(account::Column::PersonId)
        .filter(account::Column::PersonId.is_in(persons.iter().copied()));
    let rows: Vec<Option<PersonId>> = rows.into_tuple().all(db).await?;
    Ok(rows.into_iter().flatten().collect())
}
