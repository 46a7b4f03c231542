//! Queries of copies of leavers.

use chrono::NaiveDate;
use entity::id::{OrganisationId, PersonId};
use entity::leaver_copy::{ActiveModel, Column, Entity, Model};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Statement};

use crate::access::OrgScope;

/// Somebody who has left an employer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Left {
    pub person_id: PersonId,
    pub organisation_id: OrganisationId,
    pub last_day: NaiveDate,
}

/// Whose last post at an employer has ended, as far as no copy was made.
const LEFT: &str = "SELECT gone.person_id, gone.organisation_id, gone.last_day FROM (\
     SELECT a.person_id, s.organisation_id, MAX(a.ends_on) AS last_day FROM appointment a \
     JOIN post p ON p.id = a.post_id JOIN service s ON s.id = p.service_id WHERE a.superseded_at IS NULL \
     GROUP BY a.person_id, s.organisation_id HAVING COUNT(*) = COUNT(a.ends_on) AND MAX(a.ends_on) < $1\
     ) AS gone WHERE NOT EXISTS (SELECT 1 FROM leaver_copy c WHERE c.person_id = gone.person_id \
     AND c.organisation_id = gone.organisation_id AND c.last_day = gone.last_day) \
     ORDER BY gone.last_day DESC, gone.person_id LIMIT $2";

pub async fn left<C: ConnectionTrait>(db: &C, today: NaiveDate, limit: u32) -> Result<Vec<Left>, DbErr> {
    let values = [today.into(), i64::from(limit).into()];
    Left::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), LEFT, values)).all(db).await
}

/// Keeps a copy, unless there is one of that day.
pub async fn keep<C: ConnectionTrait>(tx: &C, row: Model) -> Result<(), DbErr> {
    let same = Entity::find()
        .filter(Column::PersonId.eq(row.person_id))
        .filter(Column::OrganisationId.eq(row.organisation_id))
        .filter(Column::LastDay.eq(row.last_day));
    if same.one(tx).await?.is_none() {
        Entity::insert(ActiveModel::from(row)).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The copies of a person at an organisation, of the latest last day first.
pub async fn of<C: ConnectionTrait>(db: &C, scope: &OrgScope, person: PersonId) -> Result<Vec<Model>, DbErr> {
    let rows =
        Entity::find().filter(Column::OrganisationId.eq(scope.organisation())).filter(Column::PersonId.eq(person));
    rows.order_by_desc(Column::LastDay).order_by_desc(Column::Id).all(db).await
}
