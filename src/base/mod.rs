//! Floor 1: what every feature needs and no feature owns. No route, no table of its own.

pub mod clock;
pub mod config;
pub mod contact;
pub mod db;
pub mod error;
pub mod etag;
pub mod fold;
pub mod hash;
pub mod memo;
pub mod outbox;
pub mod page;
pub mod patch;
pub mod rendered;
pub mod tags;
pub mod turns;
pub mod wte;
