//! What goes over the wire of what posts and services were over time.

use chrono::NaiveDate;
use poem_openapi::Object;

use super::{area_label, label};
use crate::organisation::history::{History, Placing, PostTerms};

/// What a post was from a day on.
#[derive(Debug, Object)]
pub struct PostTermsOut {
    /// Absent: since it opened
    #[oai(skip_serializing_if_is_none)]
    pub from: Option<NaiveDate>,
    pub role: String,
    pub role_label: String,
    pub peer_role: bool,
    pub volunteer: bool,
    pub pay_framework: String,
    pub pay_framework_label: String,
}

/// How a service was counted from a day on.
#[derive(Debug, Object)]
pub struct PlacingOut {
    /// Absent: since it opened
    #[oai(skip_serializing_if_is_none)]
    pub from: Option<NaiveDate>,
    pub area: String,
    pub area_label: String,
    pub service_type: String,
    pub service_type_label: String,
    pub tier: String,
    pub tier_label: String,
    pub sector: String,
    pub sector_label: String,
}

impl PostTermsOut {
    /// Everything that it was; nothing of what never changed.
    pub fn all(history: &History<PostTerms>) -> Vec<Self> {
        if history.days().next().is_none() {
            return Vec::new();
        }
        let out = |(from, terms): (Option<NaiveDate>, &PostTerms)| {
            let PostTerms { role, peer_role, volunteer, pay_framework } = terms.clone();
            Self {
                from,
                role_label: label("role", &role),
                pay_framework_label: label("pay_framework", &pay_framework),
                role,
                peer_role,
                volunteer,
                pay_framework,
            }
        };
        history.values().map(out).collect()
    }
}

impl PlacingOut {
    /// Everything that it was; nothing of what never changed.
    pub fn all(history: &History<Placing>) -> Vec<Self> {
        if history.days().next().is_none() {
            return Vec::new();
        }
        let out = |(from, placing): (Option<NaiveDate>, &Placing)| {
            let Placing { area, service_type, tier, sector } = placing.clone();
            Self {
                from,
                area_label: area_label(&area),
                service_type_label: label("service_type", &service_type),
                tier_label: label("tier", &tier),
                sector_label: label("sector", &sector),
                area,
                service_type,
                tier,
                sector,
            }
        };
        history.values().map(out).collect()
    }
}
