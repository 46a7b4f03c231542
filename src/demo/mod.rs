//! Feature: a synthetic sector to try Cairn with. Organisations, people and records are made up
//! and say so; only catalogue titles come from public sources, labelled as sample data.
//! Registered last: it may use every feature, and none knows of it.

mod actions;
mod asking;
mod catalogue;
mod dice;
mod employers;
mod generate;
mod narrow;
mod posts;
mod records;
mod outside;
mod rejection;
mod rows;
mod store;
mod story;
mod tables;
mod to_come;
mod workforce;

pub use actions::{Access, Progress, accounts, is_empty, load};
pub use rows::Plan;
