//! What the story's employer asks of some of its people only.

use entity::id::RequirementId;
use entity::{exemption, requirement_scope};

use super::dice::at;
use super::employers::STORY;
use super::generate::Make;

impl Make<'_> {
    /// One requirement is for two roles at one service, another for a whole role family at the other.
    pub fn narrow(&mut self) {
        let story = self.rows.organisations[STORY].id;
        let own = self.rows.services.iter().filter(|row| row.organisation_id == story);
        let [outreach, hub] = own.map(|row| row.id).collect::<Vec<_>>()[..2] else { return };
        for (name, service) in [("Lone working", outreach), ("Motivational interviewing", hub)] {
            let Some(id) = self.asked_by_the_story(name) else { continue };
            if service == hub {
                self.rows.requirement_scopes.retain(|row| row.requirement_id != id);
                let family = Some("recovery_support".to_owned());
                let row = requirement_scope::Model { role_family: family, ..self.scope_of(id) };
                self.rows.requirement_scopes.push(row);
            }
            let row = requirement_scope::Model { service_id: Some(service), ..self.scope_of(id) };
            self.rows.requirement_scopes.push(row);
        }
    }

    fn asked_by_the_story(&self, name: &str) -> Option<RequirementId> {
        let story = Some(self.rows.organisations[STORY].id);
        self.rows
            .requirements
            .iter()
            .find(|rule| rule.organisation_id == story && rule.name == name)
            .map(|rule| rule.id)
    }

    /// Mairi Lamont works indoors, so need not take lone working.
    pub fn exempt(&mut self) {
        if let (Some(rule), Some(person_id)) = (self.asked_by_the_story("Lone working"), self.indoors) {
            let starts_on = self.days_ago(160);
            self.rows.exemptions.push(exemption::Model {
                id: self.dice.id(starts_on),
                requirement_id: rule,
                person_id,
                reason: "Works at the fixed site only; no visits.".to_owned(),
                starts_on,
                ends_on: None,
                granted_by: None,
                granted_at: at(starts_on),
            });
        }
    }
}
