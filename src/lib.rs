//! Cairn: training, skills and workforce mapping for Scotland's drug and alcohol workforce.
//!
//! The order of these modules IS the order of dependency: a module may use those above it and
//! never those below. `tests/it/floors.rs` holds this.

// floor 1: what everything needs
pub mod base;
// floor 2: parts without a feature
pub mod search;
pub mod files;
pub mod sheet;
pub mod pdf;
pub mod state;
pub mod jobs;
pub mod access;
// floor 3: features; a later one may use an earlier one
pub mod reference;
pub mod account;
pub mod organisation;
pub mod people;
pub mod catalogue;
pub mod standing;
pub mod learning;
pub mod skill;
pub mod mapping;
pub mod privacy;
pub mod demo;
pub mod home;
// floor 4: the routes on one screen, the middleware, the job registry
pub mod server;
