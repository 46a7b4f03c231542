//! Where a person stands with a requirement.

use poem_openapi::Enum;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::Spelled;

/// Where a person stands with a requirement: worst to be done first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize, PartialOrd, Ord,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Never held, and the grace period is over
    Overdue,
    /// Was held, and has lapsed
    Expired,
    /// Never held, within the grace period
    Due,
    /// Held, but lapses within the window
    Expiring,
    /// Held
    Met,
    /// Need not be held
    Exempt,
}

impl Status {
    /// Held today, whether or not it lapses soon.
    pub fn is_held(self) -> bool {
        matches!(self, Self::Met | Self::Expiring)
    }

    /// Asked for and not held.
    pub fn is_missing(self) -> bool {
        matches!(self, Self::Overdue | Self::Expired | Self::Due)
    }

    /// Something to do: not held, or lapsing soon.
    pub fn asks_for_action(self) -> bool {
        self.is_missing() || self == Self::Expiring
    }
}

impl Spelled for Status {
    fn spelling(&self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Expired => "expired",
            Self::Due => "due",
            Self::Expiring => "expiring",
            Self::Met => "met",
            Self::Exempt => "exempt",
        }
    }
}
