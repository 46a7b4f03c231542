//! Numbers of people, pure. The numbers and the filter that each of them leads to ask the same rule.

use entity::value::Status;

use super::wire::{MatrixSummaryOut, Showing};

/// How many cells of each kind a person has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CellCounts {
    met: u32,
    expiring: u32,
    due: u32,
    overdue: u32,
    expired: u32,
    exempt: u32,
    /// Of all these, with something that waits for confirmation
    waiting: u32,
}

impl CellCounts {
    pub fn add(&mut self, status: Status, cells: u32) {
        let of_kind = match status {
            Status::Met => &mut self.met,
            Status::Expiring => &mut self.expiring,
            Status::Due => &mut self.due,
            Status::Overdue => &mut self.overdue,
            Status::Expired => &mut self.expired,
            Status::Exempt => &mut self.exempt,
        };
        *of_kind += cells;
    }

    pub fn add_waiting(&mut self, cells: u32) {
        self.waiting += cells;
    }

    fn asked(self) -> u32 {
        self.met + self.expiring + self.exempt + self.missing()
    }

    fn missing(self) -> u32 {
        self.due + self.late()
    }

    fn late(self) -> u32 {
        self.overdue + self.expired
    }

    pub fn shows(self, showing: Showing) -> bool {
        let cells = match showing {
            Showing::Complete => return self.asked() > 0 && self.missing() == 0,
            Showing::Late => self.late(),
            Showing::Soon => self.due + self.expiring,
            Showing::Waiting => self.waiting,
            Showing::Met => self.met,
            Showing::Expiring => self.expiring,
            Showing::Expired => self.expired,
            Showing::Due => self.due,
            Showing::Overdue => self.overdue,
            Showing::Exempt => self.exempt,
            Showing::Missing => self.missing(),
        };
        cells > 0
    }
}

/// The numbers of people with these tallies; who is not among them but in reach is asked nothing.
pub fn summary(people: u32, to_confirm: u32, tallies: impl Iterator<Item = CellCounts>) -> MatrixSummaryOut {
    let mut sum = MatrixSummaryOut { people, to_confirm, ..Default::default() };
    for tally in tallies {
        let is = |showing| u32::from(tally.shows(showing));
        sum.people_asked += u32::from(tally.asked() > 0);
        sum.people_complete += is(Showing::Complete);
        sum.people_late += is(Showing::Late);
        sum.people_soon += is(Showing::Soon);
        sum.people_waiting += is(Showing::Waiting);
        sum.met += tally.met;
        sum.expiring += tally.expiring;
        sum.missing += tally.missing();
        sum.exempt += tally.exempt;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(statuses: &[Status]) -> CellCounts {
        let mut tally = CellCounts::default();
        for status in statuses {
            tally.add(*status, 1);
        }
        tally
    }

    #[test]
    fn who_holds_everything_has_nothing_to_do_and_is_asked_something() {
        use Status::{Due, Exempt, Expired, Expiring, Met, Overdue};
        let complete = |statuses: &[Status]| tally(statuses).shows(Showing::Complete);
        assert!(complete(&[Met, Expiring, Exempt]) && complete(&[Exempt]));
        assert!(!complete(&[]) && !complete(&[Met, Due]) && !complete(&[Overdue]) && !complete(&[Met, Expired]));
    }

    #[test]
    fn a_person_is_in_every_number_that_fits_and_once_in_each() {
        let mut both = tally(&[Status::Overdue, Status::Expired, Status::Due, Status::Expiring]);
        both.add_waiting(2);
        let sum = summary(5, 1, [both, tally(&[Status::Met, Status::Met]), tally(&[])].into_iter());
        let people = (sum.people, sum.people_asked, sum.people_complete);
        assert_eq!(people, (5, 2, 1));
        assert_eq!((sum.people_late, sum.people_soon, sum.people_waiting, sum.to_confirm), (1, 1, 1, 1));
        assert_eq!((sum.met, sum.expiring, sum.missing, sum.exempt), (2, 1, 3, 0));
    }
}
