//! Axes: dimensions that belong together. Boards, ADPs and councils are one axis, roles and their
//! families another: a question that names one node of an axis is counted and protected for all
//! nodes of it, so that tables by council and by ADP can stand side by side.

use chrono::NaiveDate;
use disclosure::{Dimension, Refusal};
use entity::value::AreaKind;
use poem_openapi::Enum;
use serde::{Deserialize, Serialize};

use crate::reference::{area, vocabulary};

/// What a table can be broken down by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum By {
    HealthBoard,
    Council,
    Adp,
    Sector,
    ServiceType,
    Tier,
    RoleFamily,
    Role,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AxisKind {
    Area,
    Sector,
    ServiceType,
    Tier,
    Role,
}

impl AxisKind {
    pub const ALL: [Self; 5] = [Self::Area, Self::Sector, Self::ServiceType, Self::Tier, Self::Role];
}

impl By {
    pub const ALL: [Self; 8] = [
        Self::HealthBoard,
        Self::Council,
        Self::Adp,
        Self::Sector,
        Self::ServiceType,
        Self::Tier,
        Self::RoleFamily,
        Self::Role,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Self::HealthBoard => "health_board",
            Self::Council => "council",
            Self::Adp => "adp",
            Self::Sector => "sector",
            Self::ServiceType => "service_type",
            Self::Tier => "tier",
            Self::RoleFamily => "role_family",
            Self::Role => "role",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::HealthBoard => "Health board",
            Self::Council => "Council area",
            Self::Adp => "Alcohol and Drug Partnership",
            Self::Sector => "Sector",
            Self::ServiceType => "Service type",
            Self::Tier => "Tier",
            Self::RoleFamily => "Role family",
            Self::Role => "Role",
        }
    }

    pub fn axis(self) -> AxisKind {
        match self {
            Self::HealthBoard | Self::Council | Self::Adp => AxisKind::Area,
            Self::Sector => AxisKind::Sector,
            Self::ServiceType => AxisKind::ServiceType,
            Self::Tier => AxisKind::Tier,
            Self::RoleFamily | Self::Role => AxisKind::Role,
        }
    }

    fn area_kind(self) -> Option<AreaKind> {
        match self {
            Self::HealthBoard => Some(AreaKind::HealthBoard),
            Self::Council => Some(AreaKind::Council),
            Self::Adp => Some(AreaKind::Adp),
            _ => None,
        }
    }

    /// Its values with their labels, in the order of the vocabulary.
    pub fn values(self) -> Vec<(&'static str, &'static str)> {
        match self.area_kind() {
            Some(kind) => area::all().of_kind(kind).map(|area| (area.slug.as_str(), area.name.as_str())).collect(),
            None => vocabulary::get(self.id())
                .map(|found| found.terms.iter().map(|term| (term.slug.as_str(), term.label.as_str())).collect())
                .unwrap_or_default(),
        }
    }

    pub fn value_label(self, value: &str) -> Option<&'static str> {
        self.values().into_iter().find(|(slug, _)| *slug == value).map(|(_, label)| label)
    }
}

/// A node of an axis: one value of one dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub by: By,
    pub value: String,
}

/// One axis with its nodes; the last node is the total over all of it.
#[derive(Clone, Debug)]
pub struct Axis {
    pub kind: AxisKind,
    pub dimension: Dimension,
    /// Atoms first, then unions; the total and unions of a filter's values have no node of their own
    nodes: Vec<Option<Node>>,
    atoms: Vec<String>,
    /// By atom: the nodes that cover it, the total included
    covering: Vec<Vec<usize>>,
}

impl Axis {
    /// The axis as at a date, with the union of a filter's values where no node is that already.
    /// `chosen` are the values of a filter on this axis, all of one dimension.
    pub fn new(kind: AxisKind, date: NaiveDate, chosen: &[(By, Vec<String>)]) -> Result<Self, Refusal> {
        let (mut nodes, mut sets) = nodes(kind, date);
        let lower = sets.iter().enumerate().take_while(|(atom, set)| set.as_slice() == [*atom]).count();
        let atoms = nodes[..lower].iter().flatten().map(|node| node.value.clone()).collect();
        let whole = (0..lower).collect::<Vec<_>>();
        if let Some(set) = chosen_atoms(&nodes, &sets, chosen)
            && set != whole
            && !sets.contains(&set)
        {
            nodes.push(None);
            sets.push(set);
        }
        nodes.push(None);
        let dimension = Dimension::with_unions(lower, &sets[lower..])?;
        sets.push(whole);
        let covering = (0..lower)
            .map(|atom| sets.iter().enumerate().filter(|(_, set)| set.contains(&atom)).map(|(node, _)| node).collect())
            .collect();
        Ok(Self { kind, dimension, nodes, atoms, covering })
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn total(&self) -> usize {
        self.nodes.len() - 1
    }

    /// The nodes of the axis without any filter that together are this node: itself, or the atoms
    /// of a filter's union.
    pub fn standard(&self, node: usize) -> Vec<usize> {
        let is_union = self.nodes[node].is_none() && node != self.total();
        let extra = usize::from(self.nodes.iter().filter(|node| node.is_none()).count() > 1);
        match node {
            _ if is_union => self.dimension.beneath(node).to_vec(),
            total if total == self.total() => vec![total - extra],
            other => vec![other],
        }
    }

    pub fn atom(&self, value: &str) -> Option<usize> {
        self.atoms.iter().position(|atom| atom == value)
    }

    pub fn covering(&self, atom: usize) -> &[usize] {
        &self.covering[atom]
    }

    /// The node of a value of a dimension.
    pub fn find(&self, by: By, value: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.as_ref().is_some_and(|node| node.by == by && node.value == value))
    }

    /// The node that stands for everything that the filter lets through.
    pub fn chosen(&self, chosen: &[(By, Vec<String>)]) -> Option<usize> {
        let sets: Vec<Vec<usize>> = (0..self.len()).map(|node| self.dimension.beneath(node).to_vec()).collect();
        match chosen_atoms(&self.nodes, &sets, chosen) {
            None => Some(self.total()),
            Some(set) => sets.iter().position(|other| *other == set),
        }
    }

    /// Whether a node lies within another.
    pub fn lies_within(&self, node: usize, whole: usize) -> bool {
        let whole = self.dimension.beneath(whole);
        self.dimension.beneath(node).iter().all(|atom| whole.contains(atom))
    }
}

/// Whether filters of one axis let nothing through, all of them together.
pub fn leaves_nothing(kind: AxisKind, date: NaiveDate, chosen: &[(By, Vec<String>)]) -> bool {
    let (nodes, sets) = nodes(kind, date);
    chosen_atoms(&nodes, &sets, chosen).is_some_and(|set| set.is_empty())
}

/// The nodes of an axis as at a date, with the atoms beneath each; atoms first.
fn nodes(kind: AxisKind, date: NaiveDate) -> (Vec<Option<Node>>, Vec<Vec<usize>>) {
    let (atoms, unions) = match kind {
        AxisKind::Area => areas(date),
        AxisKind::Role => roles(),
        AxisKind::Sector => flat(By::Sector),
        AxisKind::ServiceType => flat(By::ServiceType),
        AxisKind::Tier => flat(By::Tier),
    };
    let sets = (0..atoms.len()).map(|atom| vec![atom]);
    let (unions, beneath): (Vec<_>, Vec<_>) = unions.into_iter().filter(|(_, set)| !set.is_empty()).unzip();
    let sets = sets.chain(beneath).collect();
    (atoms.into_iter().chain(unions).map(Some).collect(), sets)
}

/// The atoms that every filter of this axis lets through; `None` without a filter.
fn chosen_atoms(nodes: &[Option<Node>], sets: &[Vec<usize>], chosen: &[(By, Vec<String>)]) -> Option<Vec<usize>> {
    let mut through: Option<Vec<usize>> = None;
    for (by, values) in chosen {
        let mut set: Vec<usize> = nodes
            .iter()
            .zip(sets)
            .filter(|(node, _)| node.as_ref().is_some_and(|node| node.by == *by && values.contains(&node.value)))
            .flat_map(|(_, set)| set.iter().copied())
            .collect();
        set.sort_unstable();
        set.dedup();
        through = Some(match through {
            None => set,
            Some(others) => others.into_iter().filter(|atom| set.contains(atom)).collect(),
        });
    }
    through
}

type Parts = (Vec<Node>, Vec<(Node, Vec<usize>)>);

fn areas(date: NaiveDate) -> Parts {
    let all = area::all();
    let councils: Vec<&str> = all.of_kind(AreaKind::Council).map(|area| area.slug.as_str()).collect();
    let atoms = councils.iter().map(|slug| Node { by: By::Council, value: (*slug).to_owned() }).collect();
    let union = |by: By, kind: AreaKind| {
        let councils = councils.clone();
        all.of_kind(kind).map(move |area| {
            let within = all.councils_of(&area.slug, date);
            let set = within.iter().filter_map(|inner| councils.iter().position(|slug| *slug == inner.slug)).collect();
            (Node { by, value: area.slug.clone() }, set)
        })
    };
    (atoms, union(By::Adp, AreaKind::Adp).chain(union(By::HealthBoard, AreaKind::HealthBoard)).collect())
}

fn roles() -> Parts {
    let Some(roles) = vocabulary::get("role") else { return (Vec::new(), Vec::new()) };
    let atoms = roles.terms.iter().map(|term| Node { by: By::Role, value: term.slug.clone() }).collect();
    let families = By::RoleFamily.values().into_iter().map(|(family, _)| {
        let within = roles.terms.iter().enumerate().filter(|(_, term)| term.parent.as_deref() == Some(family));
        (Node { by: By::RoleFamily, value: family.to_owned() }, within.map(|(atom, _)| atom).collect())
    });
    (atoms, families.collect())
}

fn flat(by: By) -> Parts {
    let node = |(value, _): (&str, &str)| Node { by, value: value.to_owned() };
    (by.values().into_iter().map(node).collect(), Vec::new())
}
