//! What goes over the wire for organisations, services and posts. WTE in thousandths.

mod directory;
mod history;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{OrganisationId, PostId, ServiceId};
use entity::{organisation, post, post_establishment, service};
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Enum, Object};

use crate::organisation::history::{History, Placing, PostTerms};
use crate::organisation::rules::{PostFacts, known_day};
use crate::reference::{area, pay, vocabulary};

pub use directory::{OrganisationIn, OrganisationPatch, ServiceNameOut};
pub use history::{PlacingOut, PostTermsOut};

/// The label of a term; its slug when the vocabulary no longer has it.
pub fn label(vocabulary: &str, slug: &str) -> String {
    vocabulary::term(vocabulary, slug).map_or_else(|| slug.to_owned(), |term| term.label.clone())
}

fn area_label(slug: &str) -> String {
    area::all().get(slug).map_or_else(|| slug.to_owned(), |area| area.name.clone())
}

/// Posts and people on a date, added up. Volunteers count as people, not as WTE.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Object)]
pub struct TotalsOut {
    pub posts: u32,
    pub posts_vacant: u32,
    /// Headcount: someone in two posts counts once
    pub people: u32,
    /// In post + vacant; rates are taken by it
    pub establishment_thousandths: i32,
    /// In post + vacant - over
    pub funded_thousandths: i32,
    pub in_post_thousandths: i32,
    pub vacant_thousandths: i32,
    /// In post beyond what is funded
    pub over_thousandths: i32,
}

#[derive(Debug, Object)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own on the wire")]
pub struct OrganisationOut {
    pub id: OrganisationId,
    pub name: String,
    pub sector: String,
    pub sector_label: String,
    pub is_employer: bool,
    pub is_provider: bool,
    pub pay_framework: String,
    pub pay_framework_label: String,
    /// Invented for demonstration
    pub synthetic: bool,
    /// When the employer last said that posts and appointments are right
    #[oai(skip_serializing_if_is_none)]
    pub reviewed_on: Option<NaiveDate>,
    /// Whether the caller may change it, or only sees some of its services
    pub may_edit: bool,
}

/// An organisation with what the caller sees of it today.
#[derive(Debug, Object)]
pub struct OrganisationOverviewOut {
    pub organisation: OrganisationOut,
    pub as_at: NaiveDate,
    pub services: u32,
    pub totals: TotalsOut,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ServiceIn {
    pub name: String,
    /// Slug of the council area where it has its base; it is counted only there
    pub area: String,
    /// Slugs of further council areas that it serves
    #[oai(default)]
    pub also_serves: Vec<String>,
    pub service_type: String,
    /// Left out: the usual tier of its type
    pub tier: Option<String>,
    /// Left out: the organisation's
    pub sector: Option<String>,
    /// Left out: since before our records
    pub opened_on: Option<NaiveDate>,
}

/// `area`, `service_type`, `tier` and `sector` are dated: whoever changes one says either from
/// which day it holds, which leaves what was before, or that it was entered wrongly.
#[derive(Debug, Default, Object)]
#[oai(deny_unknown_fields)]
pub struct ServicePatch {
    pub name: MaybeUndefined<String>,
    pub area: MaybeUndefined<String>,
    pub also_serves: MaybeUndefined<Vec<String>>,
    pub service_type: MaybeUndefined<String>,
    pub tier: MaybeUndefined<String>,
    pub sector: MaybeUndefined<String>,
    /// They changed on this day: what was before stays
    pub changed_on: Option<NaiveDate>,
    /// They were entered wrongly, and are righted for as long as they have stood
    #[oai(default)]
    pub correction: bool,
    /// Null: since before our records
    #[oai(nullable)]
    pub opened_on: MaybeUndefined<NaiveDate>,
    /// First day on which it is closed, with its posts; null opens it again, but not its posts
    #[oai(nullable)]
    pub closed_on: MaybeUndefined<NaiveDate>,
}

#[derive(Debug, Object)]
pub struct ServiceOut {
    pub id: ServiceId,
    pub name: String,
    pub area: String,
    pub area_label: String,
    pub also_serves: Vec<String>,
    pub service_type: String,
    pub service_type_label: String,
    pub tier: String,
    pub tier_label: String,
    pub sector: String,
    pub sector_label: String,
    /// Absent: since before our records
    #[oai(skip_serializing_if_is_none)]
    pub opened_on: Option<NaiveDate>,
    /// First day on which it is closed
    #[oai(skip_serializing_if_is_none)]
    pub closed_on: Option<NaiveDate>,
    pub as_at: NaiveDate,
    pub totals: TotalsOut,
    /// What it was and is, oldest first, when it ever changed; only for one service
    #[oai(default, skip_serializing_if_is_empty)]
    pub history: Vec<PlacingOut>,
}

/// What is funded of a post from a date on.
#[derive(Clone, Copy, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct EstablishmentIn {
    pub starts_on: NaiveDate,
    pub wte_thousandths: i32,
}

#[derive(Debug, Object)]
pub struct EstablishmentOut {
    /// Absent: since before our records
    #[oai(skip_serializing_if_is_none)]
    pub starts_on: Option<NaiveDate>,
    pub wte_thousandths: i32,
    pub recorded_at: DateTime<Utc>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct PostIn {
    pub service_id: ServiceId,
    pub role: String,
    /// The employer's own name of the post, once in a service; left out: the next free number
    pub reference: Option<String>,
    /// Whether lived or living experience is part of the post: of the post, never of a person
    #[oai(default)]
    pub peer_role: bool,
    #[oai(default)]
    pub volunteer: bool,
    /// Left out: the organisation's, or the volunteer agreement
    pub pay_framework: Option<String>,
    /// From the day on which the post opens; nothing for volunteers
    pub establishment_thousandths: i32,
    pub funding_ends_on: Option<NaiveDate>,
    /// Left out: since its service opened
    pub opened_on: Option<NaiveDate>,
    /// What was asked back and is right as it stands
    #[oai(default)]
    pub confirmed: Vec<PostQuestion>,
}

/// `role`, `peer_role`, `volunteer` and `pay_framework` are dated: whoever changes one says either
/// from which day it holds, which leaves what was before, or that it was entered wrongly.
#[derive(Debug, Default, Object)]
#[oai(deny_unknown_fields)]
pub struct PostPatch {
    pub reference: MaybeUndefined<String>,
    pub role: MaybeUndefined<String>,
    pub peer_role: MaybeUndefined<bool>,
    pub volunteer: MaybeUndefined<bool>,
    pub pay_framework: MaybeUndefined<String>,
    /// They changed on this day: what was before stays
    pub changed_on: Option<NaiveDate>,
    /// They were entered wrongly, and are righted for as long as they have stood
    #[oai(default)]
    pub correction: bool,
    #[oai(nullable)]
    pub funding_ends_on: MaybeUndefined<NaiveDate>,
    /// Null: since its service opened
    #[oai(nullable)]
    pub opened_on: MaybeUndefined<NaiveDate>,
    /// First day on which it is closed; null opens it again
    #[oai(nullable)]
    pub closed_on: MaybeUndefined<NaiveDate>,
    /// Replaces what was planned from that date on; what was before stays
    pub establishment: MaybeUndefined<EstablishmentIn>,
    /// What was asked back and is right as it stands
    #[oai(default)]
    pub confirmed: Vec<PostQuestion>,
}

#[derive(Debug, Object)]
pub struct PostOut {
    pub id: PostId,
    pub service_id: ServiceId,
    pub service_name: String,
    pub reference: String,
    pub role: String,
    pub role_label: String,
    pub role_family: String,
    pub role_family_label: String,
    pub peer_role: bool,
    pub volunteer: bool,
    pub pay_framework: String,
    pub pay_framework_label: String,
    /// Minutes in a full-time week under the pay framework on the date
    pub full_time_minutes: i32,
    #[oai(skip_serializing_if_is_none)]
    pub funding_ends_on: Option<NaiveDate>,
    /// Absent: since before our records
    #[oai(skip_serializing_if_is_none)]
    pub opened_on: Option<NaiveDate>,
    /// First day on which it is closed
    #[oai(skip_serializing_if_is_none)]
    pub closed_on: Option<NaiveDate>,
    pub as_at: NaiveDate,
    pub people: u32,
    /// In post + vacant; rates are taken by it
    pub establishment_thousandths: i32,
    /// In post + vacant - over
    pub funded_thousandths: i32,
    pub in_post_thousandths: i32,
    pub vacant_thousandths: i32,
    /// In post beyond what is funded
    pub over_thousandths: i32,
    /// Absent with a vacancy: since before our records
    #[oai(skip_serializing_if_is_none)]
    pub vacant_since: Option<NaiveDate>,
}

/// What is asked back once, because it may be a slip: sent again with `confirmed`, it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum PostQuestion {
    /// More than 10 WTE in one post
    LargePost,
    /// More people in it than it would have funding for
    BeyondFunding,
}

impl PostQuestion {
    pub fn code(self) -> &'static str {
        match self {
            Self::LargePost => "large_post",
            Self::BeyondFunding => "beyond_funding",
        }
    }
}

/// Posts that somebody should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum PostsOnly {
    /// Some of it vacant for over three months
    LongVacant,
    /// More people in it than it has funding for
    OverFilled,
    /// Its funding ends within six months
    FundingEnds,
}

/// A post with its establishment over time.
#[derive(Debug, Object)]
pub struct PostDetailOut {
    pub post: PostOut,
    pub establishment: Vec<EstablishmentOut>,
    /// What it was and is, oldest first, when it ever changed
    #[oai(default, skip_serializing_if_is_empty)]
    pub history: Vec<PostTermsOut>,
}

impl OrganisationOut {
    pub fn new(row: organisation::Model, reviewed_on: Option<NaiveDate>, may_edit: bool) -> Self {
        let organisation::Model { id, name, sector, is_employer, is_provider, pay_framework, synthetic, .. } = row;
        Self {
            sector_label: label("sector", &sector),
            pay_framework_label: label("pay_framework", &pay_framework),
            id,
            name,
            sector,
            is_employer,
            is_provider,
            pay_framework,
            synthetic,
            reviewed_on,
            may_edit,
        }
    }
}

impl ServiceOut {
    pub fn new(
        row: service::Model,
        history: Option<&History<Placing>>,
        also_serves: Vec<String>,
        totals: TotalsOut,
        as_at: NaiveDate,
    ) -> Self {
        let placing = history.map_or_else(|| Placing::from(&row), |history| history.on(as_at).clone());
        let Placing { area, service_type, tier, sector } = placing;
        let service::Model { id, name, opened_on, closed_on, .. } = row;
        Self {
            area_label: area_label(&area),
            service_type_label: label("service_type", &service_type),
            tier_label: label("tier", &tier),
            sector_label: label("sector", &sector),
            id,
            name,
            area,
            also_serves,
            service_type,
            tier,
            sector,
            opened_on: known_day(opened_on),
            closed_on,
            as_at,
            totals,
            history: Vec::new(),
        }
    }
}

impl PostOut {
    pub fn new(row: post::Model, service: service::Model, facts: Option<&PostFacts>, as_at: NaiveDate) -> Self {
        let standing = facts.map(|facts| facts.standing(as_at)).unwrap_or_default();
        let people = facts.map_or(0, |facts| facts.holds_on(as_at).count());
        let terms = facts.map_or_else(|| PostTerms::from(&row), |facts| facts.terms.on(as_at).clone());
        let PostTerms { role, peer_role, volunteer, pay_framework } = terms;
        let post::Model { id, service_id, reference, funding_ends_on, opened_on, closed_on, .. } = row;
        let family = vocabulary::term("role", &role).and_then(|role| role.parent.clone()).unwrap_or_default();
        Self {
            role_label: label("role", &role),
            role_family_label: label("role_family", &family),
            role_family: family,
            pay_framework_label: label("pay_framework", &pay_framework),
            full_time_minutes: pay::full_time_minutes(&pay_framework, as_at).unwrap_or(0),
            id,
            service_id,
            service_name: service.name,
            reference,
            role,
            peer_role,
            volunteer,
            pay_framework,
            funding_ends_on,
            opened_on: known_day(opened_on),
            closed_on,
            as_at,
            people: u32::try_from(people).unwrap_or(u32::MAX),
            establishment_thousandths: standing.establishment(),
            funded_thousandths: standing.funded,
            in_post_thousandths: standing.in_post,
            vacant_thousandths: standing.vacant,
            over_thousandths: standing.over,
            vacant_since: standing.vacant_since.and_then(known_day),
        }
    }
}

impl From<post_establishment::Model> for EstablishmentOut {
    fn from(row: post_establishment::Model) -> Self {
        let post_establishment::Model { starts_on, wte_thousandths, recorded_at, .. } = row;
        Self { starts_on: known_day(starts_on), wte_thousandths, recorded_at }
    }
}
