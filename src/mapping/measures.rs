//! The measures, with the definitions that travel with every table.

use poem_openapi::Enum;
use serde::{Deserialize, Serialize};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    Headcount,
    Posts,
    EstablishmentWte,
    InPostWte,
    VacantWte,
    VacancyRate,
    Coverage,
    Compliance,
}

/// Which pattern of hidden cells a measure follows: figures go when the count beneath them goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    People,
    Posts,
    Covered,
    Complied,
}

impl Measure {
    pub const ALL: [Self; 8] = [
        Self::Headcount,
        Self::Posts,
        Self::EstablishmentWte,
        Self::InPostWte,
        Self::VacantWte,
        Self::VacancyRate,
        Self::Coverage,
        Self::Compliance,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Self::Headcount => "headcount",
            Self::Posts => "posts",
            Self::EstablishmentWte => "establishment_wte",
            Self::InPostWte => "in_post_wte",
            Self::VacantWte => "vacant_wte",
            Self::VacancyRate => "vacancy_rate",
            Self::Coverage => "coverage",
            Self::Compliance => "compliance",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Headcount => "People (headcount)",
            Self::Posts => "Posts",
            Self::EstablishmentWte => "Establishment (WTE)",
            Self::InPostWte => "In post (WTE)",
            Self::VacantWte => "Vacant (WTE)",
            Self::VacancyRate => "Vacancy rate (%)",
            Self::Coverage => "Skill coverage (%)",
            Self::Compliance => "Training compliance (%)",
        }
    }

    pub fn unit(self) -> &'static str {
        match self {
            Self::Headcount => "people",
            Self::Posts => "posts",
            Self::EstablishmentWte | Self::InPostWte | Self::VacantWte => "wte",
            Self::VacancyRate | Self::Coverage | Self::Compliance => "percent",
        }
    }

    pub fn definition(self) -> &'static str {
        match self {
            Self::Headcount => {
                "Distinct people in post on the date, volunteers included. Somebody with two posts counts once in every total and once in each part that holds one of the posts."
            }
            Self::Posts => "Posts open on the date, filled or vacant, volunteer posts included.",
            Self::EstablishmentWte => {
                "In post plus vacant, in whole-time equivalents. Volunteer posts have no establishment and are left out."
            }
            Self::InPostWte => {
                "Contracted weekly hours over the full-time weekly hours of the pay framework on the date, summed over people in paid posts."
            }
            Self::VacantWte => "What is funded for a post but not filled on the date, in whole-time equivalents.",
            Self::VacancyRate => "Vacant WTE as a share of establishment WTE. Needs at least 10 posts.",
            Self::Coverage => {
                "People holding the skill in date, at the chosen assurance or higher, as a share of people whose role requires it. Everybody counts once, in the post with most hours. Needs at least 10 people."
            }
            Self::Compliance => {
                "Requirements met in date, at the chosen assurance or higher, as a share of all requirements that apply; one for each person, post and requirement. Needs at least 10."
            }
        }
    }

    pub fn pattern(self) -> Pattern {
        match self {
            Self::Headcount | Self::InPostWte => Pattern::People,
            Self::Posts | Self::EstablishmentWte | Self::VacantWte | Self::VacancyRate => Pattern::Posts,
            Self::Coverage => Pattern::Covered,
            Self::Compliance => Pattern::Complied,
        }
    }
}
