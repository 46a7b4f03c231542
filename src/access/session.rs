//! Server-side sessions. The cookie carries a random token; the table keeps only its SHA-256.
//! A session ends after some quiet (idle) and in any case after some days (absolute).

use chrono::TimeDelta;
use entity::id::{AccountId, SessionId};
use entity::{account, role_grant, session};
use poem::web::cookie::{Cookie, SameSite};
use rand::RngExt;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    QueryOrder,
};

use super::caller::Caller;
use crate::base::config::Config;
use crate::base::error::ApiError;
use crate::base::hash::{hex, sha256};
use crate::state::App;

/// The cookie's name inside the program; over TLS browsers know it as `__Host-session`.
pub const COOKIE: &str = "session";
pub const SECURE_COOKIE: &str = "__Host-session";

/// How often the time of last use is written at most.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);

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

/// Who holds this token, if the session stands and the account is not disabled.
pub async fn find(app: &App, token: &str) -> Result<Option<Caller>, ApiError> {
    let now = app.clock.now();
    let found = session::Entity::find().filter(session::Column::TokenHash.eq(hash(token))).one(&app.db).await?;
    let Some(session) = found else { return Ok(None) };
    let idle = TimeDelta::minutes(i64::from(app.config.session_idle_minutes));
    if session.expires_at <= now || session.last_seen_at + idle <= now {
        return Ok(None);
    }
    let Some(account) = account::Entity::find_by_id(session.account_id).one(&app.db).await? else { return Ok(None) };
    if account.disabled_at.is_some() {
        return Ok(None);
    }
    let grants = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(account.id))
        .filter(role_grant::Column::RevokedAt.is_null())
        .order_by_asc(role_grant::Column::Id)
        .all(&app.db)
        .await?;
    if now - session.last_seen_at >= TOUCH_EVERY {
        let touched = session::ActiveModel { id: Set(session.id), last_seen_at: Set(now), ..Default::default() };
        touched.update_without_returning(&app.db).await?;
    }
    Ok(Some(Caller {
        account: account.id,
        email: account.email,
        person: account.person_id,
        grants,
        session: session.id,
    }))
}

/// The cookie that carries a token; an empty token takes it away.
pub fn cookie(config: &Config, token: &str) -> String {
    let name = if config.secure() { SECURE_COOKIE } else { COOKIE };
    let mut cookie = Cookie::new_with_str(name, token);
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_path("/");
    cookie.set_secure(config.secure());
    let days = if token.is_empty() { 0 } else { u64::from(config.session_days) };
    cookie.set_max_age(std::time::Duration::from_secs(days * 86_400));
    cookie.to_string()
}
