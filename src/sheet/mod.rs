//! Reading and writing tables: what people upload and what they download.
//!
//! Reads CSV, XLSX and ODS (recognised by content, never by name) into a [`Table`] whose every cell
//! knows its address, in a child process ([`Reader`]) when somebody else made the file; reports problems as [`Finding`]s, the one shape that every upload shares; writes
//! CSV and XLSX in which no text can ever run as a formula.
//! Knows no feature, no database and no HTTP.

mod cell;
pub mod child;
mod choices;
mod csv;
mod decode;
mod finding;
mod guard;
mod header;
mod read;
mod table;
mod value;
mod when;
mod workbook;
pub mod write;

pub use cell::Cell;
pub use child::Reader;
pub use choices::{Choices, closest, fold};
pub use finding::{Finding, Severity, has_errors};
pub use header::{Column, Header};
pub use read::{Format, Limits, ReadError, Wanted, read};
pub use table::{Row, Table, column_letters};
pub use value::Value;
pub use when::{NotADate, parse_date};
