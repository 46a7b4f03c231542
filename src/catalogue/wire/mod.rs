//! What goes over the wire for the catalogue.

mod import;
mod item;
mod item_in;
mod search;

pub use import::{
    AnnotateForm, ApplyMode, ImportForm, ImportOut, ItemImportOut, PlannedAction, PlannedOut, UndoneOut, WhichRows,
};
pub use item::{EditorRights, ItemChangeOut, ItemOut, ItemRowOut, ListOrder, ProvidersOut, area_name, label};
pub use item_in::{ItemIn, ItemPatch};
pub use search::{
    FacetValueOut, FacetsOut, HighlightsOut, HitOut, SearchOut, SearchSort, SegmentOut, SuggestKind, SuggestOut,
    SuggestionOut,
};
