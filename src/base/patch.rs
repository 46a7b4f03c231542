//! Fields of a PATCH: left out leaves what stands, null empties it.

use poem_openapi::types::MaybeUndefined;

use super::error::Fields;

/// A value that may be empty.
pub fn optional<T>(field: MaybeUndefined<T>, stands: Option<T>) -> Option<T> {
    match field {
        MaybeUndefined::Undefined => stands,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(value) => Some(value),
    }
}

/// A value that must not be empty; null is noted as a mistake and leaves what stands.
pub fn required<T>(fields: &mut Fields, name: &str, field: MaybeUndefined<T>, stands: T) -> T {
    match field {
        MaybeUndefined::Undefined => stands,
        MaybeUndefined::Null => {
            fields.push(name, "missing", "This cannot be left empty.");
            stands
        }
        MaybeUndefined::Value(value) => value,
    }
}
