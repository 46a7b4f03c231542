//! The search outbox: which items' documents must be renewed. Written with the change itself.

use chrono::{DateTime, Utc};
use entity::id::ItemId;
use entity::search_outbox::{ActiveModel, Entity};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait};

use super::db::{self, Turn};

/// Notes that the search documents of these items must be renewed. Writers take turns, so that the
/// numbers become visible in order and a reader never passes one that is still to come.
pub async fn to_outbox<C: ConnectionTrait>(tx: &C, ids: &[ItemId], now: DateTime<Utc>) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    db::turn(tx, Turn::SearchOutbox).await?;
    for part in ids.chunks(db::chunk(2)) {
        let rows = part.iter().map(|id| ActiveModel { item_id: Set(*id), created_at: Set(now), ..Default::default() });
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}
