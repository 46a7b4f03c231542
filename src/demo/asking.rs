//! An employer that says somebody works there, who has not answered: what the start page asks.

use entity::organisation_person;

use super::employers::{NATIONAL, STORY, STORY_COUNCIL};
use super::generate::Make;
use super::posts::Wanted;
use super::story::STAFF;
use crate::base::contact::name_folded;
use crate::base::fold;

impl Make<'_> {
    /// The employer that asks, by its place in the rows; a very small sector has none to spare.
    pub fn who_asks(&self) -> Option<usize> {
        let voluntary = |of: &entity::organisation::Model| of.sector == "third_sector" && of.is_employer;
        let others = self.rows.organisations.iter().enumerate().skip(STORY + 1);
        others.rev().find(|(at, of)| *at != NATIONAL && voluntary(of)).map(|(at, _)| at)
    }

    /// A second employer says that Isla Fraser works there too, for an evening a week; she has not
    /// answered, so it has a person of its own.
    pub fn asking(&mut self) {
        let Some(employer) = self.who_asks() else { return };
        let from = self.days_ago(70);
        let service = self.service(employer, STORY_COUNCIL, "community_recovery", Some("Evening drop-in, Fife"));
        let person = self.named("Isla", "Fraser", None, None, from);
        let wanted = Wanted { role: "recovery_worker", thousandths: 200, opened_on: from, peer: false };
        let opening = self.open(service, wanted);
        self.appoint(person, &opening, from, None, 200, None);
        self.rows.known.push(organisation_person::Model {
            id: self.dice.id(from),
            organisation_id: self.rows.organisations[employer].id,
            person_id: person,
            given_name: "Isla".to_owned(),
            family_name: "Fraser".to_owned(),
            name_folded: name_folded("Isla", "Fraser"),
            email: STAFF.to_owned(),
            email_folded: fold::email(STAFF),
            version: 1,
        });
    }
}
