//! Organisations of every sector over the whole of Scotland, and their services.

use std::collections::HashSet;

use chrono::{Days, Months, NaiveDate};
use entity::value::AreaKind;
use entity::{figures_confirmation, organisation, service};

use uuid::Uuid;

use super::dice::at;
use super::generate::Make;
use super::tables;
use crate::base::fold::fold;
use crate::reference::{area, vocabulary};

/// A service to be staffed.
#[derive(Clone, Debug)]
pub(super) struct Team {
    /// Place in `rows.services`
    pub service: usize,
    /// Its share of the workforce, against the other teams'
    pub weight: usize,
}

/// Organisations of a full sector, and services.
const EMPLOYERS: usize = 200;
const SERVICES: usize = 300;
/// Places in `rows.organisations` that the story speaks of.
pub(super) const STORY: usize = 0;
pub(super) const NATIONAL: usize = 1;

pub(super) const STORY_COUNCIL: &str = "council-fife";

/// How far an organisation reaches from its home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Council,
    Adp,
    Board,
    Scotland,
}

struct Site {
    sector: &'static str,
    home: String,
    reach: Reach,
}

impl Make<'_> {
    /// Makes organisations and services; the first organisation's services are the story's.
    pub fn employers(&mut self) -> Vec<Team> {
        let mut sites = self.sites();
        let full = sites.len();
        sites.truncate((self.plan.people / 5).clamp(6, full));
        let wanted = (SERVICES * sites.len()).div_ceil(full);
        let mut places = tables::places();
        self.dice.shuffle(&mut places);
        let mut places = places.into_iter().filter(|place| place != "Glenrowan");
        for (index, site) in sites.iter().enumerate() {
            let place = if index == STORY { Some("Glenrowan".to_owned()) } else { places.next() };
            self.employer(index, site, &place.unwrap_or_else(|| format!("Example {index}")));
        }

        let mut teams = Vec::new();
        let mut taken = HashSet::new();
        for (index, site) in sites.iter().enumerate().skip(1) {
            for council in self.first_councils(site) {
                teams.extend(self.team(index, site, &council, &mut taken));
            }
        }
        // The story brings its own two services.
        let growing: Vec<(usize, usize)> =
            sites.iter().enumerate().skip(2).map(|(index, site)| (index, appetite(site.sector))).collect();
        let mut tries = 0;
        while teams.len() + 2 < wanted && tries < wanted * 10 && !growing.is_empty() {
            tries += 1;
            let index = *self.dice.weighted(&growing);
            let council = self.council_in_reach(&sites[index]);
            teams.extend(self.team(index, &sites[index], &council, &mut taken));
        }
        teams
    }

    /// Every organisation, in the order in which a small sector takes them.
    fn sites(&mut self) -> Vec<Site> {
        let site = |sector, home: &str, reach| Site { sector, home: home.to_owned(), reach };
        let areas = area::all();
        let mut sites = vec![
            site("third_sector", STORY_COUNCIL, Reach::Adp),
            site("scottish_government_national_body", "council-city-of-edinburgh", Reach::Council),
        ];
        let weights = tables::councils();
        let greatest = |slug: &str| -> String {
            let mut of_it = areas.councils_of(slug, self.plan.as_at);
            of_it.sort_by_key(|council| {
                weights.iter().find(|(slug, _)| *slug == council.slug).map(|(_, weight)| *weight)
            });
            of_it.pop().map(|council| council.slug.clone()).unwrap_or_default()
        };
        for board in areas.of_kind(AreaKind::HealthBoard) {
            sites.push(site("nhs", &greatest(&board.slug), Reach::Board));
        }
        for (count, adp) in areas.of_kind(AreaKind::Adp).enumerate() {
            let sector = if count % 3 == 0 { "hscp_integrated" } else { "local_authority" };
            sites.push(site(sector, &greatest(&adp.slug), Reach::Adp));
            sites.push(site("third_sector", &greatest(&adp.slug), Reach::Adp));
        }
        let more: [(&'static str, usize, Reach); 9] = [
            ("third_sector", 52, Reach::Board),
            ("third_sector", 14, Reach::Scotland),
            ("lero", 26, Reach::Council),
            ("private_independent", 8, Reach::Council),
            ("prison_justice", 7, Reach::Board),
            ("primary_care_contractor", 11, Reach::Council),
            ("education_research", 4, Reach::Council),
            ("scottish_government_national_body", 1, Reach::Council),
            ("other", 1, Reach::Council),
        ];
        let mut rest = Vec::new();
        for (sector, count, reach) in more {
            for _ in 0..count {
                let home = *self.dice.weighted(&weights);
                rest.push(site(sector, home, reach));
            }
        }
        self.dice.shuffle(&mut rest);
        sites.extend(rest);
        sites.truncate(EMPLOYERS);
        sites
    }

    fn employer(&mut self, index: usize, site: &Site, place: &str) {
        let endings: &[&str] = match site.sector {
            "nhs" => &["Health Board"],
            "local_authority" => &["Council"],
            "hscp_integrated" => &["Health and Social Care Partnership"],
            "lero" => &["Recovery Community", "Recovery Café", "Recovery Collective"],
            "private_independent" => &["Clinic", "Lodge"],
            "prison_justice" => &["Prison Healthcare", "Justice Service"],
            "primary_care_contractor" => &["Pharmacy", "Medical Practice"],
            "education_research" => &["College", "Institute"],
            "scottish_government_national_body" => &["National Agency"],
            "third_sector" => {
                &["Recovery", "Drug and Alcohol Service", "Families", "Support", "Outreach", "Trust", "Link"]
            }
            _ => &["Services"],
        };
        let ending = if index == STORY { "Recovery" } else { self.dice.pick(endings) };
        let name = format!("{place} {ending} (synthetic)");
        let own_scales = [("own_scale", 50), ("own_scale_35", 25), ("own_scale_37_5", 25)];
        let pay_framework = match site.sector {
            "nhs" | "prison_justice" => "agenda_for_change",
            "local_authority" | "hscp_integrated" | "scottish_government_national_body" => "local_government",
            _ if index == STORY => "own_scale",
            _ => self.dice.weighted(&own_scales),
        };
        let created = self.dice.before(self.plan.as_at, 800, 1100);
        self.rows.organisations.push(organisation::Model {
            id: self.dice.id(created),
            name_folded: fold(&name),
            name,
            sector: site.sector.to_owned(),
            is_employer: true,
            is_provider: false,
            pay_framework: pay_framework.to_owned(),
            synthetic: true,
            version: 1,
            created_at: at(created),
        });
        let newest = if index == STORY { Some(self.plan.as_at - Days::new(12)) } else { self.reviewed() };
        let Some(newest) = newest else { return };
        // about once a year, as long as it has been here
        let days = std::iter::successors(Some(newest), |day| day.checked_sub_months(Months::new(12)));
        let organisation_id = self.rows.organisations[index].id;
        for (count, day) in (1..).zip(days.take_while(|day| created <= *day)) {
            self.rows.confirmations.push(figures_confirmation::Model {
                id: Uuid::from_u128(organisation_id.0.as_u128() ^ count).into(),
                organisation_id,
                on_day: day,
                earlier_unknown: false,
                account_id: None,
                recorded_at: at(day),
            });
        }
    }

    /// When the employer last said that its entries are right: most lately, some long ago, some never.
    fn reviewed(&mut self) -> Option<NaiveDate> {
        match self.dice.below(100) {
            0..88 => Some(self.dice.before(self.plan.as_at, 1, 85)),
            88..95 => Some(self.dice.before(self.plan.as_at, 400, 700)),
            _ => None,
        }
    }

    /// A board serves each of its ADPs; everyone else begins at home.
    fn first_councils(&self, site: &Site) -> Vec<String> {
        if site.sector != "nhs" {
            return vec![site.home.clone()];
        }
        let parents = area::all().parents(&site.home, self.plan.as_at);
        let Some(board) = parents.map(|parents| parents.health_board) else { return vec![site.home.clone()] };
        let mut adps = HashSet::new();
        let councils = area::all().councils_of(board, self.plan.as_at).into_iter();
        councils
            .filter(|council| {
                let adp = area::all().parents(&council.slug, self.plan.as_at).map(|parents| parents.adp);
                adp.is_some_and(|adp| adps.insert(adp))
            })
            .map(|council| council.slug.clone())
            .collect()
    }

    fn council_in_reach(&mut self, site: &Site) -> String {
        let areas = area::all();
        let around = areas.parents(&site.home, self.plan.as_at).map(|parents| match site.reach {
            Reach::Council => parents.council,
            Reach::Adp => parents.adp,
            Reach::Board => parents.health_board,
            Reach::Scotland => parents.scotland,
        });
        let within = areas.councils_of(around.unwrap_or(area::SCOTLAND), self.plan.as_at);
        let weights: Vec<(&'static str, usize)> = tables::councils()
            .into_iter()
            .filter(|(slug, _)| within.iter().any(|council| council.slug == *slug))
            .collect();
        (*self.dice.weighted(&weights)).to_owned()
    }

    /// A new service of the organisation, unless it has one of the kind in that council.
    fn team(
        &mut self,
        employer: usize,
        site: &Site,
        council: &str,
        taken: &mut HashSet<(usize, String, &'static str)>,
    ) -> Option<Team> {
        let kinds = tables::services().remove(site.sector).unwrap_or_default();
        let kind = (0..6)
            .map(|_| *self.dice.weighted(&kinds))
            .find(|kind| !taken.contains(&(employer, council.to_owned(), *kind)))?;
        taken.insert((employer, council.to_owned(), kind));
        let size = usual_size(site.sector);
        let people = tables::councils().iter().find(|(slug, _)| *slug == council).map_or(100, |(_, weight)| *weight);
        let weight = size * (40 + people.min(400)) * self.dice.below(90).max(18);
        let service = self.service(employer, council, kind, None);
        Some(Team { service, weight })
    }

    /// Adds a service and returns its place.
    pub fn service(&mut self, employer: usize, council: &str, kind: &str, name: Option<&str>) -> usize {
        let organisation = &self.rows.organisations[employer];
        let (organisation_id, sector) = (organisation.id, organisation.sector.clone());
        let term = vocabulary::term("service_type", kind);
        let label = term.map_or(kind, |term| term.label.as_str());
        let place = area::all().get(council).map_or(council, |area| area.name.as_str());
        let opened_on = self.dice.before(self.plan.as_at, 3800, 6500);
        let created = self.dice.before(self.plan.as_at, 760, 790);
        self.rows.services.push(service::Model {
            id: self.dice.id(created),
            organisation_id,
            name: name.map_or_else(|| format!("{label}, {place}"), str::to_owned),
            area: council.to_owned(),
            service_type: kind.to_owned(),
            tier: term.and_then(|term| term.extra("tier")).unwrap_or("none").to_owned(),
            sector,
            opened_on,
            closed_on: None,
            version: 1,
            created_at: at(created),
        });
        self.rows.services.len() - 1
    }
}

/// How readily an organisation of the sector opens another service.
fn appetite(sector: &str) -> usize {
    match sector {
        "nhs" => 8,
        "hscp_integrated" | "local_authority" => 4,
        "third_sector" => 3,
        "prison_justice" => 2,
        _ => 0,
    }
}

/// How large a team of the sector usually is, against the others'.
fn usual_size(sector: &str) -> usize {
    match sector {
        "nhs" => 12,
        "hscp_integrated" => 10,
        "local_authority" => 7,
        "third_sector" => 6,
        "prison_justice" => 5,
        "lero" | "private_independent" => 4,
        "primary_care_contractor" => 2,
        _ => 3,
    }
}
