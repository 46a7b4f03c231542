//! Areas of Scotland: health boards, councils, Alcohol and Drug Partnerships, and their dated links.
//! The key is our own slug. Official codes are attributes: they retire, and the S11 codes of ADPs
//! collide with an ONS geography, so they are never looked up.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use chrono::NaiveDate;
use entity::value::{AreaKind, Spelled};

use super::{
    csvfile,
    lookup::{Lookup, Names},
    period::Period,
};

pub const VERSION: &str = "2026.1";
pub const SOURCE: &str =
    "Public Health Scotland and ScotPHO geography look-ups; ADPs as counted by the Scottish Government";
pub const SCOTLAND: &str = "scotland";

const KINDS: [AreaKind; 4] = [AreaKind::Scotland, AreaKind::HealthBoard, AreaKind::Council, AreaKind::Adp];

#[derive(Debug)]
pub struct Area {
    pub slug: String,
    pub kind: AreaKind,
    pub name: String,
    pub official_code: Option<String>,
    pub other_code: Option<String>,
    /// Codes that older files still carry.
    pub former_codes: Vec<String>,
    pub aliases: Vec<String>,
    pub period: Period,
}

#[derive(Debug)]
pub struct Link {
    pub area: String,
    pub within: String,
    pub period: Period,
}

/// One square of the tile map of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    pub column: i32,
    pub row: i32,
}

/// Where a council, and so a service that is based in it, is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parents<'a> {
    pub council: &'a str,
    pub health_board: &'a str,
    pub adp: &'a str,
    pub scotland: &'a str,
}

#[derive(Debug)]
pub struct Areas {
    pub areas: Vec<Area>,
    pub links: Vec<Link>,
    tiles: BTreeMap<String, Tile>,
    by_slug: BTreeMap<String, usize>,
    names: BTreeMap<AreaKind, Names>,
}

pub fn all() -> &'static Areas {
    static AREAS: OnceLock<Areas> = OnceLock::new();
    AREAS.get_or_init(read)
}

impl Areas {
    pub fn get(&self, slug: &str) -> Option<&Area> {
        self.by_slug.get(slug).map(|at| &self.areas[*at])
    }

    pub fn of_kind(&self, kind: AreaKind) -> impl Iterator<Item = &Area> {
        self.areas.iter().filter(move |area| area.kind == kind)
    }

    pub fn tile(&self, slug: &str) -> Option<Tile> {
        self.tiles.get(slug).copied()
    }

    /// An area of one kind by slug, name, customary name, or official code old or new.
    pub fn find(&self, kind: AreaKind, text: &str) -> Lookup<'_, Area> {
        self.names.get(&kind).map_or(Lookup::Unknown, |names| names.find(text, &self.areas))
    }

    /// By exactly one of its names; costs nothing when there is none.
    pub fn named(&self, kind: AreaKind, text: &str) -> Option<&Area> {
        self.names.get(&kind).and_then(|names| names.named(text, &self.areas))
    }

    /// The areas that hold this one directly on that date.
    pub fn within(&self, slug: &str, date: NaiveDate) -> impl Iterator<Item = &Area> {
        self.links
            .iter()
            .filter(move |link| link.area == slug && link.period.contains(date))
            .filter_map(|link| self.get(&link.within))
    }

    /// The board and the ADP of a council on that date; none for anything but a council.
    pub fn parents(&self, council: &str, date: NaiveDate) -> Option<Parents<'_>> {
        let council = self.get(council).filter(|area| area.kind == AreaKind::Council)?;
        let parent = |kind| self.within(&council.slug, date).find(|area| area.kind == kind).map(|a| a.slug.as_str());
        Some(Parents {
            council: &council.slug,
            health_board: parent(AreaKind::HealthBoard)?,
            adp: parent(AreaKind::Adp)?,
            scotland: SCOTLAND,
        })
    }

    /// The councils that make up an area of any kind on that date, in the order of the list.
    pub fn councils_of(&self, slug: &str, date: NaiveDate) -> Vec<&Area> {
        self.of_kind(AreaKind::Council)
            .filter(|council| {
                slug == SCOTLAND
                    || council.slug == slug
                    || self.within(&council.slug, date).any(|parent| parent.slug == slug)
            })
            .collect()
    }

    /// Areas of different kinds that are the same piece of land on that date, so that a figure
    /// which is hidden for one must be hidden for all. Each group in the order of the list.
    pub fn coinciding(&self, date: NaiveDate) -> Vec<Vec<&Area>> {
        let mut groups: BTreeMap<BTreeSet<&str>, Vec<&Area>> = BTreeMap::new();
        for area in self.areas.iter().filter(|area| area.kind != AreaKind::Scotland) {
            let ground = self.councils_of(&area.slug, date).into_iter().map(|c| c.slug.as_str()).collect();
            groups.entry(ground).or_default().push(area);
        }
        groups.into_values().filter(|group| group.len() > 1).collect()
    }
}

fn read() -> Areas {
    let areas: Vec<Area> =
        csvfile::rows("areas.csv", include_str!("data/areas.csv")).into_iter().map(read_area).collect();
    let links = csvfile::rows("area_links.csv", include_str!("data/area_links.csv"))
        .into_iter()
        .map(|mut row| Link { area: row.take("area"), within: row.take("within"), period: row.take_period() })
        .collect();
    let tiles = csvfile::rows("tiles.csv", include_str!("data/tiles.csv"))
        .into_iter()
        .map(|mut row| (row.take("area"), Tile { column: row.take_number("column"), row: row.take_number("row") }))
        .collect();
    let mut names: BTreeMap<AreaKind, Names> = BTreeMap::new();
    for (at, area) in areas.iter().enumerate() {
        let names = names.entry(area.kind).or_default();
        for name in area_names(area) {
            names.add(&name, at);
        }
    }
    let by_slug = areas.iter().enumerate().map(|(at, area)| (area.slug.clone(), at)).collect();
    Areas { areas, links, tiles, by_slug, names }
}

fn read_area(mut row: csvfile::Row) -> Area {
    let kind = row.take("kind");
    Area {
        slug: row.take("slug"),
        kind: KINDS
            .into_iter()
            .find(|known| known.spelling() == kind)
            .unwrap_or_else(|| panic!("areas.csv: no kind {kind:?}")),
        name: row.take("name"),
        official_code: row.take_some("official_code"),
        other_code: row.take_some("other_code"),
        former_codes: row.take_list("former_codes"),
        aliases: row.take_list("aliases"),
        period: row.take_period(),
    }
}

/// Every way in which an area of its kind may be named. "NHS" and "ADP" may be left out.
fn area_names(area: &Area) -> Vec<String> {
    let mut names = vec![area.slug.clone(), area.name.clone()];
    let short = area.name.trim_start_matches("NHS ").trim_end_matches(" ADP");
    names.push(short.to_owned());
    if area.kind == AreaKind::Council {
        names.push(format!("{short} Council"));
    }
    if let Some((_, bare)) = area.slug.split_once('-') {
        names.push(bare.to_owned());
    }
    names.extend(area.official_code.clone());
    names.extend(area.former_codes.iter().cloned());
    names.extend(area.aliases.iter().cloned());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATES: [&str; 4] = ["1999-12-31", "2019-04-01", "2026-03-31", "2040-01-01"];

    fn on(date: &str) -> NaiveDate {
        date.parse().unwrap()
    }

    #[test]
    fn scotland_has_14_boards_32_councils_and_30_adps() {
        let count = |kind| all().of_kind(kind).count();
        assert_eq!(KINDS.map(count), [1, 14, 32, 30]);
    }

    #[test]
    fn slugs_and_codes_are_unique() {
        let mut seen = BTreeSet::new();
        for area in &all().areas {
            let codes = area.official_code.iter().chain(&area.other_code).chain(&area.former_codes);
            for key in codes.chain([&area.slug]) {
                assert!(seen.insert(key.clone()), "{key} twice");
            }
        }
    }

    #[test]
    fn every_council_has_one_board_and_one_adp_on_any_date() {
        for council in all().of_kind(AreaKind::Council) {
            for date in DATES {
                let mut kinds: Vec<_> = all().within(&council.slug, on(date)).map(|area| area.kind).collect();
                kinds.sort();
                assert_eq!(kinds, [AreaKind::HealthBoard, AreaKind::Adp], "{} on {date}", council.slug);
                let parents = all().parents(&council.slug, on(date)).unwrap();
                let board_of_adp: Vec<_> = all().within(parents.adp, on(date)).map(|area| area.slug.as_str()).collect();
                assert_eq!(board_of_adp, [parents.health_board], "{} on {date}", parents.adp);
            }
        }
        assert_eq!(all().parents("adp-fife", on("2026-01-01")), None);
    }

    #[test]
    fn two_adps_cover_two_councils_and_the_rest_one() {
        let councils = |adp| -> Vec<&str> {
            all().councils_of(adp, on("2026-03-31")).into_iter().map(|c| c.slug.as_str()).collect()
        };
        assert_eq!(councils("adp-meldap"), ["council-east-lothian", "council-midlothian"]);
        assert_eq!(councils("adp-clacks-stirling"), ["council-clackmannanshire", "council-stirling"]);
        let single = all().of_kind(AreaKind::Adp).filter(|adp| councils(&adp.slug).len() == 1).count();
        assert_eq!(single, 28);
        assert_eq!(councils(SCOTLAND).len(), 32);
        assert_eq!(councils("nhs-lothian").len(), 4);
    }

    #[test]
    fn six_boards_are_also_one_adp_and_one_council() {
        let groups = all().coinciding(on("2026-03-31"));
        let boards: Vec<_> = groups.iter().filter(|g| g.len() == 3).map(|group| group[0].slug.as_str()).collect();
        let mut boards = boards;
        boards.sort_unstable();
        assert_eq!(
            boards,
            ["nhs-borders", "nhs-dumfries-and-galloway", "nhs-fife", "nhs-orkney", "nhs-shetland", "nhs-western-isles"]
        );
        assert_eq!(groups.iter().filter(|g| g.len() == 2).count(), 22);
    }

    #[test]
    fn areas_are_found_by_name_alias_and_retired_code() {
        let slug = |kind, text| all().find(kind, text).found().map(|area| area.slug.as_str());
        assert_eq!(slug(AreaKind::Council, "glasgow"), Some("council-glasgow-city"));
        assert_eq!(slug(AreaKind::Council, "S12000046"), Some("council-glasgow-city"));
        assert_eq!(slug(AreaKind::Council, "Dumfries & Galloway Council"), Some("council-dumfries-and-galloway"));
        assert_eq!(slug(AreaKind::HealthBoard, "ayrshire & arran"), Some("nhs-ayrshire-and-arran"));
        assert_eq!(slug(AreaKind::Adp, "MELDAP"), Some("adp-meldap"));
        assert_eq!(slug(AreaKind::Adp, "S11000001"), None);
        let Lookup::DidYouMean(meant) = all().find(AreaKind::Council, "Clackmananshire") else { panic!("suggested") };
        assert_eq!(meant.slug, "council-clackmannanshire");
    }

    #[test]
    fn every_area_has_its_own_tile_on_the_map_of_its_kind() {
        for kind in [AreaKind::HealthBoard, AreaKind::Council, AreaKind::Adp] {
            let tiles: BTreeSet<_> =
                all().of_kind(kind).map(|area| all().tile(&area.slug).map(|t| (t.column, t.row)).unwrap()).collect();
            assert_eq!(tiles.len(), all().of_kind(kind).count());
        }
    }
}
