//! What belongs to one person goes over to another, whole. The one list of all tables that name
//! a person: a table that is missing from it fails a test.

use std::collections::BTreeMap;

use entity::id::{CompletionId, OrganisationId, PersonId, PersonMoveId};
use entity::person_move::{ActiveModel, Column, Entity, Model};
use entity::{appointment, completion, evidence, exemption, leaver_copy, requirement};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::{at_organisation, joining};
use crate::base::db::chunk;

/// What happens to the rows of a table when a person's things go over to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// They go over
    Goes,
    /// They say who somebody is, or what was done: they stay
    Stays,
    /// One organisation's own words, seen to apart
    Words,
}

/// Every column that names a person.
pub const TABLES: [(&str, &str, Way); 13] = [
    ("appointment", "person_id", Way::Goes),
    ("exemption", "person_id", Way::Goes),
    ("completion", "person_id", Way::Goes),
    ("evidence", "person_id", Way::Goes),
    ("outside_learning", "person_id", Way::Goes),
    ("access_event", "person_id", Way::Goes),
    ("leaver_copy", "person_id", Way::Goes),
    ("account", "person_id", Way::Stays),
    ("joining_answer", "person_id", Way::Stays),
    ("person_move", "from_person_id", Way::Stays),
    ("person_move", "into_person_id", Way::Stays),
    ("organisation_person", "person_id", Way::Words),
    // kept answers: made anew for both, because their appointments and completions move
    ("requirement_status", "person_id", Way::Stays),
];

/// Ids of rows, by their table.
pub type Rows = BTreeMap<String, Vec<Uuid>>;

/// What would go over when all that an organisation has of a person goes: with everything else
/// when no other organisation has anything of them.
pub async fn rows_of<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
    (from, into): (PersonId, PersonId),
) -> Result<Rows, DbErr> {
    let mut rows = own_rows(db, organisation, from).await?;
    if joining::is_elsewhere(db, organisation, from).await? {
        return Ok(rows);
    }
    let once = twice(db, (from, into)).await?;
    for (table, column, _) in TABLES.into_iter().filter(|(_, _, way)| *way == Way::Goes).skip(1) {
        let query = Query::select().column("id").from(table).and_where(Expr::col(column).eq(from.0)).take();
        let found = db.query_all(&query).await?;
        let ids: Result<Vec<Uuid>, DbErr> = found.into_iter().map(|row| row.try_get_by_index(0)).collect();
        rows.insert(table.to_owned(), ids?);
    }
    let of_those: Vec<Uuid> = evidence::Entity::find()
        .select_only()
        .column(evidence::Column::Id)
        .filter(evidence::Column::CompletionId.is_in(once.iter().copied().map(CompletionId)))
        .into_tuple()
        .all(db)
        .await?;
    for (table, stay) in [("completion", once), ("evidence", of_those)] {
        if let Some(ids) = rows.get_mut(table) {
            ids.retain(|id| !stay.contains(id));
        }
    }
    Ok(rows)
}

/// What is an organisation's own of a person: appointments to its posts, superseded ones too,
/// exemptions from its own requirements, and what it relied on when they left.
pub async fn own_rows<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Rows, DbErr> {
    let here = at_organisation(organisation).filter(appointment::Column::PersonId.eq(person));
    let here: Vec<Uuid> = here.select_only().column(appointment::Column::Id).into_tuple().all(db).await?;
    let exempt = exemptions(db, organisation, person).await?;
    let copies = leaver_copy::Entity::find()
        .select_only()
        .column(leaver_copy::Column::Id)
        .filter(leaver_copy::Column::OrganisationId.eq(organisation))
        .filter(leaver_copy::Column::PersonId.eq(person));
    let copies: Vec<Uuid> = copies.into_tuple().all(db).await?;
    let own = [("appointment", here), ("exemption", exempt), ("leaver_copy", copies)];
    Ok(own.into_iter().map(|(table, ids)| (table.to_owned(), ids)).collect())
}

/// Exemptions from this organisation's own requirements.
async fn exemptions<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Vec<Uuid>, DbErr> {
    let own = requirement::Entity::find()
        .select_only()
        .column(requirement::Column::Id)
        .filter(requirement::Column::OrganisationId.eq(organisation));
    let rows = exemption::Entity::find()
        .select_only()
        .column(exemption::Column::Id)
        .filter(exemption::Column::PersonId.eq(person))
        .filter(exemption::Column::RequirementId.in_subquery(own.into_query()));
    rows.into_tuple().all(db).await
}

/// Completions that both have, of one item on one day: the one that stays counts.
pub async fn twice<C: ConnectionTrait>(db: &C, (from, into): (PersonId, PersonId)) -> Result<Vec<Uuid>, DbErr> {
    let keys: Vec<(CompletionId, Option<String>)> = completion::Entity::find()
        .select_only()
        .columns([completion::Column::Id, completion::Column::LiveKey])
        .filter(completion::Column::PersonId.eq(from))
        .filter(completion::Column::LiveKey.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    let (old, new) = (from.to_string(), into.to_string());
    let theirs = |key: &Option<String>| key.as_ref().map(|key| key.replace(&old, &new));
    let mut both = Vec::new();
    for part in keys.chunks(chunk(1)) {
        let taken: Vec<Option<String>> = completion::Entity::find()
            .select_only()
            .column(completion::Column::LiveKey)
            .filter(completion::Column::LiveKey.is_in(part.iter().filter_map(|(_, key)| theirs(key))))
            .into_tuple()
            .all(db)
            .await?;
        both.extend(part.iter().filter(|(_, key)| taken.contains(&theirs(key))).map(|(id, _)| id.0));
    }
    Ok(both)
}

/// Carries these rows from one person to another; nothing else of them changes.
pub async fn carry<C: ConnectionTrait>(db: &C, rows: &Rows, (from, into): (PersonId, PersonId)) -> Result<(), DbErr> {
    for (table, column, _) in TABLES.into_iter().filter(|(_, _, way)| *way == Way::Goes) {
        let Some(ids) = rows.get(table) else { continue };
        for part in ids.chunks(chunk(1)) {
            let mut update = Query::update();
            update
                .table(table)
                .value(column, into.0)
                .and_where(Expr::col("id").is_in(part.iter().copied()))
                .and_where(Expr::col(column).eq(from.0));
            if table == "completion" {
                // the key under which an item counts once a day names the person
                let key = Expr::cust(format!("'{into}' || substr(live_key, {})", from.to_string().len() + 1));
                update.value("live_key", key);
            }
            db.execute(&update).await?;
        }
    }
    Ok(())
}

/// How many of these rows are no longer the person's.
pub async fn gone<C: ConnectionTrait>(db: &C, rows: &Rows, person: PersonId) -> Result<bool, DbErr> {
    for (table, column, _) in TABLES.into_iter().filter(|(_, _, way)| *way == Way::Goes) {
        let Some(ids) = rows.get(table) else { continue };
        for part in ids.chunks(chunk(1)) {
            let query = Query::select()
                .column("id")
                .from(table)
                .and_where(Expr::col("id").is_in(part.iter().copied()))
                .and_where(Expr::col(column).eq(person.0))
                .take();
            if db.query_all(&query).await?.len() < part.len() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether an appointment that moved was changed since.
pub async fn is_built_on<C: ConnectionTrait>(db: &C, moved: &Model, rows: &Rows) -> Result<bool, DbErr> {
    let Some(ids) = rows.get("appointment") else { return Ok(false) };
    for part in ids.chunks(chunk(1)) {
        let later = appointment::Entity::find()
            .filter(appointment::Column::Id.is_in(part.iter().copied()))
            .filter(appointment::Column::SupersededAt.gt(moved.at));
        if later.one(db).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

pub async fn insert<C: ConnectionTrait>(db: &C, row: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(row)).exec_without_returning(db).await.map(|_| ())
}

/// The newest move into a person at this organisation that was not undone.
pub async fn newest<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
    (from, into): (Option<PersonId>, PersonId),
) -> Result<Option<Model>, DbErr> {
    let mut rows = Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::IntoPersonId.eq(into))
        .filter(Column::UndoneAt.is_null());
    if let Some(from) = from {
        rows = rows.filter(Column::FromPersonId.eq(from));
    }
    rows.order_by_desc(Column::At).order_by_desc(Column::Id).one(db).await
}

/// Every move into a person at this organisation that was not undone, newest first.
pub async fn all_into<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
    into: PersonId,
) -> Result<Vec<Model>, DbErr> {
    let rows = Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::IntoPersonId.eq(into))
        .filter(Column::UndoneAt.is_null());
    rows.order_by_desc(Column::At).order_by_desc(Column::Id).all(db).await
}

/// Where somebody went: an id that an organisation knew leads on.
pub async fn went<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
    from: PersonId,
) -> Result<Option<PersonId>, DbErr> {
    let rows = Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::FromPersonId.eq(from))
        .filter(Column::UndoneAt.is_null());
    Ok(rows.order_by_desc(Column::At).one(db).await?.map(|row| row.into_person_id))
}

pub async fn set_undone<C: ConnectionTrait>(
    db: &C,
    id: PersonMoveId,
    (by, at): (entity::id::AccountId, chrono::DateTime<chrono::Utc>),
) -> Result<(), DbErr> {
    let row = ActiveModel { id: Set(id), undone_at: Set(Some(at)), undone_by: Set(Some(by)), ..Default::default() };
    row.update_without_returning(db).await.map(|_| ())
}
