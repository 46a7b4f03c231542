//! What was published lately and concerns a person: their areas, what is asked of their role.

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{ItemId, PersonId};
use entity::value::{CompletionState, ItemStatus};
use entity::{appointment, completion, item, item_topic, service};
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use crate::base::db::Snapshot;
use crate::standing::store::people::{to_post, to_service};

/// Whom it is for.
#[derive(Debug)]
pub struct Reader<'a> {
    pub person: PersonId,
    /// Modules that are asked of them; nothing is asked of some
    pub asked: &'a [ItemId],
    /// Slugs of the areas that they work in, whatever their kind
    pub areas: &'a [String],
}

/// Councils of the services at which a person has a post on that day.
pub async fn councils<C: Snapshot>(db: &C, person: PersonId, on: NaiveDate) -> Result<Vec<String>, DbErr> {
    let ends = appointment::Column::EndsOn;
    appointment::Entity::find()
        .select_only()
        .column(service::Column::Area)
        .distinct()
        .join(JoinType::InnerJoin, to_post())
        .join(JoinType::InnerJoin, to_service())
        .filter(appointment::Column::SupersededAt.is_null())
        .filter(appointment::Column::PersonId.eq(person))
        .filter(appointment::Column::StartsOn.lte(on))
        .filter(Condition::any().add(ends.is_null()).add(ends.gte(on)))
        .into_tuple()
        .all(db)
        .await
}

/// Published since, newest first: for everywhere or for the reader's areas, sharing a topic with
/// what is asked of them, and neither asked already nor on their record.
pub async fn items<C: Snapshot>(
    db: &C,
    reader: &Reader<'_>,
    since: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<item::Model>, DbErr> {
    use item::Column;
    let Reader { person, asked, areas } = reader;
    let held = completion::Entity::find()
        .select_only()
        .column(completion::Column::ItemId)
        .filter(completion::Column::PersonId.eq(*person))
        .filter(completion::Column::State.eq(CompletionState::Live))
        .into_query();
    let here = Condition::any().add(Column::Area.is_null()).add(Column::Area.is_in(areas.iter()));
    let mut query = item::Entity::find()
        .filter(Column::Status.eq(ItemStatus::Published))
        .filter(Column::PublishedAt.gte(since))
        .filter(here)
        .filter(Column::Id.not_in_subquery(held));
    if !asked.is_empty() {
        let topics = item_topic::Entity::find()
            .select_only()
            .column(item_topic::Column::Topic)
            .filter(item_topic::Column::ItemId.is_in(asked.iter().copied()))
            .into_query();
        let alike = item_topic::Entity::find()
            .select_only()
            .column(item_topic::Column::ItemId)
            .filter(item_topic::Column::Topic.in_subquery(topics))
            .into_query();
        query = query.filter(Column::Id.is_not_in(asked.iter().copied())).filter(Column::Id.in_subquery(alike));
    }
    query.order_by_desc(Column::PublishedAt).order_by_desc(Column::Id).limit(limit).all(db).await
}
