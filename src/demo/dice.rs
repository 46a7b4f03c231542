//! Chance with a seed. Every draw comes from one named generator with our own arithmetic, so the
//! same seed gives the same data whatever the machine.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

#[derive(Debug)]
pub struct Dice(Xoshiro256PlusPlus);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// Evenly from 0 up to, but not including, `end`; 0 when there is nothing to choose from.
    pub fn below(&mut self, end: usize) -> usize {
        let wide = u128::from(self.0.next_u64()) * (end as u128);
        usize::try_from(wide >> 64).unwrap_or_default()
    }

    /// Evenly, both ends included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(usize::try_from(high.saturating_sub(low)).unwrap_or_default() + 1) as u64
    }

    pub fn chance(&mut self, per_thousand: usize) -> bool {
        self.below(1000) < per_thousand
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// By weight; the first when all weigh nothing.
    pub fn weighted<'a, T>(&mut self, from: &'a [(T, usize)]) -> &'a T {
        let mut left = self.below(from.iter().map(|(_, weight)| weight).sum());
        for (choice, weight) in from {
            if left < *weight {
                return choice;
            }
            left -= weight;
        }
        &from[0].0
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }

    /// A version 7 id as of the start of a day.
    pub fn id<T: From<Uuid>>(&mut self, day: NaiveDate) -> T {
        let millis = u64::try_from(at(day).timestamp_millis()).unwrap_or_default();
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&self.0.next_u64().to_le_bytes());
        bytes[8..].copy_from_slice(&self.0.next_u64().to_le_bytes()[..2]);
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid().into()
    }

    /// Between so many days before a date.
    pub fn before(&mut self, date: NaiveDate, least: u64, most: u64) -> NaiveDate {
        date - Days::new(self.between(least, most))
    }
}

/// The instant at which something of that day was recorded.
pub fn at(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same() {
        let throw = |seed| -> Vec<usize> {
            let mut dice = Dice::new(seed);
            (0..20).map(|_| dice.below(1000)).collect()
        };
        assert_eq!(throw(7), throw(7));
        assert_ne!(throw(7), throw(8));
        let day = NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
        let id: Uuid = Dice::new(7).id(day);
        assert_eq!(id, Dice::new(7).id::<Uuid>(day));
        assert_eq!(id.get_version_num(), 7);
    }

    #[test]
    fn draws_stay_in_their_bounds() {
        let mut dice = Dice::new(1);
        assert!((0..500).all(|_| (3..=5).contains(&dice.between(3, 5))));
        assert!((0..100).all(|_| *dice.weighted(&[('a', 0), ('b', 1)]) == 'b'));
        assert_eq!(dice.below(0), 0);
    }
}
