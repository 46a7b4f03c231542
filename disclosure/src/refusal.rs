//! Why a table cannot be built or released at all.

use std::fmt;

/// Cells are named by their index in the linked set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A dimension without atoms, or a union of nothing or of unknown atoms.
    BadDimension,
    /// More dimensions crossed than the rule allows.
    TooManyDimensions { asked: usize },
    /// More than [`super::MOST_CELLS`] figures.
    TooManyCells,
    /// A value outside what readers are said to know about it.
    OutsideKnowledge { cell: usize },
    /// A total above the sum of its parts: a category is missing from the dimension.
    PartsFallShort { total: usize },
    /// A part above its total, or two names of one thing with different values.
    PartsExceed { total: usize },
    /// A figure that must be hidden follows from what is already public, or no way was found to
    /// hide it. The table must not be released in this form; fewer dimensions may do.
    Exposed { cell: usize },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadDimension => f.write_str("a dimension needs categories, and unions made of them"),
            Self::TooManyDimensions { asked } => write!(f, "{asked} dimensions crossed: too many to protect"),
            Self::TooManyCells => f.write_str("the table has too many cells to protect"),
            Self::OutsideKnowledge { cell } => write!(f, "cell {cell} lies outside its own bounds"),
            Self::PartsFallShort { total } => write!(f, "cell {total} exceeds the sum of its parts"),
            Self::PartsExceed { total } => write!(f, "a part of cell {total} exceeds it"),
            Self::Exposed { cell } => write!(f, "cell {cell} cannot be protected from what is already public"),
        }
    }
}

impl std::error::Error for Refusal {}
