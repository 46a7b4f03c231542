//! Typed ids: one type for column, path parameter and JSON. A `PersonId` can never be passed
//! where a `PostId` is wanted.

use poem_openapi::NewType;
use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
            DeriveValueType, NewType, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    AreaLinkId,
    OrganisationId,
    FiguresConfirmationId,
    ServiceId,
    PostId,
    PostEstablishmentId,
    PostVersionId,
    ServiceVersionId,
    PersonId,
    OrganisationPersonId,
    JoiningAnswerId,
    PersonMoveId,
    LeaverCopyId,
    AppointmentId,
    AccountId,
    RoleGrantId,
    SessionId,
    SecurityEventId,
    JobId,
    ChangeId,
    ItemImportId,
    ItemId,
    ItemTermsId,
    ItemProposalId,
    CompletionId,
    CompletionEventId,
    CompletionVerdictId,
    EvidenceId,
    OutsideLearningId,
    RequirementId,
    ExemptionId,
    CollectionId,
    ReleaseId,
    AccessEventId,
}
