//! What goes over the wire for persons and appointments. Of addresses only the one that this
//! employer was given, and no dates of birth: an employer hears nothing that another told us.

mod matching;
mod merge;
mod mine;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{AppointmentId, PersonId, PostId, ServiceId};
use entity::{appointment, post, service};
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Enum, Object};

use super::known::Known;
use super::rules::{Span, State};
use crate::organisation::history::{History, PostTerms};
use crate::organisation::rules::hold_wte;
use crate::organisation::wire::label;

pub use matching::{MatchOut, MatchesIn, MatchesOut, Why};
pub use merge::{ClashOut, MergeOut};
pub use mine::{AnswerIn, AnsweredOut, ClaimOut, ClaimedPostOut, MyEmployerOut, MyEmployersOut, MyNameIn};

/// Which people of an organisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Presence {
    /// In post, or about to be
    #[default]
    Current,
    /// Were in post, and no longer are
    Former,
    All,
}

/// Why somebody left a post. Nothing here says anything of a person's health or conduct.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum LeavingReason {
    /// To another post of the same organisation: not a leaver of it
    MovedPost,
    AnotherJob,
    ContractEnded,
    Redundancy,
    Retired,
    Personal,
    Other,
    NotKnown,
}

impl LeavingReason {
    const ALL: [(Self, &'static str); 8] = [
        (Self::MovedPost, "moved_post"),
        (Self::AnotherJob, "another_job"),
        (Self::ContractEnded, "contract_ended"),
        (Self::Redundancy, "redundancy"),
        (Self::Retired, "retired"),
        (Self::Personal, "personal"),
        (Self::Other, "other"),
        (Self::NotKnown, "not_known"),
    ];

    pub fn spelling(self) -> &'static str {
        Self::ALL.into_iter().find(|(reason, _)| *reason == self).map_or("other", |(_, text)| text)
    }

    pub fn spelled(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, spelling)| *spelling == text).map(|(reason, _)| reason)
    }
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct AppointmentIn {
    pub post_id: PostId,
    pub starts_on: NaiveDate,
    /// Last day, included
    pub ends_on: Option<NaiveDate>,
    /// Contracted minutes a week
    pub weekly_minutes: i32,
    /// What was asked back and is right as it stands
    #[oai(default)]
    pub confirmed: Vec<Question>,
}

/// What is asked back once, because it may be a slip: sent again with `confirmed`, it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Question {
    /// Somebody here may be the one that is being added; they are not
    #[oai(rename = "maybe_same")]
    MaybeSame,
    /// More than 48 hours a week in all posts at this employer
    #[oai(rename = "over_48_hours")]
    Over48Hours,
    /// No hours, in a post that is not a volunteer's
    #[oai(rename = "no_hours")]
    NoHours,
    /// The post opened later than the first day in it; with a yes it opened on that day
    #[oai(rename = "opened_later")]
    OpenedLater,
    /// More people in the post than it has funding for
    #[oai(rename = "beyond_funding")]
    BeyondFunding,
}

impl Question {
    pub fn code(self) -> &'static str {
        match self {
            Self::MaybeSame => "maybe_same",
            Self::Over48Hours => "over_48_hours",
            Self::NoHours => "no_hours",
            Self::OpenedLater => "opened_later",
            Self::BeyondFunding => "beyond_funding",
        }
    }
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct PersonIn {
    pub given_name: String,
    /// Left out for people who use one name
    #[oai(default)]
    pub family_name: String,
    /// Whoever signs in with this address is asked whether they work here. The answer is the same
    /// whether or not there is such an account
    pub email: Option<String>,
    pub appointment: AppointmentIn,
    /// What was asked back and is right as it stands
    #[oai(default)]
    pub confirmed: Vec<Question>,
}

#[derive(Debug, Default, Object)]
#[oai(deny_unknown_fields)]
pub struct PersonPatch {
    pub given_name: MaybeUndefined<String>,
    #[oai(nullable)]
    pub family_name: MaybeUndefined<String>,
    /// Whoever signs in with this address is asked whether they work here
    #[oai(nullable)]
    pub email: MaybeUndefined<String>,
}

/// Whether the person has said that they work here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Confirmation {
    /// Nobody was asked: there is no address
    NotAsked,
    /// Whoever has this address has not answered
    Waiting,
    /// Whoever has this address did not confirm it
    NotConfirmed,
    Confirmed,
}

#[derive(Debug, Default, Object)]
#[oai(deny_unknown_fields)]
pub struct AppointmentPatch {
    pub post_id: MaybeUndefined<PostId>,
    pub starts_on: MaybeUndefined<NaiveDate>,
    /// Last day, included; null: it goes on
    #[oai(nullable)]
    pub ends_on: MaybeUndefined<NaiveDate>,
    pub weekly_minutes: MaybeUndefined<i32>,
    #[oai(nullable)]
    pub leaving_reason: MaybeUndefined<LeavingReason>,
    /// What was asked back and is right as it stands
    #[oai(default)]
    pub confirmed: Vec<Question>,
}

/// Other hours or another post from a day on; what was stays as it was.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct AppointmentChangeIn {
    /// First day of the new hours or in the new post
    pub from: NaiveDate,
    /// Contracted minutes a week from then on
    pub weekly_minutes: i32,
    /// Another post of this organisation; left out, the post stays
    pub post_id: Option<PostId>,
    /// What was asked back and is right as it stands
    #[oai(default)]
    pub confirmed: Vec<Question>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct AppointmentEndIn {
    /// Last day, included
    pub ends_on: NaiveDate,
    pub reason: LeavingReason,
}

#[derive(Debug, Object)]
pub struct AppointmentOut {
    pub id: AppointmentId,
    pub state: AppointmentState,
    pub post_id: PostId,
    pub post_reference: String,
    pub service_id: ServiceId,
    pub service_name: String,
    /// Today for what runs, else on its last or first day
    pub role: String,
    pub role_label: String,
    pub peer_role: bool,
    pub volunteer: bool,
    pub starts_on: NaiveDate,
    /// Last day, included
    #[oai(skip_serializing_if_is_none)]
    pub ends_on: Option<NaiveDate>,
    pub weekly_minutes: i32,
    /// Today for what runs, else on its last or first day; nothing for volunteers
    pub wte_thousandths: i32,
    #[oai(skip_serializing_if_is_none)]
    pub leaving_reason: Option<LeavingReason>,
    /// It goes on in the same post from the next day, with other hours
    pub goes_on: bool,
    pub recorded_at: DateTime<Utc>,
    /// Whether it replaces an earlier entry, which is kept
    pub corrected: bool,
}

/// A person in a list, with the posts that they are in or about to be in.
#[derive(Debug, Object)]
pub struct PersonRowOut {
    pub id: PersonId,
    /// As this organisation writes it
    pub given_name: String,
    pub family_name: String,
    pub confirmation: Confirmation,
    /// The ones that run or will; for people who have left, the last ones
    pub posts: Vec<AppointmentOut>,
}

/// A person as this organisation knows them.
#[derive(Debug, Object)]
pub struct PersonDetailOut {
    pub id: PersonId,
    /// As this organisation writes it
    pub given_name: String,
    pub family_name: String,
    /// The address that this organisation was given
    #[oai(skip_serializing_if_is_none)]
    pub email: Option<String>,
    pub confirmation: Confirmation,
    /// In post here today, or about to be
    pub here_now: bool,
    /// Running and coming ones first, then the past, latest first
    pub posts: Vec<AppointmentOut>,
}

/// Where an appointment stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[oai(rename_all = "snake_case")]
pub enum AppointmentState {
    Current,
    Upcoming,
    Ended,
}

impl From<State> for AppointmentState {
    fn from(state: State) -> Self {
        match state {
            State::Current => Self::Current,
            State::Upcoming => Self::Upcoming,
            State::Ended => Self::Ended,
        }
    }
}

/// An appointment with its post and service.
#[derive(Clone, Debug)]
pub struct Placed {
    pub appointment: appointment::Model,
    pub post: post::Model,
    /// What the post was, from which day on
    pub terms: History<PostTerms>,
    pub service: service::Model,
}

impl AppointmentOut {
    pub fn new(placed: Placed, today: NaiveDate) -> Self {
        let Placed { appointment, post, terms, service } = placed;
        let appointment::Model {
            id,
            post_id,
            starts_on,
            ends_on,
            weekly_minutes,
            leaving_reason,
            recorded_at,
            supersedes,
            ..
        } = appointment;
        let state = AppointmentState::from(Span { starts_on, ends_on }.state(today));
        let on = match state {
            AppointmentState::Current => today,
            AppointmentState::Upcoming => starts_on,
            AppointmentState::Ended => ends_on.unwrap_or(today),
        };
        let then = terms.on(on);
        Self {
            id,
            state,
            post_id,
            post_reference: post.reference,
            service_id: service.id,
            service_name: service.name,
            role_label: label("role", &then.role),
            role: then.role.clone(),
            peer_role: then.peer_role,
            volunteer: then.volunteer,
            starts_on,
            ends_on,
            weekly_minutes,
            wte_thousandths: hold_wte(then, weekly_minutes, on),
            leaving_reason: leaving_reason.as_deref().and_then(LeavingReason::spelled),
            goes_on: false,
            recorded_at,
            corrected: supersedes.is_some(),
        }
    }
}

/// Appointments in the order of a screen: what runs, what comes, then the past, latest first.
pub fn in_order(placed: Vec<Placed>, today: NaiveDate) -> Vec<AppointmentOut> {
    let mut posts: Vec<_> = placed.into_iter().map(|placed| AppointmentOut::new(placed, today)).collect();
    let starts: Vec<_> = posts.iter().map(|post| (post.post_id, post.starts_on)).collect();
    for post in &mut posts {
        let next = post.ends_on.and_then(|last| last.succ_opt());
        post.goes_on = next.is_some_and(|day| starts.contains(&(post.post_id, day)));
    }
    posts.sort_by(|a, b| (a.state, b.ends_on, b.starts_on, a.id).cmp(&(b.state, a.ends_on, a.starts_on, b.id)));
    posts
}

impl PersonRowOut {
    pub fn new(person: Known, confirmation: Confirmation, placed: Vec<Placed>, today: NaiveDate) -> Self {
        let Known { id, given_name, family_name, .. } = person;
        let mut posts = in_order(placed, today);
        if posts.iter().any(|post| post.state != AppointmentState::Ended) {
            posts.retain(|post| post.state != AppointmentState::Ended);
        } else {
            let last = posts.iter().map(|post| post.ends_on).max().flatten();
            posts.retain(|post| post.ends_on == last);
        }
        Self { id, given_name, family_name, confirmation, posts }
    }
}

impl PersonDetailOut {
    pub fn new(person: Known, confirmation: Confirmation, placed: Vec<Placed>, today: NaiveDate) -> Self {
        let Known { id, given_name, family_name, email, .. } = person;
        let posts = in_order(placed, today);
        Self {
            id,
            given_name,
            family_name,
            email,
            confirmation,
            here_now: posts.iter().any(|post| post.state != AppointmentState::Ended),
            posts,
        }
    }
}
