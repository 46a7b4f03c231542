//! Counting: every figure for every combination of nodes of the axes, in one pass over the facts.
//! Pure. Distinct people are counted once in each combination that any of their posts touches.

use std::collections::BTreeMap;

use super::axes::{Axis, AxisKind};
use super::facts::{Facts, PostFact};

/// The figures of one combination of nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub people: u64,
    pub posts: u64,
    /// WTE in thousandths
    pub in_post: i64,
    pub vacant: i64,
    /// People of whom the skill is required, and who hold it; each at the main post
    pub coverable: u64,
    pub covered: u64,
    /// Requirements that apply, and that are met
    pub required: u64,
    pub met: u64,
    /// People and, for want of them, posts by employer: who dominates
    pub employers: BTreeMap<usize, Share>,
}

/// What one employer adds to a combination.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub people: u64,
    pub posts: u64,
}

#[derive(Debug)]
pub struct Tally {
    axes: Vec<Axis>,
    cells: Vec<Figures>,
    /// Posts whose place or role no axis knows, which are left out
    pub left_out: u64,
    is_empty: bool,
}

impl Tally {
    pub fn new(axes: Vec<Axis>, facts: &Facts) -> Self {
        let size = axes.iter().map(Axis::len).product();
        let mut tally =
            Self { axes, cells: vec![Figures::default(); size], left_out: 0, is_empty: facts.posts.is_empty() };
        let mut of_person: Vec<Vec<(usize, usize)>> = vec![Vec::new(); facts.people];
        let mut main: Vec<Option<(i32, usize, usize)>> = vec![None; facts.people];
        for (number, post) in facts.posts.iter().enumerate() {
            let Some(cells) = tally.touched(post) else {
                tally.left_out += 1;
                continue;
            };
            tally.add_post(post, &cells);
            for (place, holder) in post.holders.iter().enumerate() {
                of_person[holder.person].extend(cells.iter().map(|cell| (*cell, post.organisation)));
                let better = main[holder.person].is_none_or(|(minutes, ..)| holder.minutes > minutes);
                if better {
                    main[holder.person] = Some((holder.minutes, number, place));
                }
            }
        }
        for touched in &mut of_person {
            tally.add_person(touched);
        }
        for (_, number, place) in main.into_iter().flatten() {
            tally.add_main_post(&facts.posts[number], place);
        }
        tally
    }

    /// Whether nothing at all was recorded for the date.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }

    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    pub fn cell(&self, nodes: &[usize]) -> &Figures {
        &self.cells[self.index(nodes)]
    }

    pub fn index(&self, nodes: &[usize]) -> usize {
        self.axes.iter().zip(nodes).fold(0, |index, (axis, node)| index * axis.len() + node)
    }

    /// Every combination of nodes, in the order of [`Tally::index`].
    pub fn combinations(&self) -> Vec<Vec<usize>> {
        self.axes.iter().fold(vec![Vec::new()], |all, axis| {
            let longer = |nodes: &Vec<usize>| {
                let nodes = nodes.clone();
                (0..axis.len()).map(move |node| nodes.iter().copied().chain([node]).collect())
            };
            all.iter().flat_map(longer).collect()
        })
    }

    /// Every combination of nodes that a post counts towards.
    fn touched(&self, post: &PostFact) -> Option<Vec<usize>> {
        let mut cells = vec![0];
        for axis in &self.axes {
            let value = match axis.kind {
                AxisKind::Area => &post.council,
                AxisKind::Sector => &post.sector,
                AxisKind::ServiceType => &post.service_type,
                AxisKind::Tier => &post.tier,
                AxisKind::Role => &post.role,
            };
            let nodes = axis.covering(axis.atom(value)?);
            cells = cells.iter().flat_map(|cell| nodes.iter().map(move |node| cell * axis.len() + node)).collect();
        }
        Some(cells)
    }

    fn add_post(&mut self, post: &PostFact, cells: &[usize]) {
        let in_post = post.in_post();
        let required: u64 = post.holders.iter().map(|holder| u64::from(holder.required)).sum();
        let met: u64 = post.holders.iter().map(|holder| u64::from(holder.met)).sum();
        for &cell in cells {
            let figures = &mut self.cells[cell];
            figures.posts += 1;
            figures.in_post += in_post;
            figures.vacant += post.vacant;
            figures.required += required;
            figures.met += met;
            figures.employers.entry(post.organisation).or_default().posts += 1;
        }
    }

    fn add_person(&mut self, touched: &mut Vec<(usize, usize)>) {
        touched.sort_unstable();
        touched.dedup();
        for (cell, organisation) in touched.iter().copied() {
            self.cells[cell].employers.entry(organisation).or_default().people += 1;
        }
        touched.dedup_by_key(|(cell, _)| *cell);
        for (cell, _) in touched.iter().copied() {
            self.cells[cell].people += 1;
        }
    }

    fn add_main_post(&mut self, post: &PostFact, place: usize) {
        let holder = &post.holders[place];
        if holder.required == 0 {
            return;
        }
        let covered = u64::from(holder.met == holder.required);
        for cell in self.touched(post).unwrap_or_default() {
            self.cells[cell].coverable += 1;
            self.cells[cell].covered += covered;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::axes::By;
    use super::super::facts::Holder;
    use super::*;

    fn holder(person: usize, minutes: i32, met: u32) -> Holder {
        Holder { person, wte: 500, minutes, required: 1, met }
    }

    fn post(council: &str, role: &str, holders: Vec<Holder>) -> PostFact {
        PostFact {
            organisation: 0,
            council: council.to_owned(),
            sector: "nhs".to_owned(),
            service_type: "community_recovery".to_owned(),
            tier: "3".to_owned(),
            role: role.to_owned(),
            vacant: 250,
            holders,
        }
    }

    #[test]
    fn a_person_with_two_posts_counts_once_in_totals_and_once_in_each_part() {
        let facts = Facts {
            posts: vec![
                post("council-fife", "recovery_worker", vec![holder(0, 1200, 1)]),
                post("council-angus", "recovery_worker", vec![holder(0, 600, 0), holder(1, 600, 1)]),
                post("council-nowhere", "recovery_worker", vec![]),
            ],
            people: 2,
            organisations: Vec::new(),
        };
        let axis = Axis::new(AxisKind::Area, "2026-03-31".parse().unwrap(), &[]).unwrap();
        let tally = Tally::new(vec![axis], &facts);
        let axis = &tally.axes()[0];
        let of = |by, value: &str| tally.cell(&[axis.find(by, value).unwrap()]);
        assert_eq!(of(By::Council, "council-fife").people, 1);
        assert_eq!(of(By::Adp, "adp-fife"), of(By::HealthBoard, "nhs-fife"));
        assert_eq!(of(By::Council, "council-angus").people, 2);
        let total = tally.cell(&[axis.total()]);
        assert_eq!((total.people, total.posts, total.in_post, total.vacant), (2, 2, 1500, 500));
        assert_eq!((total.coverable, total.covered), (2, 2), "the main post decides, in Fife");
        assert_eq!((total.required, total.met), (3, 2));
        assert_eq!(of(By::Council, "council-angus").coverable, 1);
        assert_eq!(tally.left_out, 1);
        assert_eq!(total.employers[&0].people, 2);
    }
}
