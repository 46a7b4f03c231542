//! Closed sets of values: one Rust enum for column and JSON, spelled in snake case in both.
//! Open vocabularies (roles, topics, sectors) are reference data, not enums.

use poem_openapi::Enum;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

mod status;
mod verdict;

pub use self::status::Status;
pub use self::verdict::Verdict;

/// A value with one stable spelling, the same in database, JSON, files and screens.
pub trait Spelled {
    fn spelling(&self) -> &'static str;
}

/// What sort of geography an area is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize, PartialOrd, Ord,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum AreaKind {
    Scotland,
    HealthBoard,
    Council,
    Adp,
}

impl Spelled for AreaKind {
    fn spelling(&self) -> &'static str {
        match self {
            Self::Scotland => "scotland",
            Self::HealthBoard => "health_board",
            Self::Council => "council",
            Self::Adp => "adp",
        }
    }
}

/// What somebody answers to an employer that says they work there.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize, PartialOrd, Ord,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum JoiningReply {
    Yes,
    /// I do not work there
    No,
    /// The address is mine, but somebody else is meant
    NotMe,
    /// Had said yes, and no longer does
    Left,
}

/// Why what belonged to one person went over to another.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize, PartialOrd, Ord,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum MoveReason {
    /// They said yes to the employer
    Joined,
    /// The employer had the same person twice
    Merged,
}

/// What an account may do within a scope. Staff is implicit and has no grant.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize, PartialOrd, Ord,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Manager,
    Employer,
    Provider,
    Adp,
    Planner,
    Curator,
    Admin,
}

impl Spelled for Role {
    fn spelling(&self) -> &'static str {
        match self {
            Self::Manager => "manager",
            Self::Employer => "employer",
            Self::Provider => "provider",
            Self::Adp => "adp",
            Self::Planner => "planner",
            Self::Curator => "curator",
            Self::Admin => "admin",
        }
    }
}

/// Where a job stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize, PartialOrd, Ord,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Waiting,
    Running,
    Done,
    Dead,
}

impl Spelled for JobState {
    fn spelling(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
}

/// Module: learning one completes; pathway: an ordered set of modules; resource: all else.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize, PartialOrd, Ord,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    Module,
    Pathway,
    Resource,
}

impl Spelled for ItemKind {
    fn spelling(&self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Pathway => "pathway",
            Self::Resource => "resource",
        }
    }
}

/// The life of a catalogue item.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize, PartialOrd, Ord,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    Draft,
    InReview,
    Published,
    Retired,
}

impl Spelled for ItemStatus {
    fn spelling(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::Published => "published",
            Self::Retired => "retired",
        }
    }
}

/// What became of a provider's change of an item that is public.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize, PartialOrd, Ord,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    Waiting,
    Accepted,
    SentBack,
    Withdrawn,
    /// By a later one
    Replaced,
}

impl Spelled for ProposalState {
    fn spelling(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::SentBack => "sent_back",
            Self::Withdrawn => "withdrawn",
            Self::Replaced => "replaced",
        }
    }
}

/// Levels of the Knowledge and Skills Framework, lowest first; each includes those below.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize, PartialOrd, Ord,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Informed,
    Skilled,
    Enhanced,
    Specialist,
}

impl Spelled for Level {
    fn spelling(&self) -> &'static str {
        match self {
            Self::Informed => "informed",
            Self::Skilled => "skilled",
            Self::Enhanced => "enhanced",
            Self::Specialist => "specialist",
        }
    }
}

/// Known: the title was seen in a public source. Sample: plausible, labelled as sample data.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize, PartialOrd, Ord,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    Known,
    Sample,
}

impl Spelled for Provenance {
    fn spelling(&self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Sample => "sample",
        }
    }
}

/// How far a completion is trusted: a ladder, lowest first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize, PartialOrd, Ord,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    SelfDeclared,
    EvidenceAttached,
    ManagerConfirmed,
    EmployerVerified,
    ProviderIssued,
}

impl Spelled for Assurance {
    fn spelling(&self) -> &'static str {
        match self {
            Self::SelfDeclared => "self_declared",
            Self::EvidenceAttached => "evidence_attached",
            Self::ManagerConfirmed => "manager_confirmed",
            Self::EmployerVerified => "employer_verified",
            Self::ProviderIssued => "provider_issued",
        }
    }
}

/// Whether a completion counts.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize, PartialOrd, Ord,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum CompletionState {
    Live,
    Rejected,
    Withdrawn,
}

impl Spelled for CompletionState {
    fn spelling(&self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What happened to a completion.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize, PartialOrd, Ord,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum CompletionEventKind {
    Recorded,
    EvidenceAttached,
    EvidenceRemoved,
    Confirmed,
    /// An employer let it stand for learning outside of the catalogue
    Equated,
    Rejected,
    /// A confirmation or a rejection was taken back
    TakenBack,
    Withdrawn,
}

impl Spelled for CompletionEventKind {
    fn spelling(&self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::EvidenceAttached => "evidence_attached",
            Self::EvidenceRemoved => "evidence_removed",
            Self::Confirmed => "confirmed",
            Self::Equated => "equated",
            Self::Rejected => "rejected",
            Self::TakenBack => "taken_back",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What of security happened.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize, PartialOrd, Ord,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum SecurityKind {
    SignedIn,
    SignedOut,
    SignInFailed,
    /// Further tries have to wait
    SignInLocked,
    /// Somebody signed in asked for what their account may not do
    Refused,
    /// A browser said that another site sent the request
    ForeignOrigin,
    RoleGranted,
    RoleRevoked,
    AccountAdded,
    AccountDisabled,
    AccountEnabled,
    PasswordChanged,
    /// An administrator made a new first password
    PasswordRenewed,
    /// A file was taken away
    Exported,
}

impl Spelled for SecurityKind {
    fn spelling(&self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::SignInFailed => "sign_in_failed",
            Self::SignInLocked => "sign_in_locked",
            Self::Refused => "refused",
            Self::ForeignOrigin => "foreign_origin",
            Self::RoleGranted => "role_granted",
            Self::RoleRevoked => "role_revoked",
            Self::AccountAdded => "account_added",
            Self::AccountDisabled => "account_disabled",
            Self::AccountEnabled => "account_enabled",
            Self::PasswordChanged => "password_changed",
            Self::PasswordRenewed => "password_renewed",
            Self::Exported => "exported",
        }
    }
}
