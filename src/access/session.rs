//! Server-side sessions. The cookie carries a random token; the table keeps only its SHA-256.
//! A session ends after some quiet (idle) and in any case after some days (absolute).

use chrono::TimeDelta;
use entity::id::{AccountId, SessionId};
use entity::{account, role_grant, session};
use poem::http::{HeaderMap, header};
use poem::web::cookie::{Cookie, SameSite};
use rand::RngExt;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IdenStatic,
    Iterable, JoinType, QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait, RelationDef, TryGetError,
};

use super::caller::Caller;
use crate::base::config::Config;
use crate::base::error::ApiError;
use crate::base::hash::{hex, sha256};
use crate::state::App;

/// The session's cookie inside the program; over TLS browsers know it as `__Host-session`.
pub const COOKIE: &str = "session";
/// The browser's, which stays after signing out: guesses of others do not hold up a device that is known.
pub const DEVICE: &str = "device";
/// What browsers call our cookies over TLS: such a name can be set by no other site of the domain.
pub const SECURE_PREFIX: &str = "__Host-";
const DEVICE_DAYS: u32 = 180;

/// How often the time of last use is written at most.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);
const LONGEST_TOKEN: usize = 100;

/// A new random secret: 32 bytes as 64 hexadecimal digits.
pub fn new_token() -> String {
    let bytes: [u8; 32] = rand::rng().random();
    hex(&bytes)
}

/// What is stored of a token.
pub fn hash(token: &str) -> String {
    sha256(token)
}

/// Starts a session and returns its token, which is shown once.
pub async fn start<C: ConnectionTrait>(app: &App, db: &C, account: AccountId) -> Result<String, DbErr> {
    let token = new_token();
    let now = app.clock.now();
    let session = session::ActiveModel {
        id: Set(app.clock.id()),
        token_hash: Set(hash(&token)),
        account_id: Set(account),
        created_at: Set(now),
        last_seen_at: Set(now),
        expires_at: Set(now + TimeDelta::days(i64::from(app.config.session_days))),
    };
    session::Entity::insert(session).exec_without_returning(db).await?;
    Ok(token)
}

pub async fn end<C: ConnectionTrait>(db: &C, id: SessionId) -> Result<(), DbErr> {
    session::Entity::delete_by_id(id).exec(db).await.map(|_| ())
}

/// Ends every session of an account, for instance when its password changes.
pub async fn end_all<C: ConnectionTrait>(db: &C, account: AccountId) -> Result<(), DbErr> {
    session::Entity::delete_many().filter(session::Column::AccountId.eq(account)).exec(db).await.map(|_| ())
}

/// Ends every session of an account but this one.
pub async fn end_others<C: ConnectionTrait>(db: &C, account: AccountId, kept: SessionId) -> Result<(), DbErr> {
    let others = session::Entity::delete_many().filter(session::Column::AccountId.eq(account));
    others.filter(session::Column::Id.ne(kept)).exec(db).await.map(|_| ())
}

/// Forgets sessions that have ended.
pub async fn sweep(app: &App) -> Result<u64, DbErr> {
    let now = app.clock.now();
    let idle = now - TimeDelta::minutes(i64::from(app.config.session_idle_minutes));
    let ended = Condition::any().add(session::Column::ExpiresAt.lte(now)).add(session::Column::LastSeenAt.lte(idle));
    session::Entity::delete_many().filter(ended).exec(&app.db).await.map(|done| done.rows_affected)
}

/// Who holds this token, if the session stands and the account is not disabled. One statement.
pub async fn find(app: &App, token: &str) -> Result<Option<Caller>, ApiError> {
    let now = app.clock.now();
    let rows = lookup(&app.db, token).await?;
    let Some((session, account, _)) = rows.first() else { return Ok(None) };
    let idle = TimeDelta::minutes(i64::from(app.config.session_idle_minutes));
    let ended = session.expires_at <= now || session.last_seen_at + idle <= now;
    if ended || account.disabled_at.is_some() {
        return Ok(None);
    }
    if now - session.last_seen_at >= TOUCH_EVERY {
        // ended from elsewhere meanwhile: then nobody is signed in
        let touch = session::Entity::update_many()
            .col_expr(session::Column::LastSeenAt, Expr::value(now))
            .filter(session::Column::Id.eq(session.id));
        if touch.exec(&app.db).await?.rows_affected == 0 {
            return Ok(None);
        }
    }
    Ok(Some(Caller {
        account: account.id,
        email: account.email.clone(),
        person: account.person_id,
        session: session.id,
        must_change: account.password_must_change,
        grants: rows.into_iter().filter_map(|(_, _, grant)| grant).collect(),
    }))
}

type Row = (session::Model, account::Model, Option<role_grant::Model>);

/// The session with its account and what was granted and stands: a row for each grant.
async fn lookup<C: ConnectionTrait>(db: &C, token: &str) -> Result<Vec<Row>, DbErr> {
    let to_account: RelationDef =
        session::Entity::belongs_to(account::Entity).from(session::Column::AccountId).to(account::Column::Id).into();
    let to_grants: RelationDef = account::Entity::belongs_to(role_grant::Entity)
        .from(account::Column::Id)
        .to(role_grant::Column::AccountId)
        .on_condition(|_, grant| Condition::all().add(Expr::col((grant, role_grant::Column::RevokedAt)).is_null()))
        .into();
    let mut query = session::Entity::find().filter(session::Column::TokenHash.eq(hash(token)));
    query = query.join(JoinType::InnerJoin, to_account).join(JoinType::LeftJoin, to_grants);
    query =
        account::Column::iter().fold(query, |query, column| query.column_as(column, format!("a_{}", column.as_str())));
    query = role_grant::Column::iter()
        .fold(query, |query, column| query.column_as(column, format!("g_{}", column.as_str())));
    let statement = query.order_by_asc(role_grant::Column::Id).build(db.get_database_backend());
    let rows = db.query_all_raw(statement).await?;
    let row = |row: &QueryResult| {
        Ok::<_, DbErr>((
            session::Model::from_query_result(row, "")?,
            account::Model::from_query_result(row, "a_")?,
            granted(row)?,
        ))
    };
    rows.iter().map(row).collect()
}

fn granted(row: &QueryResult) -> Result<Option<role_grant::Model>, DbErr> {
    match role_grant::Model::from_query_result_nullable(row, "g_") {
        Ok(grant) => Ok(Some(grant)),
        Err(TryGetError::Null(_)) => Ok(None),
        Err(TryGetError::DbErr(error)) => Err(error),
    }
}

/// What an account may do.
pub(super) async fn grants<C: ConnectionTrait>(db: &C, account: AccountId) -> Result<Vec<role_grant::Model>, DbErr> {
    role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(account))
        .filter(role_grant::Column::RevokedAt.is_null())
        .order_by_asc(role_grant::Column::Id)
        .all(db)
        .await
}

/// The cookie that carries a session's token; an empty token takes it away.
pub fn cookie(config: &Config, token: &str) -> String {
    named(config, COOKIE, token, config.session_days)
}

/// The cookie by which a device is known again.
pub fn device_cookie(config: &Config, token: &str) -> String {
    named(config, DEVICE, token, DEVICE_DAYS)
}

/// Our cookie of this name among those of a request.
pub fn sent(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).filter(|value| value.len() <= LONGEST_TOKEN)
}

fn named(config: &Config, name: &str, token: &str, days: u32) -> String {
    let name = if config.secure() { format!("{SECURE_PREFIX}{name}") } else { name.to_owned() };
    let mut cookie = Cookie::new_with_str(name, token);
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_path("/");
    cookie.set_secure(config.secure());
    let days = if token.is_empty() { 0 } else { u64::from(days) };
    cookie.set_max_age(std::time::Duration::from_secs(days * 86_400));
    cookie.to_string()
}
