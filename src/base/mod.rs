//! Floor 1: what every feature needs and no feature owns. No route, no table of its own.

pub mod cache;
pub mod clock;
pub mod config;
pub mod contact;
pub mod db;
mod db_error;
pub mod domain;
pub mod error;
pub mod etag;
pub mod fold;
pub mod hash;
pub mod network;
pub mod order;
pub mod outbox;
pub mod page;
pub mod patch;
pub mod private;
pub mod rendered;
pub mod secret;
pub mod tags;
pub mod turns;
pub mod work;
pub mod wte;
