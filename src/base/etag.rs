//! Optimistic locking: a row's version as an entity tag.

use super::error::ApiError;

/// The tag of a version, as sent in `ETag`.
pub fn etag(version: i32) -> String {
    format!("\"{version}\"")
}

/// Holds the caller's `If-Match` against the version that stands. `*` and absence match anything.
pub fn check(if_match: Option<&str>, version: i32) -> Result<(), ApiError> {
    match if_match.map(str::trim) {
        None | Some("*") => Ok(()),
        Some(tags) if tags.split(',').any(|tag| tag.trim() == etag(version)) => Ok(()),
        Some(_) => Err(ApiError::stale()),
    }
}
