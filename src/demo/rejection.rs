//! What the demo's member of staff is told on her start page: a rejection to put right.

use chrono::Days;
use entity::value::{Assurance, CompletionEventKind, Verdict};

use super::employers::STORY;
use super::generate::Make;
use super::records::Finished;
use super::story::{STAFF, TRAUMA};

impl Make<'_> {
    /// Isla Fraser sent the certificate of another course for one completion.
    pub fn rejection(&mut self) {
        let story = self.rows.organisations[STORY].id;
        let isla = self.rows.persons.iter().find(|row| row.email.as_deref() == Some(STAFF)).map(|row| row.id);
        let (Some(person), Some(course)) = (isla, self.course(TRAUMA)) else { return };
        let on = self.plan.as_at - Days::new(60);
        self.finish(&Finished { person, employer: story, course, on, assurance: Assurance::SelfDeclared });
        let last = self.rows.completions.last().filter(|last| last.person_id == person && last.completed_on == on);
        if let Some(id) = last.map(|last| last.id) {
            let row = (id, self.plan.as_at - Days::new(3));
            let reason = Some("The certificate is of another course. Please attach the right one.");
            self.event(row, CompletionEventKind::Rejected, Assurance::SelfDeclared, story, reason);
            self.verdict(Verdict::Rejected, Assurance::ManagerConfirmed, story);
        }
    }
}
