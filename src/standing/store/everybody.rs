//! The whole workforce, in parts that memory bears.

use chrono::NaiveDate;
use entity::appointment;
use entity::id::PersonId;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// The next so many people after one who have a post on the day, in the order of their ids.
pub async fn in_post_after<C: ConnectionTrait>(
    db: &C,
    day: NaiveDate,
    after: PersonId,
    people: u64,
) -> Result<Vec<PersonId>, DbErr> {
    use appointment::Column;
    appointment::Entity::find()
        .select_only()
        .column(Column::PersonId)
        .distinct()
        .filter(Column::SupersededAt.is_null())
        .filter(Column::StartsOn.lte(day))
        .filter(Condition::any().add(Column::EndsOn.is_null()).add(Column::EndsOn.gte(day)))
        .filter(Column::PersonId.gt(after))
        .order_by_asc(Column::PersonId)
        .limit(people)
        .into_tuple()
        .all(db)
        .await
}
