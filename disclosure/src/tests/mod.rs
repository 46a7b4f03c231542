//! The engine against named cases and against an attacker who plays random tables.

mod exhaustive;
mod named;
mod play;
mod tables;
