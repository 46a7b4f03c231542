//! Routes of the catalogue.

pub mod imports;
pub mod items;
pub mod queue;
pub mod search;
