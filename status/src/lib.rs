//! Whether somebody meets what is asked of them, on any day. Pure: no database, no clock, no
//! route; of the other crates it knows ids and closed sets of values only. The matrix, the
//! explanation, the start page, "My learning", the manager's list, who may confirm, the kept
//! statuses and the map all ask here: there is no second version.
//!
//! What it knows of the world is [`Requirement`], [`Appointment`], [`Span`] (exemptions) and
//! [`Completed`]; what it answers are [`Cell`] and [`Explanation`], through [`Standing`].

mod completed;
mod requirement;
mod span;
mod standing;
pub mod validity;

pub use completed::{Built, Completed};
pub use requirement::{Applies, Appointment, Asks, Requirement, Rule};
pub use span::Span;
pub use standing::{AWAY_DAYS, Away, Cell, Change, Explanation, Standing, Waiting, Why};

#[cfg(test)]
mod tests;
