//! Slowing down guesses at passwords without letting anyone be locked out by others.
//!
//! A try is counted before the password is looked at, and taken back when it was right: guesses at the
//! same time cannot all pass. Counted per account and place, per place, and per account from places
//! that never signed in to it. A place is an address or a device: one that has signed in to this
//! account is known and is held up by its own failures alone, whatever others do to the account or
//! behind the same address. Keys are hashes, so what somebody types is neither kept nor of any length.

use chrono::{DateTime, TimeDelta, Utc};
use entity::sign_in_throttle::{ActiveModel, Column, Entity, Model};
use entity::value::SecurityKind;
use poem::http::StatusCode;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::events::{self, Event};
use crate::base::error::ApiError;
use crate::base::hash::sha256;
use crate::state::App;

/// One address may serve a whole office.
const ADDRESS_ALLOWANCE: i32 = 10;
/// Strangers to an account share this many times the failures of one.
const STRANGERS_ALLOWANCE: i32 = 5;
/// How long a place that signed in successfully is known.
const KNOWN_FOR: TimeDelta = TimeDelta::days(30);

/// Who tries to sign in, from where.
#[derive(Clone, Debug)]
pub struct Attempt {
    account: String,
    address: String,
    /// As the log shows it
    from: String,
    device: Option<String>,
}

/// A try that was let through and counted.
#[derive(Debug)]
pub struct Counted {
    own: String,
    others: Vec<String>,
}

impl Attempt {
    /// `email` folded; `device` as its cookie says.
    pub fn new(email: &str, address: &str, device: Option<&str>) -> Self {
        let device = device.map(|token| sha256(format!("device {token}")));
        Self { account: sha256(email), address: sha256(format!("address {address}")), from: address.to_owned(), device }
    }

    fn known(&self, place: &str) -> String {
        format!("known:{}:{place}", self.account)
    }

    fn own(&self, place: &str) -> String {
        format!("pair:{}:{place}", self.account)
    }

    fn by_address(&self) -> String {
        format!("address:{}", self.address)
    }

    fn by_strangers(&self) -> String {
        strangers(&self.account)
    }

    pub fn from(&self) -> &str {
        &self.from
    }
}

fn strangers(account: &str) -> String {
    format!("strangers:{account}")
}

/// Counts a try and lets it through, or refuses it with 429; says nothing of whether the account exists.
pub async fn begin(app: &App, attempt: &Attempt) -> Result<Counted, ApiError> {
    let now = app.clock.now();
    let places: Vec<_> = attempt.device.iter().chain([&attempt.address]).collect();
    let keys = places.iter().map(|place| attempt.known(place));
    let standing = Entity::find().filter(Column::Key.is_in(keys)).filter(Column::WindowStartedAt.gt(now - KNOWN_FOR));
    let standing: Vec<_> = standing.all(&app.db).await?.into_iter().map(|row| row.key).collect();
    let known = places.iter().find(|place| standing.contains(&attempt.known(place)));
    let most = i32::try_from(app.config.sign_in_failures).unwrap_or(i32::MAX);
    let own = attempt.own(known.copied().unwrap_or(&attempt.address));
    let mut counts = vec![(own.clone(), most)];
    if known.is_none() {
        counts.push((attempt.by_address(), most.saturating_mul(ADDRESS_ALLOWANCE)));
        counts.push((attempt.by_strangers(), most.saturating_mul(STRANGERS_ALLOWANCE)));
    }
    let mut counted: Vec<String> = Vec::new();
    for (key, most) in counts {
        let row = count(app, &key, now).await?;
        if row.failures > most {
            for key in &counted {
                take_back(&app.db, key).await?;
            }
            if row.failures == most + 1 {
                events::note_alone(app, Event::of(SecurityKind::SignInLocked).from(&attempt.from)).await;
            }
            return Err(refused(&row, window(app), now, key == own));
        }
        counted.push(key);
    }
    let others = counted.split_off(1);
    Ok(Counted { own, others })
}

fn window(app: &App) -> TimeDelta {
    TimeDelta::minutes(i64::from(app.config.sign_in_window_minutes))
}

fn refused(row: &Model, window: TimeDelta, now: DateTime<Utc>, own: bool) -> ApiError {
    let left = row.window_started_at + window - now;
    let minutes = (left.num_seconds() + 59) / 60;
    let wait = if minutes <= 1 { "a minute".to_owned() } else { format!("{minutes} minutes") };
    let detail = if own {
        format!(
            "There were too many tries to sign in. Please wait {wait} and try again. If you no longer know your \
             password, ask whoever looks after accounts for a new one."
        )
    } else {
        format!(
            "There were too many tries to sign in from where you are, perhaps not yours. Please wait {wait}, or use a \
             device or a connection with which you have signed in lately: that is not held up."
        )
    };
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_tries", detail)
}

/// One more, and how many there are now; a window that has passed starts anew.
async fn count(app: &App, key: &str, now: DateTime<Utc>) -> Result<Model, DbErr> {
    let passed = Expr::col((Entity, Column::WindowStartedAt)).lte(now - window(app));
    let failures = Expr::case(passed.clone(), 1).finally(Expr::col((Entity, Column::Failures)).add(1));
    let started = Expr::case(passed, now).finally(Expr::col((Entity, Column::WindowStartedAt)));
    let first = ActiveModel { key: Set(key.to_owned()), failures: Set(1), window_started_at: Set(now) };
    Entity::insert(first)
        .on_conflict(
            OnConflict::column(Column::Key)
                .value(Column::Failures, failures)
                .value(Column::WindowStartedAt, started)
                .to_owned(),
        )
        .exec_with_returning(&app.db)
        .await
}

async fn take_back<C: ConnectionTrait>(db: &C, key: &str) -> Result<(), DbErr> {
    let less = Expr::col(Column::Failures).sub(1);
    let row = Entity::update_many().col_expr(Column::Failures, less).filter(Column::Key.eq(key));
    row.filter(Column::Failures.gt(0)).exec(db).await.map(|_| ())
}

/// Forgets the failures of this account and place, takes the try back from the other counts, and
/// remembers address and device as known to the account.
pub async fn succeeded<C: ConnectionTrait>(
    app: &App,
    db: &C,
    attempt: &Attempt,
    counted: &Counted,
    device: Option<&str>,
) -> Result<(), DbErr> {
    Entity::delete_by_id(counted.own.clone()).exec(db).await?;
    for key in &counted.others {
        take_back(db, key).await?;
    }
    let device = device.map(|token| sha256(format!("device {token}")));
    for place in device.iter().chain([&attempt.address]) {
        let known =
            ActiveModel { key: Set(attempt.known(place)), failures: Set(0), window_started_at: Set(app.clock.now()) };
        Entity::insert(known)
            .on_conflict(OnConflict::column(Column::Key).update_column(Column::WindowStartedAt).to_owned())
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// Forgets the failures of an account whose password was made anew; `email` folded.
pub async fn forgive<C: ConnectionTrait>(db: &C, email: &str) -> Result<(), DbErr> {
    let account = sha256(email);
    let pairs = Column::Key.starts_with(format!("pair:{account}:"));
    let theirs = Condition::any().add(pairs).add(Column::Key.eq(strangers(&account)));
    Entity::delete_many().filter(theirs).exec(db).await.map(|_| ())
}

/// Forgets what no longer counts: failures after their window, known places after a month.
pub async fn sweep(app: &App) -> Result<u64, DbErr> {
    let now = app.clock.now();
    let known = Column::Key.starts_with("known:");
    let old = |before| Column::WindowStartedAt.lte(before);
    let gone = Condition::any()
        .add(Condition::all().add(known.clone()).add(old(now - KNOWN_FOR)))
        .add(Condition::all().add(known.not()).add(old(now - window(app))));
    Entity::delete_many().filter(gone).exec(&app.db).await.map(|done| done.rows_affected)
}
