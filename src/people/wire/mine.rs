//! What a person sees of the employers that say they work there, and their own name.

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{OrganisationId, PersonId};
use entity::value::JoiningReply;
use poem_openapi::Object;

/// A post in which an employer says somebody works. No name and no service: whoever has the
/// address may be somebody else.
#[derive(Debug, Object)]
pub struct ClaimedPostOut {
    pub role_label: String,
    pub volunteer: bool,
    pub starts_on: NaiveDate,
}

/// An employer says that I work there.
#[derive(Debug, Object)]
pub struct ClaimOut {
    /// To answer with
    pub id: PersonId,
    pub organisation_id: OrganisationId,
    pub organisation_name: String,
    pub posts: Vec<ClaimedPostOut>,
}

/// What I answered, when it was not yes.
#[derive(Debug, Object)]
pub struct AnsweredOut {
    /// To take the answer back with
    pub id: PersonId,
    pub organisation_id: OrganisationId,
    pub organisation_name: String,
    pub answer: JoiningReply,
    pub at: DateTime<Utc>,
}

/// An employer where I am or was in post, and that sees of my record what its requirements need.
#[derive(Debug, Object)]
pub struct MyEmployerOut {
    pub organisation_id: OrganisationId,
    pub organisation_name: String,
    /// The first day of the first post there
    pub since: NaiveDate,
    /// In post there today, or about to be
    pub here_now: bool,
    /// How this employer writes my name
    pub written_as: String,
}

#[derive(Debug, Object)]
pub struct MyEmployersOut {
    /// To be answered, one an employer
    pub questions: Vec<ClaimOut>,
    /// Newest first
    pub answered: Vec<AnsweredOut>,
    pub employers: Vec<MyEmployerOut>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct AnswerIn {
    pub answer: JoiningReply,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct MyNameIn {
    pub given_name: String,
    /// Left out for people who use one name
    #[oai(default)]
    pub family_name: String,
}
