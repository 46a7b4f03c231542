//! The live completions of a whole team, packed by the database into one row a person: with
//! thousands of them, handing over row by row costs more than everything else together.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::completion;
use entity::id::{CompletionId, ItemId, PersonId};
use entity::value::{Assurance, CompletionState, Spelled};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DbBackend, DbErr, EntityTrait, Iterable, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::facts::{Validity, in_reach};
use crate::access::OrgScope;
use crate::base::db::Snapshot;
use crate::learning::rules::valid_through;
use crate::skill::rules::Completed;

/// Of each completion: item as 32 hexadecimal digits, day, fixed expiry or ten spaces, assurance.
const PACKED_SQLITE: &str =
    "group_concat(hex(item_id) || completed_on || coalesce(expires_on, '          ') || assurance, ',')";
const PACKED_POSTGRES: &str = "string_agg(replace(item_id::text, '-', '') || to_char(completed_on, 'YYYY-MM-DD') \
     || coalesce(to_char(expires_on, 'YYYY-MM-DD'), '          ') || assurance, ',')";

/// Live completions of these items, by people with a post in reach on the day. They come without
/// their ids: the matrix shows that something counts, not which.
pub async fn completions<C: Snapshot>(
    db: &C,
    scope: &OrgScope,
    on: NaiveDate,
    validity: &Validity,
) -> Result<HashMap<PersonId, Vec<Completed>>, DbErr> {
    if validity.is_empty() {
        return Ok(HashMap::new());
    }
    let packed = match db.get_database_backend() {
        DbBackend::Postgres => PACKED_POSTGRES,
        _ => PACKED_SQLITE,
    };
    let rows: Vec<(PersonId, String)> = completion::Entity::find()
        .select_only()
        .column(completion::Column::PersonId)
        .expr_as(Expr::cust(packed), "packed")
        .filter(completion::Column::PersonId.in_subquery(in_reach(scope, on)))
        .filter(completion::Column::ItemId.is_in(validity.keys().copied()))
        .filter(completion::Column::State.eq(CompletionState::Live))
        .group_by(completion::Column::PersonId)
        .into_tuple()
        .all(db)
        .await?;
    let of_person = |(person, packed): (PersonId, String)| {
        let done: Option<Vec<_>> = packed.split(',').map(|one| unpack(one, validity)).collect();
        done.map(|done| (person, done)).ok_or_else(|| DbErr::Type(format!("completions of {person}")))
    };
    rows.into_iter().map(of_person).collect()
}

fn unpack(packed: &str, validity: &Validity) -> Option<Completed> {
    let (item, rest) = packed.split_at_checked(32)?;
    let (on, rest) = rest.split_at_checked(10)?;
    let (fixed, assurance) = rest.split_at_checked(10)?;
    let item = ItemId(Uuid::parse_str(item).ok()?);
    let on = date(on)?;
    let fixed = if fixed.trim().is_empty() { None } else { Some(date(fixed)?) };
    Some(Completed {
        id: CompletionId(Uuid::nil()),
        item,
        on,
        through: valid_through(on, validity.get(&item).copied().flatten(), fixed),
        assurance: Assurance::iter().find(|known| known.spelling() == assurance)?,
        state: CompletionState::Live,
    })
}

fn date(text: &str) -> Option<NaiveDate> {
    let year = text.get(0..4)?.parse().ok()?;
    NaiveDate::from_ymd_opt(year, text.get(5..7)?.parse().ok()?, text.get(8..10)?.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_out_again_and_what_was_not_is_refused() {
        let item = ItemId(Uuid::from_u128(7));
        let validity = Validity::from([(item, Some(12))]);
        let found = unpack("000000000000000000000000000000072026-05-01          manager_confirmed", &validity).unwrap();
        assert_eq!((found.item, found.assurance), (item, Assurance::ManagerConfirmed));
        assert_eq!(found.through, NaiveDate::from_ymd_opt(2027, 4, 30));
        let fixed = unpack("000000000000000000000000000000072026-05-012026-12-31provider_issued", &validity).unwrap();
        assert_eq!(fixed.through, NaiveDate::from_ymd_opt(2026, 12, 31));
        for wrong in ["", "7", "000000000000000000000000000000072026-13-01          self_declared"] {
            assert_eq!(unpack(wrong, &validity), None);
        }
        assert_eq!(unpack("000000000000000000000000000000072026-05-01          trusted", &validity), None);
    }
}
