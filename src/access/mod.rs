//! Floor 2: who is calling and what they may reach. Authorization is a type: handlers take a
//! caller, callers make scopes, guarded store functions take a scope and never a bare id.
//! Knows accounts, grants and sessions; knows no feature.

pub mod address;
pub mod caller;
pub mod events;
pub mod ledger;
pub mod names;
pub mod once;
pub mod origin;
pub mod password;
pub mod scope;
pub mod session;
pub mod throttle;

pub use caller::{Admin, AnyEditor, Caller, Curator, Employer, Entering, Figures, Signed, Staff, Visitor};
pub use scope::{AdminScope, EditorScope, FiguresScope, OrgScope, SelfScope, SystemScope};
