//! One dimension of a table: its finest categories (atoms) and everything that is counted over
//! several of them at once (unions), in any overlap: boards and ADPs are both unions of councils.

use super::Refusal;

/// Nodes are numbered: first the atoms, then the unions in the order given, last the total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    nodes: Vec<Vec<usize>>,
    atoms: usize,
    crossed: bool,
}

impl Dimension {
    /// Categories that do not overlap, and their total.
    pub fn flat(atoms: usize) -> Result<Self, Refusal> {
        Self::with_unions(atoms, &[])
    }

    /// Categories, unions of them (in any order and overlap, equal ones allowed), and the total.
    pub fn with_unions(atoms: usize, unions: &[Vec<usize>]) -> Result<Self, Refusal> {
        let mut nodes: Vec<Vec<usize>> = (0..atoms).map(|atom| vec![atom]).collect();
        for union in unions {
            let mut set = union.clone();
            set.sort_unstable();
            set.dedup();
            if set.last().is_none_or(|&last| last >= atoms) {
                return Err(Refusal::BadDimension);
            }
            nodes.push(set);
        }
        if atoms == 0 {
            return Err(Refusal::BadDimension);
        }
        nodes.push((0..atoms).collect());
        Ok(Self { nodes, atoms, crossed: true })
    }

    /// The split of a measure into those who meet it and those who do not. It is protected like
    /// any dimension, so that numerator, rest and base cannot betray each other, but it is part of
    /// the measure and does not use up one of the dimensions a question may cross.
    pub fn outcome() -> Self {
        Self { nodes: vec![vec![0], vec![1], vec![0, 1]], atoms: 2, crossed: false }
    }

    pub fn atoms(&self) -> usize {
        self.atoms
    }

    /// How many nodes there are, the total included.
    pub fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// The node that covers everything.
    pub fn total(&self) -> usize {
        self.nodes.len() - 1
    }

    /// The atoms beneath a node, ascending.
    pub fn beneath(&self, node: usize) -> &[usize] {
        &self.nodes[node]
    }

    /// Does it use up one of the dimensions a question may cross?
    pub fn is_crossed(&self) -> bool {
        self.crossed
    }

    /// For each node the first node that covers the same atoms: Fife is one council, one ADP and
    /// one health board, and the three show the same figure.
    pub(crate) fn twins(&self) -> Vec<usize> {
        (0..self.nodes())
            .map(|node| self.nodes[..node].iter().position(|other| *other == self.nodes[node]).unwrap_or(node))
            .collect()
    }

    /// Is everything beneath `part` also beneath `whole`, and more?
    pub(crate) fn strictly_within(&self, part: usize, whole: usize) -> bool {
        let (part, whole) = (&self.nodes[part], &self.nodes[whole]);
        part.len() < whole.len() && part.iter().all(|atom| whole.binary_search(atom).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dimension_numbers_atoms_unions_and_total_in_that_order() {
        let area = Dimension::with_unions(3, &[vec![1, 0, 1], vec![2]]).unwrap();
        assert_eq!((area.atoms(), area.nodes(), area.total()), (3, 6, 5));
        assert_eq!(area.beneath(3), [0, 1]);
        assert_eq!(area.twins(), [0, 1, 2, 3, 2, 5]);
        assert!(area.strictly_within(3, 5) && !area.strictly_within(4, 3) && !area.strictly_within(4, 2));
    }

    #[test]
    fn unions_of_nothing_or_of_unknown_atoms_are_refused() {
        assert_eq!(Dimension::with_unions(3, &[vec![]]), Err(Refusal::BadDimension));
        assert_eq!(Dimension::with_unions(3, &[vec![3]]), Err(Refusal::BadDimension));
        assert_eq!(Dimension::flat(0), Err(Refusal::BadDimension));
    }
}
