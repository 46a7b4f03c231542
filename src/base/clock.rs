//! The only source of "now" and of new ids, so that tests can hold both still.
//! Instants are UTC at microsecond precision (what PostgreSQL keeps); dates are Europe/London.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Europe::London;
use uuid::{NoContext, Timestamp, Uuid};

#[derive(Clone, Debug)]
pub struct Clock(Arc<Source>);

#[derive(Debug)]
enum Source {
    System,
    Fixed { now: Mutex<DateTime<Utc>>, ids: AtomicU64 },
}

impl Clock {
    pub fn system() -> Self {
        Self(Arc::new(Source::System))
    }

    /// A clock that stands at `now` until told otherwise and hands out ids in a known order.
    pub fn fixed(now: DateTime<Utc>) -> Self {
        Self(Arc::new(Source::Fixed { now: Mutex::new(now), ids: AtomicU64::new(1) }))
    }

    pub fn now(&self) -> DateTime<Utc> {
        let now = match &*self.0 {
            Source::System => system_now(),
            Source::Fixed { now, .. } => *now.lock().unwrap_or_else(PoisonError::into_inner),
        };
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }

    /// Today's calendar date in Scotland.
    pub fn today(&self) -> NaiveDate {
        london_date(self.now())
    }

    /// A new id; UUID version 7, so that ids sort by the time they were made.
    pub fn id<T: From<Uuid>>(&self) -> T {
        match &*self.0 {
            Source::System => system_id(),
            Source::Fixed { ids, .. } => {
                let count = ids.fetch_add(1, Ordering::Relaxed);
                let at = self.now().timestamp_millis().unsigned_abs();
                uuid::Builder::from_unix_timestamp_millis(at, &counter_bytes(count)).into_uuid()
            }
        }
        .into()
    }

    /// Moves a fixed clock; a system clock cannot be moved and stays.
    pub fn advance(&self, by: TimeDelta) {
        if let Source::Fixed { now, .. } = &*self.0 {
            *now.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}

/// The Europe/London calendar date of an instant.
pub fn london_date(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&London).date_naive()
}

/// The instant at which a Europe/London calendar date is over.
pub fn over_at(date: NaiveDate) -> DateTime<Utc> {
    let midnight = date.succ_opt().and_then(|next| next.and_hms_opt(0, 0, 0));
    let there = midnight.and_then(|midnight| midnight.and_local_timezone(London).earliest());
    there.map_or(DateTime::<Utc>::MAX_UTC, |there| there.with_timezone(&Utc))
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}

#[expect(clippy::disallowed_methods, reason = "the one place that makes random ids")]
fn system_id() -> Uuid {
    Uuid::new_v7(Timestamp::now(NoContext))
}

fn counter_bytes(count: u64) -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&count.to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn the_date_is_scotlands_not_utcs() {
        let late = Utc.with_ymd_and_hms(2026, 6, 30, 23, 30, 0).unwrap();
        assert_eq!(london_date(late), NaiveDate::from_ymd_opt(2026, 7, 1).unwrap());
        let winter = Utc.with_ymd_and_hms(2026, 12, 31, 23, 30, 0).unwrap();
        assert_eq!(london_date(winter), NaiveDate::from_ymd_opt(2026, 12, 31).unwrap());
        for (day, over) in [("2026-06-30", "2026-06-30T23:00:00Z"), ("2026-12-31", "2027-01-01T00:00:00Z")] {
            assert_eq!(over_at(day.parse().unwrap()), over.parse::<DateTime<Utc>>().unwrap());
        }
    }

    #[test]
    fn ids_of_a_fixed_clock_are_the_same_each_time_and_ascend() {
        let at = Utc.with_ymd_and_hms(2026, 6, 30, 12, 0, 0).unwrap();
        let (one, two) = (Clock::fixed(at), Clock::fixed(at));
        let first: Uuid = one.id();
        assert_eq!(first, two.id::<Uuid>());
        assert!(one.id::<Uuid>() > first);
        assert_eq!(first.get_version_num(), 7);
    }
}
