//! Disclosure control: decides which figures of a table are not shown. Pure: no database, no
//! clock, no route. It protects the whole linked set of a question (all geographies, all margins)
//! and proves, for every hidden figure, that readers are left at least `Rule::span` in doubt.
//! What it knows of the data is [`Linked`]; what it decides is [`Protection`].

mod detour;
mod dimension;
mod grid;
mod hunt;
mod linked;
mod proof;
mod protect;
mod refusal;
mod rule;
mod state;
mod tidy;

pub mod attack;

pub use dimension::Dimension;
pub use linked::{Cell, Linked, MOST_CELLS, Standing, Sum};
pub use protect::{Protection, protect};
pub use refusal::Refusal;
pub use rule::{Reason, Rule, Threshold};

#[cfg(test)]
mod tests;
