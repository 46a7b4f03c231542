//! What the manager of the story's team knows of the weeks ahead: one leaves, and one starts in the
//! post that was long vacant.

use chrono::{Days, NaiveDate};
use entity::appointment;
use entity::id::{PersonId, PostId};
use entity::value::Assurance;

use super::dice::at;
use super::employers::STORY;
use super::generate::Make;
use super::records::Finished;
use super::story::{LEAVER, LONG_VACANT, NALOXONE};

/// Days from the demo's own on.
const STARTS_IN: u64 = 16;
const LEAVES_IN: u64 = 33;
/// Known since so many days.
const KNOWN: u64 = 9;

impl Make<'_> {
    pub fn leaver_and_starter(&mut self) {
        let (known, leaves) = (self.days_ago(KNOWN), self.plan.as_at + Days::new(LEAVES_IN));
        let whose = self.rows.persons.iter().find(|row| (row.given_name.as_str(), row.family_name.as_str()) == LEAVER);
        let whose = whose.map(|row| row.id);
        let last = self.rows.appointments.iter().rposition(|row| Some(row.person_id) == whose && row.ends_on.is_none());
        if let Some(place) = last {
            let row = self.rows.appointments[place].clone();
            self.rows.appointments[place].superseded_at = Some(at(known));
            let supersedes = Some(row.id);
            let reason = Some("new_job_in_sector".to_owned());
            let id = self.dice.id(known);
            self.rows.appointments.push(appointment::Model {
                id,
                ends_on: Some(leaves),
                leaving_reason: reason,
                recorded_at: at(known),
                supersedes,
                ..row
            });
        }
        let vacant = self
            .rows
            .appointments
            .iter()
            .find(|row| row.ends_on == Some(self.days_ago(LONG_VACANT)) && self.is_of_the_story(row.post_id));
        if let Some((post, minutes)) = vacant.map(|row| (row.post_id, row.weekly_minutes)) {
            let person = self.named("Catriona", "Beaton", None, None, known);
            self.starts(person, post, minutes, known);
        }
    }

    fn is_of_the_story(&self, post: PostId) -> bool {
        let story = self.rows.organisations[STORY].id;
        let service = self.rows.posts.iter().find(|row| row.id == post).map(|row| row.service_id);
        self.rows.services.iter().any(|row| Some(row.id) == service && row.organisation_id == story)
    }

    fn starts(&mut self, person_id: PersonId, post_id: PostId, weekly_minutes: i32, known: NaiveDate) {
        self.rows.appointments.push(appointment::Model {
            id: self.dice.id(known),
            person_id,
            post_id,
            starts_on: self.plan.as_at + Days::new(STARTS_IN),
            ends_on: None,
            weekly_minutes,
            leaving_reason: None,
            recorded_at: at(known),
            recorded_by: None,
            superseded_at: None,
            supersedes: None,
        });
        // brought along from where she worked before
        if let Some(course) = self.course(NALOXONE) {
            let employer = self.rows.organisations[STORY].id;
            let on = self.days_ago(200);
            self.finish(&Finished { person: person_id, employer, course, on, assurance: Assurance::ProviderIssued });
        }
    }
}
