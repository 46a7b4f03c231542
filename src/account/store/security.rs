//! Queries of the security log.

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::{AccountId, SecurityEventId};
use entity::value::SecurityKind;
use entity::{role_grant, security_event};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::access::{AdminScope, OrgScope};

/// A place in the list, latest first.
pub type Key = (DateTime<Utc>, SecurityEventId);

/// How long a role that was taken away is still told of.
const LATELY: TimeDelta = TimeDelta::days(90);

pub async fn events<C: ConnectionTrait>(
    db: &C,
    _: &AdminScope,
    (kind, account): (Option<SecurityKind>, Option<AccountId>),
    before: Option<Key>,
    limit: u64,
) -> Result<Vec<security_event::Model>, DbErr> {
    use security_event::Column::{AccountId as Account, At, ById, Id, Kind};
    let mut rows = security_event::Entity::find();
    if let Some(kind) = kind {
        rows = rows.filter(Kind.eq(kind));
    }
    if let Some(account) = account {
        rows = rows.filter(Condition::any().add(Account.eq(account)).add(ById.eq(account)));
    }
    if let Some((at, id)) = before {
        let level = Condition::all().add(At.eq(at)).add(Id.lt(id));
        rows = rows.filter(Condition::any().add(At.lt(at)).add(level));
    }
    rows.order_by_desc(At).order_by_desc(Id).limit(limit).all(db).await
}

/// Roles of the scope's organisation whose holder granted them.
pub async fn self_granted<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    now: DateTime<Utc>,
) -> Result<Vec<role_grant::Model>, DbErr> {
    use role_grant::Column::{AccountId as Account, GrantedAt, GrantedBy, OrganisationId, RevokedAt};
    let rows = role_grant::Entity::find()
        .filter(OrganisationId.eq(scope.organisation()))
        .filter(Expr::col(GrantedBy).eq(Expr::col(Account)))
        .filter(Condition::any().add(RevokedAt.is_null()).add(RevokedAt.gt(now - LATELY)));
    rows.order_by_desc(GrantedAt).limit(20).all(db).await
}
