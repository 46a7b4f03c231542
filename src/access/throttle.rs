//! Slowing down guesses at passwords without letting anyone be locked out for good.
//! Counted per account and address together, per address, and per account from addresses that
//! never signed in to it: a stranger who fails on purpose cannot keep out the owner at the usual
//! place, and every count is forgotten after the window.

use chrono::TimeDelta;
use entity::sign_in_throttle::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use crate::base::error::ApiError;
use crate::base::fold::like_escaped;
use crate::state::App;

/// One address may serve a whole office.
const ADDRESS_ALLOWANCE: i32 = 10;
/// Strangers to an account share this many times the failures of one.
const STRANGERS_ALLOWANCE: i32 = 5;
/// How long an address that signed in successfully is known.
const KNOWN_FOR: TimeDelta = TimeDelta::days(30);

/// Who tries to sign in, from where.
#[derive(Clone, Debug)]
pub struct Attempt {
    email: String,
    address: String,
}

impl Attempt {
    /// `email` folded.
    pub fn new(email: &str, address: &str) -> Self {
        Self { email: email.to_owned(), address: address.to_owned() }
    }

    fn pair(&self) -> String {
        format!("pair:{}|{}", self.email, self.address)
    }

    fn known(&self) -> String {
        format!("known:{}|{}", self.email, self.address)
    }

    fn by_address(&self) -> String {
        format!("address:{}", self.address)
    }

    fn by_strangers(&self) -> String {
        format!("strangers:{}", self.email)
    }
}

/// Refuses with 429 while there were too many failures; says nothing of whether the account exists.
pub async fn check(app: &App, attempt: &Attempt) -> Result<(), ApiError> {
    let keys = [attempt.pair(), attempt.by_address(), attempt.by_strangers(), attempt.known()];
    let rows = Entity::find().filter(Column::Key.is_in(keys)).all(&app.db).await?;
    let now = app.clock.now();
    let window = TimeDelta::minutes(i64::from(app.config.sign_in_window_minutes));
    let failures = |key: &str| {
        let live = |row: &&Model| row.key == key && row.window_started_at + window > now;
        rows.iter().find(live).map_or(0, |row| row.failures)
    };
    let known = rows.iter().any(|row| row.key == attempt.known() && row.window_started_at + KNOWN_FOR > now);
    let most = i32::try_from(app.config.sign_in_failures).unwrap_or(i32::MAX);
    let over = failures(&attempt.pair()) >= most
        || failures(&attempt.by_address()) >= most.saturating_mul(ADDRESS_ALLOWANCE)
        || (!known && failures(&attempt.by_strangers()) >= most.saturating_mul(STRANGERS_ALLOWANCE));
    if over {
        return Err(ApiError::new(
            poem::http::StatusCode::TOO_MANY_REQUESTS,
            "too_many_tries",
            format!(
                "There were too many tries to sign in. Please wait {} minutes and try again.",
                app.config.sign_in_window_minutes
            ),
        ));
    }
    Ok(())
}

/// Counts a failure; a window that has passed starts anew.
pub async fn failed(app: &App, attempt: &Attempt) -> Result<(), DbErr> {
    let now = app.clock.now();
    let window = TimeDelta::minutes(i64::from(app.config.sign_in_window_minutes));
    for key in [attempt.pair(), attempt.by_address(), attempt.by_strangers()] {
        let passed = Expr::col((Entity, Column::WindowStartedAt)).lte(now - window);
        let failures = Expr::case(passed.clone(), 1).finally(Expr::col((Entity, Column::Failures)).add(1));
        let started = Expr::case(passed, now).finally(Expr::col((Entity, Column::WindowStartedAt)));
        let first = ActiveModel { key: Set(key), failures: Set(1), window_started_at: Set(now) };
        Entity::insert(first)
            .on_conflict(
                OnConflict::column(Column::Key)
                    .value(Column::Failures, failures)
                    .value(Column::WindowStartedAt, started)
                    .to_owned(),
            )
            .exec_without_returning(&app.db)
            .await?;
    }
    Ok(())
}

/// Forgets the failures of this pair and remembers the address as known to the account.
pub async fn succeeded<C: ConnectionTrait>(app: &App, db: &C, attempt: &Attempt) -> Result<(), DbErr> {
    Entity::delete_by_id(attempt.pair()).exec(db).await?;
    let known = ActiveModel { key: Set(attempt.known()), failures: Set(0), window_started_at: Set(app.clock.now()) };
    Entity::insert(known)
        .on_conflict(OnConflict::column(Column::Key).update_column(Column::WindowStartedAt).to_owned())
        .exec_without_returning(db)
        .await
        .map(|_| ())
}

/// Forgets the failures of an account whose password was made anew; `email` folded.
pub async fn forgive<C: ConnectionTrait>(db: &C, email: &str) -> Result<(), DbErr> {
    let pairs = LikeExpr::new(format!("pair:{}|%", like_escaped(email))).escape('\\');
    let theirs = Condition::any().add(Column::Key.like(pairs)).add(Column::Key.eq(format!("strangers:{email}")));
    Entity::delete_many().filter(theirs).exec(db).await.map(|_| ())
}

/// Forgets what no longer counts.
pub async fn sweep(app: &App) -> Result<u64, DbErr> {
    let before = app.clock.now() - KNOWN_FOR;
    Entity::delete_many().filter(Column::WindowStartedAt.lte(before)).exec(&app.db).await.map(|done| done.rows_affected)
}
