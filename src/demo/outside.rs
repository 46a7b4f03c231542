//! What the demo's member of staff learned that is not in the catalogue: a day that waits for
//! somebody to equate it, and one that her employer has equated.

use entity::id::{OutsideLearningId, PersonId};
use entity::outside_learning;
use entity::value::{Assurance, CompletionEventKind, Verdict};

use super::dice::at;
use super::employers::STORY;
use super::generate::Make;
use super::records::Finished;
use super::story::{STAFF, TALKING};

impl Make<'_> {
    pub fn outside(&mut self) {
        let story = self.rows.organisations[STORY].id;
        let isla = self.rows.persons.iter().find(|row| row.email.as_deref() == Some(STAFF)).map(|row| row.id);
        let (Some(person), Some(course)) = (isla, self.course(TALKING)) else { return };
        self.learned(person, "Study day: outreach in the winter", 6 * 60, 19);
        let day = self.learned(person, "In-house day: conversations about change", 7 * 60, 240);
        let on = self.days_ago(240);
        self.finish(&Finished { person, employer: story, course, on, assurance: Assurance::SelfDeclared });
        let last = self.rows.completions.last_mut().filter(|last| last.person_id == person && last.completed_on == on);
        if let Some(last) = last {
            last.outside_learning_id = Some(day);
            last.assurance = Assurance::EmployerVerified;
            let id = last.id;
            // an employer made it: nobody recorded it before
            self.rows.events.pop();
            let row = (id, self.days_ago(9));
            self.event(row, CompletionEventKind::Equated, Assurance::EmployerVerified, story, None);
            self.verdict(Verdict::Confirmed, Assurance::EmployerVerified, story);
        }
    }

    fn learned(&mut self, person_id: PersonId, title: &str, minutes: i32, ago: u64) -> OutsideLearningId {
        let recorded = self.days_ago(ago.min(12));
        let id = self.dice.id(recorded);
        self.rows.outside.push(outside_learning::Model {
            id,
            person_id,
            title: title.to_owned(),
            provider: "Our own team (synthetic)".to_owned(),
            minutes: Some(minutes),
            completed_on: self.days_ago(ago),
            note: None,
            asked_at: Some(at(recorded)),
            recorded_at: at(recorded),
            recorded_by: None,
            withdrawn_at: None,
        });
        id
    }
}
