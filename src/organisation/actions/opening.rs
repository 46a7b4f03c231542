//! Opening a post, and its service where need be, earlier than was entered: somebody was in it by
//! then. Part of the work of whoever appoints them.

use chrono::NaiveDate;
use entity::id::PostId;
use entity::{post, service};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter};
use serde_json::json;

use super::funding::reopen;
use crate::access::{OrgScope, ledger};
use crate::base::error::ApiError;
use crate::organisation::store;
use crate::state::App;

/// Opens both on this day, if they opened later. A post that the scope does not reach is left to
/// whoever reads it next.
pub async fn open_by<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    scope: &OrgScope,
    id: PostId,
    day: NaiveDate,
) -> Result<(), ApiError> {
    let Some((before, _)) = store::post(tx, scope, id).await? else { return Ok(()) };
    // always the service before its posts
    store::hold_service(tx, scope, before.service_id).await?;
    let Some((old, service)) = store::hold_post(tx, scope, id).await? else { return Ok(()) };
    let opened = |was: NaiveDate| json!({ "before": { "opened_on": was }, "after": { "opened_on": day } });
    if day < service.opened_on {
        service::Entity::update_many()
            .set(service::ActiveModel { opened_on: Set(day), ..Default::default() })
            .col_expr(service::Column::Version, Expr::col(service::Column::Version).add(1))
            .filter(service::Column::Id.eq(service.id))
            .exec(tx)
            .await?;
        let subject = ("service", service.id.0);
        ledger::changed(tx, &app.clock, scope.account(), subject, "changed", opened(service.opened_on)).await?;
    }
    if day < old.opened_on {
        let facts = store::facts(tx, std::slice::from_ref(&old)).await?;
        if let Some(facts) = facts.get(&id) {
            reopen(app, tx, facts, &post::Model { opened_on: day, ..old.clone() }).await?;
        }
        post::Entity::update_many()
            .set(post::ActiveModel { opened_on: Set(day), ..Default::default() })
            .col_expr(post::Column::Version, Expr::col(post::Column::Version).add(1))
            .filter(post::Column::Id.eq(id))
            .exec(tx)
            .await?;
        ledger::changed(tx, &app.clock, scope.account(), ("post", id.0), "changed", opened(old.opened_on)).await?;
    }
    Ok(())
}
