//! The linked set as the engine sees it: twins (equal nodes) merged into one variable, and for
//! each node the ways in which people can be moved through it. Taking one person from atom `b` and
//! putting one into atom `a` changes exactly the nodes that cover one of the two; doing this in
//! every dimension at once, with alternating signs, is a box: the smallest change of a table that
//! keeps every sum true. (Hypercubes: Giessing and Repsilber, GHMITER, in tau-ARGUS; here over the
//! joint hierarchy, so that sub-tables need no reconciling.)

use super::linked::MOST_DIMENSIONS;
use super::{Dimension, Linked, Refusal, Standing};

/// Stands for "no upper bound": far from overflow when added to.
pub(crate) const FAR: i64 = i64::MAX / 4;

/// One way to move people through a node along one dimension: the other nodes that change, as
/// index offsets, each with the sign of its change when the node itself gains.
pub(crate) struct Factor {
    pub others: Vec<(isize, i8)>,
}

struct Axis {
    stride: usize,
    size: usize,
    /// By node, those that touch fewest others first.
    factors: Vec<Vec<Factor>>,
}

/// Indexed by variable, except `variable_of` (by cell).
pub(crate) struct Grid {
    pub variable_of: Vec<usize>,
    pub value: Vec<i64>,
    pub lower: Vec<i64>,
    pub upper: Vec<i64>,
    /// Can it be hidden?
    pub open: Vec<bool>,
    /// Must it be hidden?
    pub sensitive: Vec<bool>,
    /// What a reader loses when it is hidden.
    pub cost: Vec<u64>,
    /// Pairs (part, whole) with `part <= whole` that touch the variable.
    pub ties: Vec<Vec<(usize, usize)>>,
    /// By variable that is an atom in every dimension and can be hidden: everything that covers it,
    /// itself included, ascending. Empty for all others.
    pub covering: Vec<Vec<usize>>,
    /// By variable: those atoms beneath it, itself included.
    pub beneath: Vec<Vec<usize>>,
    axes: Vec<Axis>,
    top: usize,
}

impl Grid {
    pub fn new(linked: &Linked) -> Result<Self, Refusal> {
        let kept: Vec<Kept> = linked.dimensions().iter().map(Kept::new).collect();
        let size = kept.iter().map(|kept| kept.nodes.len()).product();
        let mut axes = Vec::with_capacity(MOST_DIMENSIONS);
        let mut stride = size;
        for (dimension, kept) in linked.dimensions().iter().zip(&kept) {
            stride /= kept.nodes.len();
            axes.push(Axis { stride, size: kept.nodes.len(), factors: factors(dimension, kept, stride) });
        }
        let mut grid = Self {
            variable_of: Vec::with_capacity(linked.cells().len()),
            value: vec![0; size],
            lower: vec![0; size],
            upper: vec![FAR; size],
            open: vec![true; size],
            sensitive: vec![false; size],
            cost: vec![0; size],
            ties: vec![Vec::new(); size],
            covering: vec![Vec::new(); size],
            beneath: vec![Vec::new(); size],
            top: 0,
            axes,
        };
        for (index, cell) in linked.cells().iter().enumerate() {
            let at = linked.coordinates(index);
            let variable =
                at.iter().zip(&kept).zip(&grid.axes).map(|((&node, kept), axis)| kept.rank[node] * axis.stride).sum();
            grid.variable_of.push(variable);
            grid.value[variable] = signed(cell.value);
            grid.lower[variable] = grid.lower[variable].max(signed(cell.lower));
            grid.upper[variable] = grid.upper[variable].min(cell.upper.map_or(FAR, signed));
            match cell.standing {
                Standing::Free => {}
                Standing::Sensitive(_) => grid.sensitive[variable] = true,
                Standing::Public => grid.open[variable] = false,
            }
            let weight: u64 =
                at.iter().zip(linked.dimensions()).map(|(&node, dimension)| weight(dimension, node)).product();
            grid.cost[variable] += weight * (8 + u64::from(64 - cell.value.leading_zeros()));
        }
        for &(part, whole) in linked.within() {
            let pair = (grid.variable_of[part], grid.variable_of[whole]);
            grid.ties[pair.0].push(pair);
            grid.ties[pair.1].push(pair);
        }
        for (index, &variable) in grid.variable_of.iter().enumerate() {
            if grid.sensitive[variable] && !grid.open[variable] {
                return Err(Refusal::Exposed { cell: index });
            }
        }
        grid.top = grid.variable_of.last().copied().unwrap_or(0);
        grid.cover(linked.dimensions(), &kept);
        Ok(grid)
    }

    fn cover(&mut self, dimensions: &[Dimension], kept: &[Kept]) {
        let mut atoms = vec![(0, vec![0])];
        for ((dimension, kept), axis) in dimensions.iter().zip(kept).zip(&self.axes) {
            let covering = kept.covering(dimension);
            let longer = |(atom, above): &(usize, Vec<usize>)| {
                let extend = |ranks: &[usize]| -> Vec<usize> {
                    above.iter().flat_map(|&one| ranks.iter().map(move |&rank| one + rank * axis.stride)).collect()
                };
                let atom = *atom;
                covering
                    .iter()
                    .enumerate()
                    .map(move |(own, ranks)| (atom + kept.rank[own] * axis.stride, extend(ranks)))
                    .collect::<Vec<_>>()
            };
            atoms = atoms.iter().flat_map(longer).collect();
        }
        for (atom, mut above) in atoms {
            if self.open[atom] {
                above.sort_unstable();
                for &variable in &above {
                    self.beneath[variable].push(atom);
                }
                self.covering[atom] = above;
            }
        }
    }

    pub fn len(&self) -> usize {
        self.value.len()
    }

    pub fn dimensions(&self) -> usize {
        self.axes.len()
    }

    /// The variable that is the total in every dimension.
    pub fn top(&self) -> usize {
        self.top
    }

    /// The ways to move people through this variable along one dimension.
    pub fn factors(&self, dimension: usize, variable: usize) -> &[Factor] {
        let axis = &self.axes[dimension];
        &axis.factors[variable / axis.stride % axis.size]
    }
}

/// Values are limited to 2^40 when the linked set is built.
fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(FAR).min(FAR)
}

/// Totals are wanted most, then boards and families, then single categories. A total is shared by
/// every table that has the other dimensions, so hiding it costs far more than what one table loses.
fn weight(dimension: &Dimension, node: usize) -> u64 {
    match dimension.beneath(node).len() {
        1 => 1,
        all if all == dimension.atoms() => 60,
        _ => 2,
    }
}

/// The nodes of a dimension that stay when twins are merged, and each node's place among them.
struct Kept {
    nodes: Vec<usize>,
    rank: Vec<usize>,
}

impl Kept {
    fn new(dimension: &Dimension) -> Self {
        let mut kept = Self { nodes: Vec::new(), rank: Vec::new() };
        for (node, twin) in dimension.twins().into_iter().enumerate() {
            if twin == node {
                kept.rank.push(kept.nodes.len());
                kept.nodes.push(node);
            } else {
                kept.rank.push(kept.rank[twin]);
            }
        }
        kept
    }

    /// By atom: the ranks of the kept nodes that cover it.
    fn covering(&self, dimension: &Dimension) -> Vec<Vec<usize>> {
        let covers = |node: usize, atom: usize| dimension.beneath(node).binary_search(&atom).is_ok();
        let ranks = 0..self.nodes.len();
        (0..dimension.atoms())
            .map(|atom| ranks.clone().filter(|&rank| covers(self.nodes[rank], atom)).collect())
            .collect()
    }
}

fn factors(dimension: &Dimension, kept: &Kept, stride: usize) -> Vec<Vec<Factor>> {
    let covering = kept.covering(dimension);
    let step = |from: usize, to: usize| (to * stride).cast_signed() - (from * stride).cast_signed();
    let one = |rank: usize, node: usize| {
        let mut ways = Vec::new();
        for &gains in dimension.beneath(node) {
            let elsewhere = (0..dimension.atoms()).filter(|atom| dimension.beneath(node).binary_search(atom).is_err());
            for loses in std::iter::once(None).chain(elsewhere.map(Some)) {
                let lost: &[usize] = loses.map_or(&[], |atom| &covering[atom]);
                let up = covering[gains].iter().filter(|other| !lost.contains(other)).map(|&other| (other, 1));
                let down = lost.iter().filter(|other| !covering[gains].contains(other)).map(|&other| (other, -1));
                let others = up.chain(down).filter(|&(other, _)| other != rank);
                ways.push(Factor { others: others.map(|(other, sign)| (step(rank, other), sign)).collect() });
            }
        }
        ways.sort_by_key(|way| way.others.len());
        ways
    };
    kept.nodes.iter().enumerate().map(|(rank, &node)| one(rank, node)).collect()
}
