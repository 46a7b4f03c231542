//! Reference data: areas, roles, sectors, topics, frameworks; every vocabulary versioned.
//! The truth is the embedded files in `data/`, parsed once; everything here is pure.
//! Knows nothing of the features that use it.

pub mod area;
mod csvfile;
pub mod lookup;
pub mod pay;
pub mod period;
pub mod vocabulary;
