//! A synthetic sector in memory: the rows as the tables hold them.

use chrono::NaiveDate;
use entity::id::{ItemId, OrganisationId};
use entity::value::{ItemKind, Level};
use entity::{
    appointment, completion, completion_event, completion_verdict, exemption, organisation, organisation_person,
    outside_learning, person, post, post_establishment, requirement, requirement_item, requirement_scope, service,
};
use entity::{figures_confirmation, post_version};

/// What to make. The same plan over the same catalogue makes the same rows.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// People in post on the day; those who have left come on top
    pub people: usize,
    pub seed: u64,
    pub as_at: NaiveDate,
}

/// What the generator needs to know of a catalogue item.
#[derive(Clone, Debug)]
pub struct Course {
    pub id: ItemId,
    pub reference: String,
    pub provider: OrganisationId,
    pub kind: ItemKind,
    pub minutes: i32,
    pub validity_months: Option<i32>,
    pub themes: Vec<(String, Option<Level>)>,
}

#[derive(Debug, Default, PartialEq)]
pub struct Rows {
    pub organisations: Vec<organisation::Model>,
    pub confirmations: Vec<figures_confirmation::Model>,
    pub services: Vec<service::Model>,
    pub posts: Vec<post::Model>,
    pub establishments: Vec<post_establishment::Model>,
    pub post_versions: Vec<post_version::Model>,
    pub persons: Vec<person::Model>,
    /// How employers write people, where it says whom they mean
    pub known: Vec<organisation_person::Model>,
    pub appointments: Vec<appointment::Model>,
    pub completions: Vec<completion::Model>,
    pub events: Vec<completion_event::Model>,
    pub verdicts: Vec<completion_verdict::Model>,
    pub outside: Vec<outside_learning::Model>,
    pub requirements: Vec<requirement::Model>,
    pub requirement_items: Vec<requirement_item::Model>,
    pub requirement_scopes: Vec<requirement_scope::Model>,
    pub exemptions: Vec<exemption::Model>,
}

impl Rows {
    pub fn count(&self) -> usize {
        self.organisations.len()
            + self.confirmations.len()
            + self.services.len()
            + self.posts.len()
            + self.establishments.len()
            + self.post_versions.len()
            + self.persons.len()
            + self.known.len()
            + self.appointments.len()
            + self.completions.len()
            + self.events.len()
            + self.verdicts.len()
            + self.outside.len()
            + self.requirements.len()
            + self.requirement_items.len()
            + self.requirement_scopes.len()
            + self.exemptions.len()
    }
}
