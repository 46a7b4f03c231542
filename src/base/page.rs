//! Keyset paging: a list is walked by `(sort key, id)`, so that a row added meanwhile
//! neither repeats nor hides another.

use poem_openapi::Object;
use poem_openapi::types::{ParseFromJSON, ToJSON, Type};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::ApiError;

pub const DEFAULT_LIMIT: u64 = 25;
pub const GREATEST_LIMIT: u64 = 100;

/// One page of a list.
#[derive(Debug, Object)]
pub struct Page<T: Type + ParseFromJSON + ToJSON + Send + Sync> {
    pub items: Vec<T>,
    /// Ask again with `?cursor=` this; absent on the last page
    #[oai(skip_serializing_if_is_none)]
    pub next_cursor: Option<String>,
    /// How many there are in all, where that is cheap to know
    #[oai(skip_serializing_if_is_none)]
    pub total: Option<u64>,
}

/// How many rows to read: what was asked, within bounds.
pub fn limit(asked: Option<u64>) -> u64 {
    asked.unwrap_or(DEFAULT_LIMIT).clamp(1, GREATEST_LIMIT)
}

/// A key as an opaque cursor.
pub fn cursor<K: Serialize>(key: &K) -> String {
    let json = serde_json::to_vec(key).unwrap_or_default();
    json.iter().fold(String::with_capacity(json.len() * 2), |mut text, byte| {
        text.push(char::from(HEX[usize::from(byte >> 4)]));
        text.push(char::from(HEX[usize::from(byte & 15)]));
        text
    })
}

/// The key of a cursor that we gave out.
pub fn key<K: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<K>, ApiError> {
    // named in full: poem's `Type` lends every reference an `is_empty` of its own
    let Some(text) = cursor.filter(|text| !str::is_empty(text)) else { return Ok(None) };
    let wrong =
        || ApiError::field("cursor", "bad_cursor", "This place in the list is not known; start from the first page.");
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits.filter(|d| d.len() % 2 == 0).ok_or_else(wrong)?;
    let json: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    serde_json::from_slice(&json).map(Some).map_err(|_| wrong())
}

impl<T: Type + ParseFromJSON + ToJSON + Send + Sync> Page<T> {
    /// A page of rows that were read with `limit + 1`: the surplus one tells that there is more.
    pub fn of<R, K: Serialize>(mut rows: Vec<R>, limit: u64, key: impl Fn(&R) -> K, wire: impl FnMut(R) -> T) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = if more { rows.last().map(|row| cursor(&key(row))) } else { None };
        Self { items: rows.into_iter().map(wire).collect(), next_cursor, total: None }
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_its_key() {
        let text = cursor(&("Åse | %", 7));
        assert_eq!(key::<(String, i32)>(Some(&text)).unwrap(), Some(("Åse | %".to_owned(), 7)));
        assert!(key::<(String, i32)>(None).unwrap().is_none());
        assert!(key::<(String, i32)>(Some("")).unwrap().is_none());
        assert!(key::<(String, i32)>(Some("zz")).is_err());
        assert!(key::<(String, i32)>(Some("abc")).is_err());
    }
}
