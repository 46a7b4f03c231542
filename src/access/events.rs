//! The security log: sign-ins, refusals, roles, passwords, files taken away, as rows that an
//! administrator reads and as lines at `info`. It holds no secret and nothing that somebody typed: an
//! address that was tried may be a password in the wrong box.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use entity::id::AccountId;
use entity::security_event::{ActiveModel, Column, Entity};
use entity::value::{SecurityKind, Spelled};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use crate::base::clock::Clock;
use crate::state::App;

/// How long events are kept.
const KEPT: TimeDelta = TimeDelta::days(365);
/// Longest detail that is kept.
const LONGEST: usize = 300;
/// Events a minute that strangers can cause, from one place and in all: a flood must not fill the disk.
const FROM_ONE: u32 = 20;
const IN_ALL: u32 = 300;

#[derive(Clone, Debug)]
pub struct Event {
    kind: SecurityKind,
    account: Option<AccountId>,
    by: Option<AccountId>,
    address: Option<String>,
    detail: Option<String>,
}

impl Event {
    pub fn of(kind: SecurityKind) -> Self {
        Self { kind, account: None, by: None, address: None, detail: None }
    }

    /// Whom it concerns.
    #[must_use]
    pub fn account(self, account: impl Into<Option<AccountId>>) -> Self {
        Self { account: account.into(), ..self }
    }

    /// Who did it; nobody is the command line.
    #[must_use]
    pub fn by(self, by: Option<AccountId>) -> Self {
        Self { by, ..self }
    }

    #[must_use]
    pub fn from(self, address: &str) -> Self {
        Self { address: Some(address.to_owned()).filter(|text| !text.is_empty()), ..self }
    }

    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        let detail: String = detail.into();
        let detail = detail.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        Self { detail: Some(detail), ..self }
    }
}

/// Writes an event, in the transaction that it belongs to.
pub async fn note<C: ConnectionTrait>(db: &C, clock: &Clock, event: Event) -> Result<(), DbErr> {
    let Event { kind, account, by, address, detail } = event;
    let shown = |id: Option<AccountId>| id.map(|id| id.to_string()).unwrap_or_default();
    tracing::info!(
        event = kind.spelling(),
        account = shown(account),
        by = shown(by),
        address = address.as_deref().unwrap_or_default(),
        detail = detail.as_deref().unwrap_or_default(),
        "security"
    );
    let row = ActiveModel {
        id: Set(clock.id()),
        at: Set(clock.now()),
        kind: Set(kind),
        account_id: Set(account),
        by_id: Set(by),
        address: Set(address),
        detail: Set(detail),
    };
    Entity::insert(row).exec_without_returning(db).await.map(|_| ())
}

/// Writes what happened without a transaction of its own. What anybody can cause at will is bounded;
/// an answer is not held up by a log that cannot be written.
pub async fn note_alone(app: &App, event: Event) {
    static LATELY: Mutex<Option<Lately>> = Mutex::new(None);
    let who = event.account.map(|id| id.to_string()).or_else(|| event.address.clone()).unwrap_or_default();
    let minute = app.clock.now().timestamp() / 60;
    let room = {
        let mut lately = LATELY.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = lately.get_or_insert_default();
        counts.room(minute, who)
    };
    if !room {
        tracing::debug!(event = event.kind.spelling(), "security event left out: too many within a minute");
        return;
    }
    if let Err(error) = note(&app.db, &app.clock, event).await {
        tracing::warn!(%error, "a security event could not be written");
    }
}

/// What was written within the minute.
#[derive(Debug, Default)]
struct Lately {
    minute: i64,
    all: u32,
    by: HashMap<String, u32>,
}

impl Lately {
    fn room(&mut self, minute: i64, who: String) -> bool {
        if self.minute != minute {
            *self = Self { minute, ..Self::default() };
        }
        if self.all >= IN_ALL {
            return false;
        }
        let count = self.by.entry(who).or_default();
        if *count >= FROM_ONE {
            return false;
        }
        *count += 1;
        self.all += 1;
        true
    }
}

/// Forgets what is older than a year.
pub async fn sweep(app: &App) -> Result<u64, DbErr> {
    let old = Entity::delete_many().filter(Column::At.lte(app.clock.now() - KEPT));
    old.exec(&app.db).await.map(|done| done.rows_affected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_bounded_and_leaves_room_for_others() {
        let mut lately = Lately::default();
        let taken = |lately: &mut Lately, who: &str| (0..100).filter(|_| lately.room(1, who.to_owned())).count();
        assert_eq!(taken(&mut lately, "a"), 20);
        assert_eq!(taken(&mut lately, "b"), 20);
        let all: usize = (0..100).map(|n| taken(&mut lately, &n.to_string())).sum();
        assert_eq!(all, 260);
        assert!(lately.room(2, "a".to_owned()), "the next minute begins anew");
    }
}
