//! What something was over time. A change holds from its day and leaves what was before; a
//! correction rights what was entered wrongly, for as long as it has stood. Pure.

use chrono::NaiveDate;
use entity::{post, service};

/// The first value has held since ever; each later one holds from its day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History<T> {
    first: T,
    later: Vec<(NaiveDate, T)>,
}

impl<T: Clone + PartialEq> History<T> {
    /// Never anything else.
    pub fn of(value: T) -> Self {
        Self { first: value, later: Vec::new() }
    }

    /// Of values with the day from which each held; none for the one since ever. `first` stands
    /// where there is none of those.
    pub fn new(first: T, values: impl IntoIterator<Item = (Option<NaiveDate>, T)>) -> Self {
        let mut history = Self::of(first);
        for (from, value) in values {
            match from {
                None => history.first = value,
                Some(from) => history.later.push((from, value)),
            }
        }
        history.later.sort_by_key(|(from, _)| *from);
        history
    }

    pub fn on(&self, date: NaiveDate) -> &T {
        self.later.iter().rev().find(|(from, _)| *from <= date).map_or(&self.first, |(_, value)| value)
    }

    /// Each value with the day from which it holds, oldest first.
    pub fn values(&self) -> impl Iterator<Item = (Option<NaiveDate>, &T)> {
        [(None, &self.first)].into_iter().chain(self.later.iter().map(|(from, value)| (Some(*from), value)))
    }

    /// Each value with its first and last day; none since ever and for ever.
    pub fn stretches(&self) -> impl Iterator<Item = (Option<NaiveDate>, Option<NaiveDate>, &T)> {
        let ends = self.later.iter().map(|(from, _)| from.pred_opt()).chain([None]);
        self.values().zip(ends).map(|((from, value), last)| (from, last, value))
    }

    /// The days on which it changed.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> {
        self.later.iter().map(|(from, _)| *from)
    }

    /// Something changes from a day on: what was before stays, and what else changed later too.
    #[must_use]
    pub fn changed(&self, from: NaiveDate, change: impl Fn(&mut T)) -> Self {
        let with = |value: &T| {
            let mut value = value.clone();
            change(&mut value);
            value
        };
        let before = self.later.iter().filter(|(day, _)| *day < from).cloned();
        let after = self.later.iter().filter(|(day, _)| from < *day).map(|(day, value)| (*day, with(value)));
        let later = before.chain([(from, with(self.on(from)))]).chain(after).collect();
        Self { first: self.first.clone(), later }.merged()
    }

    /// What stands on a day was entered wrongly: it is righted from its own beginning to its end.
    #[must_use]
    pub fn corrected(&self, on: NaiveDate, change: impl Fn(&mut T)) -> Self {
        let mut righted = self.clone();
        match righted.later.iter_mut().rev().find(|(from, _)| *from <= on) {
            Some((_, value)) => change(value),
            None => change(&mut righted.first),
        }
        righted.merged()
    }

    /// The same history of a part of each value.
    pub fn map<U: Clone + PartialEq>(&self, part: impl Fn(&T) -> U) -> History<U> {
        let later = self.later.iter().map(|(from, value)| (*from, part(value))).collect();
        History { first: part(&self.first), later }.merged()
    }

    /// Values that say the same as the one before them say nothing.
    fn merged(self) -> Self {
        let mut kept = Self::of(self.first);
        for (from, value) in self.later {
            if *kept.later.last().map_or(&kept.first, |(_, last)| last) != value {
                kept.later.push((from, value));
            }
        }
        kept
    }
}

/// What of a post changes from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostTerms {
    pub role: String,
    pub peer_role: bool,
    /// Hours of volunteers are kept, but count neither as establishment nor as in post
    pub volunteer: bool,
    pub pay_framework: String,
}

impl From<&post::Model> for PostTerms {
    fn from(row: &post::Model) -> Self {
        let post::Model { role, peer_role, volunteer, pay_framework, .. } = row.clone();
        Self { role, peer_role, volunteer, pay_framework }
    }
}

/// What of a service changes from a day on: by this it is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placing {
    pub area: String,
    pub service_type: String,
    pub tier: String,
    pub sector: String,
}

impl From<&service::Model> for Placing {
    fn from(row: &service::Model) -> Self {
        let service::Model { area, service_type, tier, sector, .. } = row.clone();
        Self { area, service_type, tier, sector }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: i64) -> NaiveDate {
        "2024-01-01".parse::<NaiveDate>().unwrap() + chrono::TimeDelta::days(number)
    }

    #[test]
    fn a_change_keeps_what_was_and_a_correction_does_not() {
        let was = History::of("nurse");
        let changed = was.changed(day(10), |role| *role = "prescriber");
        assert_eq!((*changed.on(day(9)), *changed.on(day(10))), ("nurse", "prescriber"));
        let righted = changed.corrected(day(20), |role| *role = "doctor");
        assert_eq!((*righted.on(day(9)), *righted.on(day(10))), ("nurse", "doctor"));
        assert_eq!(changed.corrected(day(20), |role| *role = "nurse"), was, "it never changed");
        assert_eq!(was.corrected(day(20), |role| *role = "doctor"), History::of("doctor"));
    }

    #[test]
    fn an_earlier_change_of_one_thing_leaves_a_later_one_of_another() {
        let both = History::of((1, 1)).changed(day(10), |pair| pair.0 = 2).changed(day(5), |pair| pair.1 = 2);
        let values: Vec<_> = both.values().map(|(from, pair)| (from, *pair)).collect();
        assert_eq!(values, [(None, (1, 1)), (Some(day(5)), (1, 2)), (Some(day(10)), (2, 2))]);
        assert_eq!(both.map(|pair| pair.0).days().collect::<Vec<_>>(), [day(10)]);
    }

    proptest! {
        /// Whatever was done, a change from a day never touches a day before it.
        #[test]
        fn days_before_a_change_stand_still(
            steps in proptest::collection::vec((0i64..30, 0u8..4, any::<bool>()), 0..8),
            from in 0i64..30,
            to in 0u8..4,
        ) {
            let history = steps.iter().fold(History::of(0u8), |history, (at, value, correct)| {
                if *correct { history.corrected(day(*at), |v| *v = *value) } else { history.changed(day(*at), |v| *v = *value) }
            });
            let changed = history.changed(day(from), |value| *value = to);
            for number in 0..40 {
                let expected = if number < from { *history.on(day(number)) } else { to };
                prop_assert_eq!(*changed.on(day(number)), expected);
            }
            let days: Vec<_> = changed.days().collect();
            prop_assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
