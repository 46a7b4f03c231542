//! The linked set: every figure that could be published for a question, in every geography and
//! margin at once, with the sums that tie the figures together and what any reader knows of each.

use super::{Dimension, Reason, Refusal};

/// More figures than any question needs; above it a table is refused rather than slow.
pub const MOST_CELLS: usize = 200_000;
/// Far above any count of people; keeps every sum within 64 bits.
const MOST_VALUE: u64 = 1 << 40;
/// Three crossed dimensions and the outcome of a measure.
pub(crate) const MOST_DIMENSIONS: usize = 4;

/// May a figure be hidden, or must it be?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Shown unless it would reveal another.
    Free,
    /// Must be hidden.
    Sensitive(Reason),
    /// Cannot be hidden: already released, or known to everyone (a true zero).
    Public,
}

/// One figure of the linked set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub value: u64,
    /// What every reader knows before seeing the table: the value is at least this ...
    pub lower: u64,
    /// ... and at most this, if anything.
    pub upper: Option<u64>,
    pub standing: Standing,
}

impl Cell {
    /// A count in a table that prints true zeros: a reader knows that what is hidden is not zero.
    pub const fn count(value: u64, reason: Option<Reason>) -> Self {
        match reason {
            _ if value == 0 => Self::public(0),
            Some(reason) => Self { value, lower: 1, upper: None, standing: Standing::Sensitive(reason) },
            None => Self { value, lower: 1, upper: None, standing: Standing::Free },
        }
    }

    /// A count in a table where zeros too may be hidden (people who meet, or do not meet, a
    /// requirement): a reader knows nothing of what is hidden.
    pub const fn outcome(value: u64, reason: Option<Reason>) -> Self {
        let standing = match reason {
            Some(reason) => Standing::Sensitive(reason),
            None => Standing::Free,
        };
        Self { value, lower: 0, upper: None, standing }
    }

    /// A figure that everyone knows already.
    pub const fn public(value: u64) -> Self {
        Self { value, lower: value, upper: Some(value), standing: Standing::Public }
    }
}

/// `value[total] + overlap == sum of value[parts]`. The overlap is above zero where a person with
/// two posts is counted in two parts and once in the total; readers are assumed to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    pub total: usize,
    pub parts: Vec<usize>,
    pub overlap: u64,
}

/// Figures and sums. Made by [`Linked::build`] only, so that they always fit each other.
#[derive(Clone, Debug)]
pub struct Linked {
    dimensions: Vec<Dimension>,
    cells: Vec<Cell>,
    sums: Vec<Sum>,
    within: Vec<(usize, usize)>,
}

impl Linked {
    /// Builds the linked set of a table. `cell` is asked once for each combination of nodes, in
    /// row-major order. Values must be counts of distinct things: parts may overlap, but a part
    /// never exceeds its total, nor the total its parts together, and equal nodes have equal values.
    pub fn build(dimensions: Vec<Dimension>, mut cell: impl FnMut(&[usize]) -> Cell) -> Result<Self, Refusal> {
        let crossed = dimensions.iter().filter(|dimension| dimension.is_crossed()).count();
        if dimensions.len() > MOST_DIMENSIONS {
            return Err(Refusal::TooManyDimensions { asked: crossed });
        }
        let size = dimensions.iter().try_fold(1_usize, |size, dimension| size.checked_mul(dimension.nodes()));
        let Some(size) = size.filter(|&size| size <= MOST_CELLS) else {
            return Err(Refusal::TooManyCells);
        };
        let mut linked = Self { dimensions, cells: Vec::with_capacity(size), sums: Vec::new(), within: Vec::new() };
        let mut at = vec![0; linked.dimensions.len()];
        for index in 0..size {
            linked.coordinates_into(index, &mut at);
            let cell = cell(&at);
            if cell.value < cell.lower || cell.value > cell.upper.unwrap_or(MOST_VALUE).min(MOST_VALUE) {
                return Err(Refusal::OutsideKnowledge { cell: index });
            }
            linked.cells.push(cell);
        }
        linked.tie()?;
        Ok(linked)
    }

    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// All sums that a reader can write down; further ones (Scotland from boards) follow from these.
    pub fn sums(&self) -> &[Sum] {
        &self.sums
    }

    /// Pairs (part, whole) of which a reader knows `part <= whole` without it following from sums.
    pub fn within(&self) -> &[(usize, usize)] {
        &self.within
    }

    /// The cell at these nodes, one per dimension.
    pub fn index(&self, nodes: &[usize]) -> usize {
        self.dimensions.iter().zip(nodes).fold(0, |index, (dimension, &node)| index * dimension.nodes() + node)
    }

    /// The nodes of a cell, one per dimension.
    pub fn coordinates(&self, cell: usize) -> Vec<usize> {
        let mut at = vec![0; self.dimensions.len()];
        self.coordinates_into(cell, &mut at);
        at
    }

    fn coordinates_into(&self, mut cell: usize, at: &mut [usize]) {
        for (dimension, node) in self.dimensions.iter().zip(at).rev() {
            *node = cell % dimension.nodes();
            cell /= dimension.nodes();
        }
    }

    /// Writes down the sums of every node over its atoms, in every dimension, for all nodes of the
    /// other dimensions, and the inequalities that overlaps leave beyond the sums.
    fn tie(&mut self) -> Result<(), Refusal> {
        let mut stride = self.cells.len();
        for dimension in self.dimensions.clone() {
            stride /= dimension.nodes();
            let twins = dimension.twins();
            let inclusions: Vec<(usize, usize)> = (0..dimension.nodes())
                .flat_map(|whole| (0..dimension.nodes()).map(move |part| (part, whole)))
                .filter(|&(part, whole)| twins[part] == part && twins[whole] == whole)
                .filter(|&(part, whole)| dimension.strictly_within(part, whole))
                .collect();
            let block = stride * dimension.nodes();
            let bases = (0..self.cells.len()).step_by(block).flat_map(|start| start..start + stride);
            for base in bases {
                self.tie_line(&dimension, &twins, &inclusions, |node| base + node * stride)?;
            }
        }
        Ok(())
    }

    fn tie_line(
        &mut self,
        dimension: &Dimension,
        twins: &[usize],
        inclusions: &[(usize, usize)],
        at: impl Fn(usize) -> usize,
    ) -> Result<(), Refusal> {
        let mut overlaps = vec![0; dimension.nodes()];
        for node in dimension.atoms()..dimension.nodes() {
            let total = at(node);
            let parts: Vec<usize> = if twins[node] == node {
                dimension.beneath(node).iter().map(|&atom| at(atom)).collect()
            } else {
                vec![at(twins[node])]
            };
            let together: u64 = parts.iter().map(|&part| self.cells[part].value).sum();
            let Some(overlap) = together.checked_sub(self.cells[total].value) else {
                return Err(Refusal::PartsFallShort { total });
            };
            if parts.len() == 1 && overlap > 0 {
                return Err(Refusal::PartsExceed { total });
            }
            overlaps[node] = overlap;
            let known = |cell: usize| self.cells[cell].standing == Standing::Public;
            if !(known(total) && parts.iter().all(|&part| known(part))) {
                self.sums.push(Sum { total, parts, overlap });
            }
        }
        for &(part, whole) in inclusions {
            if overlaps[whole] > overlaps[part] {
                if self.cells[at(part)].value > self.cells[at(whole)].value {
                    return Err(Refusal::PartsExceed { total: at(whole) });
                }
                self.within.push((at(part), at(whole)));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_row(values: [u64; 4]) -> Result<Linked, Refusal> {
        Linked::build(vec![Dimension::flat(3)?], |at| Cell::count(values[at[0]], None))
    }

    #[test]
    fn overlap_is_what_the_parts_hold_more_than_the_total() {
        let linked = one_row([4, 5, 6, 13]).unwrap();
        assert_eq!(linked.sums(), [Sum { total: 3, parts: vec![0, 1, 2], overlap: 2 }]);
        assert_eq!(linked.within(), [(0, 3), (1, 3), (2, 3)]);
        assert_eq!(one_row([4, 5, 6, 15]).unwrap().within(), []);
    }

    #[test]
    fn figures_that_cannot_be_counts_of_people_are_refused() {
        assert_eq!(one_row([4, 5, 6, 16]).unwrap_err(), Refusal::PartsFallShort { total: 3 });
        assert_eq!(one_row([4, 5, 6, 5]).unwrap_err(), Refusal::PartsExceed { total: 3 });
        let nowhere = Linked::build(vec![Dimension::flat(1).unwrap()], |_| Cell { lower: 3, ..Cell::outcome(2, None) });
        assert_eq!(nowhere.unwrap_err(), Refusal::OutsideKnowledge { cell: 0 });
    }

    #[test]
    fn coordinates_and_index_are_each_others_inverse() {
        let dimensions = vec![Dimension::flat(2).unwrap(), Dimension::outcome(), Dimension::flat(3).unwrap()];
        let linked = Linked::build(dimensions, |_| Cell::public(0)).unwrap();
        assert_eq!(linked.cells().len(), 36);
        assert!((0..36).all(|cell| linked.index(&linked.coordinates(cell)) == cell));
    }

    #[test]
    fn sizes_are_limited() {
        let wide = || Dimension::flat(1000).unwrap();
        assert_eq!(Linked::build(vec![wide(), wide()], |_| Cell::public(0)).unwrap_err(), Refusal::TooManyCells);
        let deep = (0..5).map(|_| Dimension::flat(1).unwrap()).collect();
        assert_eq!(Linked::build(deep, |_| Cell::public(0)).unwrap_err(), Refusal::TooManyDimensions { asked: 5 });
    }
}
