//! An attacker for tiny tables who tries every table of whole numbers. Shares nothing with the
//! engine but the linked set.

use super::super::Linked;

/// The values that each cell takes in all tables that fit what is shown, with atoms at most `cap`.
/// `None` when that takes more than `patience` steps.
pub struct Exhaustive<'a> {
    linked: &'a Linked,
    hidden: &'a [bool],
    atoms: Vec<usize>,
    /// By cell: its atoms (positions in `atoms`), and how much they exceed it.
    beneath: Vec<(Vec<usize>, i64)>,
    /// By atom position: cells to be checked when it has been set.
    due: Vec<Vec<usize>>,
    cap: i64,
    patience: usize,
    now: Vec<i64>,
    /// By cell: least and most it can be, given the atoms set so far.
    could: Vec<(i64, i64)>,
    pub seen: Vec<(i64, i64)>,
}

impl<'a> Exhaustive<'a> {
    pub fn run(linked: &'a Linked, hidden: &'a [bool], cap: u64, patience: usize) -> Option<Vec<(i64, i64)>> {
        let is_atom = |cell: usize| {
            linked.coordinates(cell).iter().zip(linked.dimensions()).all(|(&node, dim)| node < dim.atoms())
        };
        let atoms: Vec<usize> = (0..linked.cells().len()).filter(|&cell| is_atom(cell)).collect();
        let value = |cell: usize| linked.cells()[cell].value.cast_signed();
        let beneath: Vec<(Vec<usize>, i64)> = (0..linked.cells().len())
            .map(|cell| {
                let nodes = linked.coordinates(cell);
                let covers = |atom: usize| {
                    let at = linked.coordinates(atom);
                    at.iter()
                        .zip(&nodes)
                        .zip(linked.dimensions())
                        .all(|((atom, &node), dim)| dim.beneath(node).contains(atom))
                };
                let mine: Vec<usize> = (0..atoms.len()).filter(|&position| covers(atoms[position])).collect();
                let excess = mine.iter().map(|&position| value(atoms[position])).sum::<i64>() - value(cell);
                (mine, excess)
            })
            .collect();
        let mut due = vec![Vec::new(); atoms.len()];
        for (cell, (mine, _)) in beneath.iter().enumerate() {
            for &position in mine {
                due[position].push(cell);
            }
        }
        let seen = vec![(i64::MAX, i64::MIN); linked.cells().len()];
        let now = vec![0; atoms.len()];
        let could = beneath.iter().map(|&(_, excess)| (-excess, -excess)).collect();
        let mut attack =
            Self { linked, hidden, atoms, beneath, due, could, cap: cap.cast_signed(), patience, now, seen };
        for position in 0..attack.atoms.len() {
            let (low, high) = attack.range(position);
            attack.shift(position, low, high);
        }
        attack.set(0).then_some(attack.seen)
    }

    fn set(&mut self, position: usize) -> bool {
        if self.patience == 0 {
            return false;
        }
        self.patience -= 1;
        if position == self.atoms.len() {
            self.note();
            return true;
        }
        let (low, high) = self.range(position);
        for value in low..=high {
            self.now[position] = value;
            self.shift(position, value - low, value - high);
            let fits = self.due[position].iter().all(|&cell| self.can_hold(cell));
            let patient = !fits || self.set(position + 1);
            self.shift(position, low - value, high - value);
            if !patient {
                return false;
            }
        }
        true
    }

    /// What an attacker knows of an atom before trying values.
    fn range(&self, position: usize) -> (i64, i64) {
        let cell = self.linked.cells()[self.atoms[position]];
        if self.hidden[self.atoms[position]] {
            (cell.lower.cast_signed(), cell.upper.map_or(self.cap, |upper| self.cap.min(upper.cast_signed())))
        } else {
            (cell.value.cast_signed(), cell.value.cast_signed())
        }
    }

    /// Narrows or widens what the cells above an atom can be.
    fn shift(&mut self, position: usize, low: i64, high: i64) {
        for &cell in &self.due[position] {
            self.could[cell].0 += low;
            self.could[cell].1 += high;
        }
    }

    /// Can the cell still come right?
    fn can_hold(&self, cell: usize) -> bool {
        let known = self.linked.cells()[cell];
        let (low, high) = self.could[cell];
        if self.hidden[cell] {
            high >= known.lower.cast_signed() && known.upper.is_none_or(|upper| low <= upper.cast_signed())
        } else {
            low <= known.value.cast_signed() && known.value.cast_signed() <= high
        }
    }

    fn note(&mut self) {
        let values: Vec<i64> = self
            .beneath
            .iter()
            .map(|(mine, excess)| mine.iter().map(|&atom| self.now[atom]).sum::<i64>() - excess)
            .collect();
        if self.linked.within().iter().all(|&(part, whole)| values[part] <= values[whole]) {
            for (seen, value) in self.seen.iter_mut().zip(values) {
                *seen = (seen.0.min(value), seen.1.max(value));
            }
        }
    }
}
