//! What goes over the wire for the catalogue.

mod import;
mod item;
mod item_in;
mod review;
mod search;

pub use import::{
    AnnotateForm, ApplyMode, ImportForm, ImportOut, ItemImportOut, PlannedAction, PlannedOut, UndoneOut, WhichRows,
};
pub use item::{EditorRights, ItemChangeOut, ItemOut, ItemRowOut, ListOrder, ProvidersOut, area_name, label};
pub use item_in::{ItemIn, ItemPatch};
pub use review::{
    AllOfIn, DecidedItemIn, DecidedOut, Decision, DecisionIn, NotDecidedOut, ProposalOut, QueueFiltersOut,
    QueueImportOut, QueueProviderOut, QueueRowOut, ReviewOut, SentBackOut, TermsIn, TouchedOut, WaitingKind,
};
pub use search::{
    FacetValueOut, FacetsOut, HighlightsOut, HitOut, SearchOut, SearchSort, SegmentOut, SuggestKind, SuggestOut,
    SuggestionOut,
};
