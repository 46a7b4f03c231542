//! What goes over the wire for requirements and statuses.

mod leavers;
mod requirement;
mod status;

pub use self::status::{
    CellOut, ChangeOut, ColumnOut, ExplainOut, MatrixOut, MatrixRowOut, MatrixSummaryOut, MyStatusOut, MyStatusesOut,
    OptionOut, PostHeldOut, ReasonOut, Showing,
};
pub use leavers::{LeaverCopiesOut, LeaverCopyOut, LeaverStatusOut};
pub use requirement::{ExemptionIn, ExemptionOut, RequirementIn, RequirementItemOut, RequirementOut, RequirementPatch};
