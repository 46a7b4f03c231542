//! Queries of the access ledger.

use chrono::{DateTime, Utc};
use entity::access_event;
use entity::id::AccessEventId;
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::access::SelfScope;
use crate::base::db::Snapshot;

/// A place in the list, latest first.
pub type Key = (DateTime<Utc>, AccessEventId);

pub async fn events<C: Snapshot>(
    db: &C,
    scope: &SelfScope,
    before: Option<Key>,
    limit: u64,
) -> Result<Vec<access_event::Model>, DbErr> {
    use access_event::Column::{At, Id, PersonId};
    let mut rows = access_event::Entity::find().filter(PersonId.eq(scope.person()));
    if let Some((at, id)) = before {
        let level = Condition::all().add(At.eq(at)).add(Id.lt(id));
        rows = rows.filter(Condition::any().add(At.lt(at)).add(level));
    }
    rows.order_by_desc(At).order_by_desc(Id).limit(limit).all(db).await
}
