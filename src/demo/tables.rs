//! The proportions of a believable sector: who works where, and in which mix. All of them are
//! illustrative and ours.

use std::collections::BTreeMap;

type Weighted = Vec<(&'static str, usize)>;

pub fn given_names() -> Vec<&'static str> {
    include_str!("data/given_names.txt").lines().collect()
}

pub fn family_names() -> Vec<&'static str> {
    include_str!("data/family_names.txt").lines().collect()
}

/// Councils by the size of their population.
pub fn councils() -> Weighted {
    lines(include_str!("data/councils.csv")).map(|cells| (cells[0], weight(cells[1]))).collect()
}

/// Service types by sector.
pub fn services() -> BTreeMap<&'static str, Weighted> {
    grouped(include_str!("data/services.csv"))
}

/// Roles by service type; managers and volunteers come on top.
pub fn staffing() -> BTreeMap<&'static str, Weighted> {
    grouped(include_str!("data/staffing.csv"))
}

/// Made-up place names, none of a real organisation; shuffle before use.
pub fn places() -> Vec<String> {
    const STARTS: [&str; 14] =
        ["Glen", "Strath", "Inver", "Kil", "Ard", "Bal", "Dun", "Craig", "Tor", "Pit", "Aber", "Auchen", "Kin", "Fin"];
    const ENDS: [&str; 18] = [
        "rowan", "larach", "merrin", "fallow", "bracken", "sorrel", "tarsin", "callow", "heddle", "linnet", "pollan",
        "quaich", "skerry", "fennel", "teasel", "orvie", "whin", "marram",
    ];
    STARTS.iter().flat_map(|start| ENDS.iter().map(move |end| format!("{start}{end}"))).collect()
}

fn lines(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().skip(1).map(|line| line.split(',').collect())
}

fn grouped(text: &'static str) -> BTreeMap<&'static str, Weighted> {
    let mut groups: BTreeMap<_, Weighted> = BTreeMap::new();
    for cells in lines(text) {
        groups.entry(cells[0]).or_default().push((cells[1], weight(cells[2])));
    }
    groups
}

fn weight(cell: &str) -> usize {
    cell.parse().unwrap_or_else(|_| panic!("demo tables: {cell:?} is not a weight"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{area, vocabulary};

    #[test]
    fn the_tables_speak_the_vocabularies() {
        assert_eq!(councils().len(), 32);
        assert!(councils().iter().all(|(slug, _)| area::all().get(slug).is_some()));
        let known = |id, slug| assert!(vocabulary::term(id, slug).is_some(), "{id} {slug}");
        for (sector, types) in services() {
            known("sector", sector);
            for (kind, _) in &types {
                known("service_type", kind);
            }
            assert!(types.iter().all(|(kind, _)| staffing().contains_key(kind)), "{sector} has staff everywhere");
        }
        for (kind, roles) in staffing() {
            known("service_type", kind);
            for (role, _) in &roles {
                known("role", role);
            }
        }
        assert!(places().len() > 220);
    }
}
