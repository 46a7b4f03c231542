//! How many people a requirement would concern, pure: exactly for their own employer, in bands for
//! everybody else. What is told of the whole workforce is changed a little before it is banded, by
//! an amount that belongs to the very set of people: asked again in any other way the same people
//! are the same figure, and nothing is told by the step from one band to the next.

use chrono::NaiveDate;
use entity::id::PersonId;
use entity::value::Status;
use status::Cell;

use crate::base::hash::sha256;

/// Where the bands begin.
const BANDS: [u32; 13] = [20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000];

/// Of 256 keys, how many change a figure by -4, -3 ... 4: no bias, a variance of 2.
const CHANGES: [u32; 9] = [2, 8, 26, 56, 72, 56, 26, 8, 2];

/// A set of people as far as it is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub count: u32,
    key: u64,
}

impl Part {
    fn add(&mut self, key: u64) {
        self.count += 1;
        self.key = self.key.wrapping_add(key);
    }

    /// Between which bounds it is; the upper one is left out, and there is none above the last band.
    fn band(self) -> (u32, Option<u32>) {
        let mut rest = u32::try_from(self.key % 256).unwrap_or_default();
        let mut place = 0;
        while place + 1 < CHANGES.len() && rest >= CHANGES[place] {
            rest -= CHANGES[place];
            place += 1;
        }
        let place = u32::try_from(place).unwrap_or_default();
        let changed = if self.count == 0 { 0 } else { (self.count + place).saturating_sub(4) };
        let above = BANDS.iter().position(|begins| changed < *begins);
        let from = match above {
            Some(0) => 0,
            Some(at) => BANDS[at - 1],
            None => BANDS[BANDS.len() - 1],
        };
        (from, above.map(|at| BANDS[at]))
    }

    /// "20 to 49".
    pub fn banded(self) -> String {
        match self.band() {
            (0, below) => format!("fewer than {}", grouped(below.unwrap_or(BANDS[0]))),
            (from, Some(below)) => format!("{} to {}", grouped(from), grouped(below - 1)),
            (from, None) => format!("{} or more", grouped(from)),
        }
    }

    pub fn is_in_the_lowest_band(self) -> bool {
        self.band().0 == 0
    }
}

/// "20,000".
pub fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How those who are asked would stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub people: Part,
    /// Appointments that put them under it
    pub posts: u32,
    pub met: Part,
    pub expiring: Part,
    pub expired: Part,
    pub due: Part,
    pub overdue: Part,
    pub exempt: Part,
    /// Of all these, for whom something waits for somebody's word
    pub waiting: Part,
    /// Overdue and not overdue as things stand
    pub newly_overdue: Part,
    /// The first day on which somebody who has time left is overdue
    pub first_overdue_on: Option<NaiveDate>,
}

impl Tally {
    pub fn add(&mut self, person: PersonId, cell: &Cell, posts: u32, is_newly_overdue: bool) {
        let key = key(person);
        self.people.add(key);
        self.posts += posts;
        let part = match cell.status {
            Status::Met => &mut self.met,
            Status::Expiring => &mut self.expiring,
            Status::Expired => &mut self.expired,
            Status::Due => &mut self.due,
            Status::Overdue => &mut self.overdue,
            Status::Exempt => &mut self.exempt,
        };
        part.add(key);
        if cell.waiting.is_some() {
            self.waiting.add(key);
        }
        if is_newly_overdue {
            self.newly_overdue.add(key);
        }
        if cell.status == Status::Due {
            let first = cell.due_by.and_then(|last| last.succ_opt());
            self.first_overdue_on = self.first_overdue_on.into_iter().chain(first).min();
        }
    }
}

/// A number that belongs to the person and that nobody can know from outside.
fn key(person: PersonId) -> u64 {
    let digits = sha256(person.0.as_bytes());
    digits.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn part(people: std::ops::Range<u128>) -> Part {
        let mut part = Part::default();
        for person in people {
            part.add(key(Uuid::from_u128(person).into()));
        }
        part
    }

    #[test]
    fn a_band_says_no_small_number_and_the_same_people_are_the_same_figure() {
        assert_eq!(part(0..0).banded(), "fewer than 20");
        assert_eq!(part(0..3).banded(), "fewer than 20");
        assert_eq!(part(0..30).banded(), "20 to 49");
        assert_eq!(part(0..1_500).banded(), "1,000 to 1,999");
        assert_eq!(part(0..300_000).banded(), "200,000 or more");
        let backwards = {
            let mut part = Part::default();
            for person in (0..51_u128).rev() {
                part.add(key(Uuid::from_u128(person).into()));
            }
            part
        };
        assert_eq!(part(0..51).band(), backwards.band());
    }

    #[test]
    fn the_step_to_the_next_band_is_not_where_the_number_is() {
        let steps = (0..400_u128).filter(|from| part(*from..from + 19).band() != part(*from..from + 20).band());
        // by chance 54 of 100 differ; without the change all would
        let differing = steps.count();
        assert!((160..280).contains(&differing), "19 and 20 people are told apart in {differing} of 400 sets");
        let wrong = (0..400_u128).filter(|from| part(*from..from + 16).band().0 > 0).count();
        assert!(wrong < 10, "{wrong} of 400 sets of 16 are told as 20 or more");
        assert_eq!(CHANGES.iter().sum::<u32>(), 256);
    }
}
