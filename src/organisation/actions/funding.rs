//! What is funded of a post, from which day on: a change supersedes what was planned from its day,
//! and what was before stays.

use chrono::NaiveDate;
use entity::id::PostId;
use entity::{post, post_establishment};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use crate::organisation::rules::PostFacts;
use crate::organisation::wire::EstablishmentIn;
use crate::state::App;

/// When a post opens on another day, what was funded at first is funded from that day.
pub(super) async fn reopen<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    facts: &PostFacts,
    row: &post::Model,
) -> Result<(), DbErr> {
    let first = facts.funding.iter().filter(|funding| funding.starts_on <= row.opened_on.max(facts.opened_on));
    let Some(first) = first.max_by_key(|funding| funding.starts_on).copied() else { return Ok(()) };
    let later: Vec<_> = facts.funding.iter().filter(|funding| funding.starts_on > first.starts_on).collect();
    let (starts_on, wte_thousandths) = (row.opened_on, first.thousandths);
    fund_from(app, tx, row.id, starts_on.min(facts.opened_on), EstablishmentIn { starts_on, wte_thousandths }).await?;
    for funding in later {
        let new = EstablishmentIn { starts_on: funding.starts_on, wte_thousandths: funding.thousandths };
        fund(app, tx, row.id, new).await?;
    }
    Ok(())
}

pub(super) async fn fund<C: ConnectionTrait>(app: &App, tx: &C, id: PostId, new: EstablishmentIn) -> Result<(), DbErr> {
    fund_from(app, tx, id, new.starts_on, new).await
}

/// Supersedes what was planned `from` a date on, and records the new plan.
async fn fund_from<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    id: PostId,
    from: NaiveDate,
    EstablishmentIn { starts_on, wte_thousandths }: EstablishmentIn,
) -> Result<(), DbErr> {
    use post_establishment::{ActiveModel, Column, Entity};
    let now = app.clock.now();
    Entity::update_many()
        .set(ActiveModel { superseded_at: Set(Some(now)), ..Default::default() })
        .filter(Column::PostId.eq(id))
        .filter(Column::StartsOn.gte(from))
        .filter(Column::SupersededAt.is_null())
        .exec(tx)
        .await?;
    let row = ActiveModel {
        id: Set(app.clock.id()),
        post_id: Set(id),
        starts_on: Set(starts_on),
        wte_thousandths: Set(wte_thousandths),
        recorded_at: Set(now),
        superseded_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx).await.map(|_| ())
}
