//! What goes over the wire for requirements and statuses.

mod leavers;
mod matrix;
mod preview;
mod requirement;
mod status;

pub use self::status::{ChangeOut, ExplainOut, MyStatusOut, MyStatusesOut, OptionOut, ReasonOut};
pub use leavers::{LeaverCopiesOut, LeaverCopyOut, LeaverStatusOut};
pub use matrix::{
    CellOut, ColumnOut, LeaverOut, MatrixOut, MatrixRowOut, MatrixSummaryOut, MovesOut, PostHeldOut, Showing,
};
pub use preview::{PreviewFigure, PreviewFigureOut, PreviewOut, PreviewPersonOut, RequirementQuestion};
pub use requirement::{ExemptionIn, ExemptionOut, RequirementIn, RequirementItemOut, RequirementOut, RequirementPatch};
