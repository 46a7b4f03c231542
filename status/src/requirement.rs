//! What is asked, of whom, and by what it is met.

use chrono::NaiveDate;
use entity::id::{ItemId, OrganisationId, RequirementId, ServiceId};
use entity::value::{Assurance, Level};

use crate::completed::Completed;
use crate::span::Span;

/// The terms of a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub id: RequirementId,
    pub name: String,
    pub version: i32,
    pub grace_days: u64,
    pub window_days: u64,
    pub minimum: Assurance,
    /// When it is in force; `None` for one that was ended before it began and never is
    pub span: Option<Span>,
}

impl Rule {
    pub fn in_force(&self, day: NaiveDate) -> bool {
        self.span.is_some_and(|span| span.holds(day))
    }
}

/// Whom it is asked of. Each part that is empty leaves everybody in; those that are not must all
/// be true: "nurses and doctors, at these two services". A role family is given as its roles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applies {
    /// `None`: at every employer
    pub organisation: Option<OrganisationId>,
    /// Any of these roles
    pub roles: Vec<String>,
    /// Any of these services
    pub services: Vec<ServiceId>,
}

/// An appointment with what it is an appointment to. Hours do not matter: a volunteer or a
/// sessional worker with none is in post as anybody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    pub organisation: OrganisationId,
    pub service: ServiceId,
    pub role: String,
    pub span: Span,
}

impl Applies {
    /// Whether a post puts its holder under the requirement, whenever it is held.
    pub fn covers(&self, post: &Appointment) -> bool {
        self.covers_post(post.organisation, post.service, &post.role)
    }

    pub fn covers_post(&self, organisation: OrganisationId, service: ServiceId, role: &str) -> bool {
        self.organisation.is_none_or(|of| of == organisation)
            && (self.roles.is_empty() || self.roles.iter().any(|of| of == role))
            && (self.services.is_empty() || self.services.contains(&service))
    }
}

/// What meets it: a completion of any of the items, or of anything that builds the theme at this
/// level or a higher one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asks {
    pub items: Vec<ItemId>,
    pub theme: Option<(String, Level)>,
}

impl Asks {
    pub fn fulfilled_by(&self, done: &Completed) -> bool {
        self.items.contains(&done.item)
            || self.theme.as_ref().is_some_and(|(theme, level)| {
                done.builds.iter().any(|built| built.theme == *theme && built.level >= *level)
            })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    pub rule: Rule,
    pub applies: Applies,
    pub asks: Asks,
}

impl Requirement {
    /// Whether the organisation that asks has rejected the completion.
    pub(crate) fn refuses(&self, done: &Completed) -> bool {
        self.applies.organisation.is_some_and(|of| done.refused_by.contains(&of))
    }

    /// Whether a completion fulfils what is asked, stands and is in date on the day, however far
    /// it is trusted.
    pub(crate) fn fulfilled_by(&self, done: &Completed, day: NaiveDate) -> bool {
        done.stands(day) && done.in_date(day) && !self.refuses(done) && self.asks.fulfilled_by(done)
    }

    /// Whether a completion meets the requirement on the day, trusted at least this far.
    pub fn is_met_by(&self, done: &Completed, day: NaiveDate, minimum: Assurance) -> bool {
        done.assurance >= minimum && self.fulfilled_by(done, day)
    }
}
