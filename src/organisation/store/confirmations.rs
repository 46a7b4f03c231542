//! Queries of the days on which employers said that their figures are right.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::figures_confirmation::{ActiveModel, Column, Entity, Model};
use entity::id::OrganisationId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
};

use crate::base::db::chunk;

/// The newest day of each of these organisations that has confirmed anything.
pub async fn newest<C: ConnectionTrait>(
    db: &C,
    organisations: &[OrganisationId],
) -> Result<HashMap<OrganisationId, NaiveDate>, DbErr> {
    let mut newest = HashMap::new();
    for part in organisations.chunks(chunk(1)) {
        let rows: Vec<(OrganisationId, NaiveDate)> = Entity::find()
            .select_only()
            .column(Column::OrganisationId)
            .column_as(Column::OnDay.max(), "newest")
            .filter(Column::OrganisationId.is_in(part.iter().copied()))
            .group_by(Column::OrganisationId)
            .into_tuple()
            .all(db)
            .await?;
        newest.extend(rows);
    }
    Ok(newest)
}

/// What is known of answers after `since` and up to `until`: those given then, and those given
/// later by employers of whose earlier ones nothing is known.
pub async fn of_period<C: ConnectionTrait>(
    db: &C,
    since: NaiveDate,
    until: NaiveDate,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Model>, DbErr> {
    let then_or_unknown = Condition::any().add(Column::OnDay.lte(until)).add(Column::EarlierUnknown.eq(true));
    let mut rows = Entity::find().filter(Column::OnDay.gt(since)).filter(then_or_unknown);
    if let Some(at) = known_at {
        rows = rows.filter(Column::RecordedAt.lte(at));
    }
    rows.all(db).await
}

/// Keeps a confirmation; a second one on the same day adds nothing.
pub async fn keep<C: ConnectionTrait>(db: &C, row: Model) -> Result<(), DbErr> {
    let once = OnConflict::columns([Column::OrganisationId, Column::OnDay]).do_nothing().to_owned();
    Entity::insert(ActiveModel::from(row).reset_all()).on_conflict(once).exec_without_returning(db).await.map(|_| ())
}
