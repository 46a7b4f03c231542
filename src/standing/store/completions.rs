//! Completions with what they are worth. Those of many people come packed by the database into one
//! row a person: with thousands of them, handing over row by row costs more than everything else
//! together.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use entity::id::{CompletionId, ItemId, OrganisationId, PersonId};
use entity::value::{Assurance, CompletionState, Spelled, Verdict};
use entity::{completion, completion_verdict};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, Iterable, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use status::Completed;
use uuid::Uuid;

use super::Whose;
use super::terms::Worth;
use crate::base::clock::london_date;

/// A person's completions of these items, those that were rejected or withdrawn included.
pub async fn of_person<C: ConnectionTrait>(db: &C, person: PersonId, worth: &Worth) -> Result<Vec<Completed>, DbErr> {
    if worth.is_empty() {
        return Ok(Vec::new());
    }
    let rows = completion::Entity::find()
        .filter(completion::Column::PersonId.eq(person))
        .filter(completion::Column::ItemId.is_in(worth.items()))
        .all(db)
        .await?;
    let mut done: Vec<Completed> = rows.iter().map(|row| completed(row, worth)).collect();
    let refused = refused(db, Some(Whose::One(person))).await?;
    for done in &mut done {
        refused.put_on(done);
    }
    Ok(done)
}

/// Which organisations reject which completions, as far as nobody took it back; they are few.
struct Refused(HashMap<CompletionId, Vec<OrganisationId>>);

impl Refused {
    fn put_on(&self, done: &mut Completed) {
        if let Some(by) = self.0.get(&done.id) {
            done.refused_by.clone_from(by);
        }
    }
}

async fn refused<C: ConnectionTrait>(db: &C, whose: Option<Whose<'_>>) -> Result<Refused, DbErr> {
    use completion_verdict::Column;
    let theirs = whose.map(|whose| {
        let of = completion::Entity::find().select_only().column(completion::Column::Id);
        of.filter(whose.condition(completion::Column::PersonId)).into_query()
    });
    let rows: Vec<(CompletionId, OrganisationId)> = completion_verdict::Entity::find()
        .select_only()
        .columns([Column::CompletionId, Column::OrganisationId])
        .filter(Column::Verdict.eq(Verdict::Rejected))
        .filter(Column::TakenBackAt.is_null())
        .apply_if(theirs, |query, theirs| query.filter(Column::CompletionId.in_subquery(theirs)))
        .into_tuple()
        .all(db)
        .await?;
    let mut by: HashMap<CompletionId, Vec<OrganisationId>> = HashMap::new();
    for (completion, organisation) in rows {
        by.entry(completion).or_default().push(organisation);
    }
    Ok(Refused(by))
}

/// A row with what it is worth.
pub fn completed(row: &completion::Model, worth: &Worth) -> Completed {
    let (through, builds) = worth.of(row.item_id, row.completed_on, row.expires_on);
    Completed {
        id: row.id,
        item: row.item_id,
        on: row.completed_on,
        through,
        assurance: row.assurance,
        state: row.state,
        recorded_on: london_date(row.recorded_at),
        builds,
        refused_by: Vec::new(),
    }
}

/// Of each completion: id and item as 32 hexadecimal digits each, day, fixed expiry or ten spaces,
/// minute of the record in UTC, the state's first letter, assurance.
const PACKED_SQLITE: &str = "group_concat(hex(id) || hex(item_id) || completed_on || coalesce(expires_on, '          ') \
     || substr(recorded_at, 1, 16) || substr(state, 1, 1) || assurance, ',')";
const PACKED_POSTGRES: &str = "string_agg(replace(id::text, '-', '') || replace(item_id::text, '-', '') \
     || to_char(completed_on, 'YYYY-MM-DD') || coalesce(to_char(expires_on, 'YYYY-MM-DD'), '          ') \
     || to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || substr(state, 1, 1) || assurance, ',')";

pub type ByPerson = HashMap<PersonId, Vec<Completed>>;

/// Live completions of these items, by person.
pub async fn live_of<C: ConnectionTrait>(db: &C, whose: Whose<'_>, worth: &Worth) -> Result<ByPerson, DbErr> {
    of_many(db, whose, worth, Some(CompletionState::Live)).await
}

/// Those that were withdrawn or rejected too.
pub async fn all_of<C: ConnectionTrait>(db: &C, whose: Whose<'_>, worth: &Worth) -> Result<ByPerson, DbErr> {
    of_many(db, whose, worth, None).await
}

/// Live completions of the next so many people after one, in the order of their ids: the whole
/// workforce in parts of a size that memory bears. Of those that were recorded by an instant, if one
/// is given.
pub async fn live_after<C: ConnectionTrait>(
    db: &C,
    worth: &Worth,
    after: PersonId,
    people: u64,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<(PersonId, Vec<Completed>)>, DbErr> {
    if worth.is_empty() {
        return Ok(Vec::new());
    }
    let query = packed(db, worth)
        .filter(completion::Column::State.eq(CompletionState::Live))
        .apply_if(known_at, |query, at| query.filter(completion::Column::RecordedAt.lte(at)))
        .filter(completion::Column::PersonId.gt(after))
        .order_by_asc(completion::Column::PersonId)
        .limit(people);
    let refused = refused(db, None).await?;
    unpacked(query.into_tuple().all(db).await?, worth, &refused)
}

async fn of_many<C: ConnectionTrait>(
    db: &C,
    whose: Whose<'_>,
    worth: &Worth,
    state: Option<CompletionState>,
) -> Result<ByPerson, DbErr> {
    if worth.is_empty() {
        return Ok(HashMap::new());
    }
    let query = packed(db, worth)
        .filter(whose.condition(completion::Column::PersonId))
        .apply_if(state, |query, state| query.filter(completion::Column::State.eq(state)));
    let refused = refused(db, Some(whose)).await?;
    Ok(unpacked(query.into_tuple().all(db).await?, worth, &refused)?.into_iter().collect())
}

/// One row a person.
fn packed<C: ConnectionTrait>(db: &C, worth: &Worth) -> Select<completion::Entity> {
    let packed = match db.get_database_backend() {
        DbBackend::Postgres => PACKED_POSTGRES,
        _ => PACKED_SQLITE,
    };
    completion::Entity::find()
        .select_only()
        .column(completion::Column::PersonId)
        .expr_as(Expr::cust(packed), "packed")
        .filter(completion::Column::ItemId.is_in(worth.items()))
        .group_by(completion::Column::PersonId)
}

fn unpacked(
    rows: Vec<(PersonId, String)>,
    worth: &Worth,
    refused: &Refused,
) -> Result<Vec<(PersonId, Vec<Completed>)>, DbErr> {
    let one = |one: &str| {
        let mut done = unpack(one, worth)?;
        refused.put_on(&mut done);
        Some(done)
    };
    let of_person = |(person, packed): (PersonId, String)| {
        let done: Option<Vec<_>> = packed.split(',').map(one).collect();
        done.map(|done| (person, done)).ok_or_else(|| DbErr::Type(format!("completions of {person}")))
    };
    rows.into_iter().map(of_person).collect()
}

fn unpack(packed: &str, worth: &Worth) -> Option<Completed> {
    let (id, rest) = packed.split_at_checked(32)?;
    let (item, rest) = rest.split_at_checked(32)?;
    let (on, rest) = rest.split_at_checked(10)?;
    let (fixed, rest) = rest.split_at_checked(10)?;
    let (recorded, rest) = rest.split_at_checked(16)?;
    let (state, assurance) = rest.split_at_checked(1)?;
    let item = ItemId(Uuid::parse_str(item).ok()?);
    let on = date(on)?;
    let fixed = if fixed.trim().is_empty() { None } else { Some(date(fixed)?) };
    let (through, builds) = worth.of(item, on, fixed);
    Some(Completed {
        id: CompletionId(Uuid::parse_str(id).ok()?),
        item,
        on,
        through,
        assurance: Assurance::iter().find(|known| known.spelling() == assurance)?,
        state: CompletionState::iter().find(|known| known.spelling().starts_with(state))?,
        recorded_on: recorded_on(recorded)?,
        builds,
        refused_by: Vec::new(),
    })
}

fn date(text: &str) -> Option<NaiveDate> {
    let year = text.get(0..4)?.parse().ok()?;
    NaiveDate::from_ymd_opt(year, text.get(5..7)?.parse().ok()?, text.get(8..10)?.parse().ok()?)
}

/// The day in London; only the last hour of a day in UTC can belong to the next one there.
fn recorded_on(text: &str) -> Option<NaiveDate> {
    let day = date(text)?;
    if text.get(11..13)? != "23" {
        return Some(day);
    }
    let instant = Utc.from_utc_datetime(&day.and_hms_opt(23, text.get(14..16)?.parse().ok()?, 0)?);
    Some(london_date(instant))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "00000000000000000000000000000001000000000000000000000000000000072026-05-01";

    #[test]
    fn what_was_packed_comes_out_again_and_what_was_not_is_refused() {
        let worth = Worth::default();
        let unpack = |rest: &str| unpack(&format!("{ONE}{rest}"), &worth);
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let found = unpack("          2026-05-02T10:00lmanager_confirmed").unwrap();
        assert_eq!((found.item, found.assurance), (ItemId(Uuid::from_u128(7)), Assurance::ManagerConfirmed));
        assert_eq!((found.id, found.on, found.through), (CompletionId(Uuid::from_u128(1)), day("2026-05-01"), None));
        assert_eq!(found.recorded_on, day("2026-05-02"));
        let fixed = unpack("2026-12-312026-06-30 23:30wprovider_issued").unwrap();
        assert_eq!((fixed.through, fixed.recorded_on), (Some(day("2026-12-31")), day("2026-07-01")), "summer time");
        assert_eq!(fixed.state, CompletionState::Withdrawn);
        for wrong in ["", "          2026-13-02T10:00lself_declared", "          2026-05-02T10:00ltrusted"] {
            assert_eq!(unpack(wrong), None);
        }
    }
}
