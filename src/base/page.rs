//! Keyset paging: a list is walked by `(sort key, id)`, so that a row added meanwhile
//! neither repeats nor hides another.

use poem::http::StatusCode;
use poem_openapi::Object;
use poem_openapi::types::{ParseFromJSON, ToJSON, Type};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::day::{self, Day};
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

/// Longer than any cursor that we give out.
const LONGEST_CURSOR: usize = 4096;

/// The key of a cursor that we gave out. Whatever else comes is 400: a forged one never reaches
/// the database, whose ways to refuse it differ.
pub fn key<K: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<K>, ApiError> {
    // named in full: poem's `Type` lends every reference an `is_empty` of its own
    let Some(text) = cursor.filter(|text| !str::is_empty(text)) else { return Ok(None) };
    let key = bytes(text).and_then(|json| serde_json::from_slice(&json).ok()).filter(is_plausible);
    key.and_then(|key| serde_json::from_value(key).ok()).map(Some).ok_or_else(bad_cursor)
}

pub fn bad_cursor() -> ApiError {
    let detail = "This place in the list is not known; start from the first page.";
    ApiError::new(StatusCode::BAD_REQUEST, "bad_cursor", detail)
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    if text.len() > LONGEST_CURSOR || !text.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    text.as_bytes().chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

/// Whether every part may be compared with a column: no text with controls, no date or time that
/// this program cannot meet.
fn is_plausible(key: &Value) -> bool {
    match key {
        Value::Array(parts) => parts.iter().all(is_plausible),
        Value::Object(parts) => parts.values().all(is_plausible),
        Value::String(text) => {
            let dated = text.parse().map_or(true, |date| Day::new(date).is_ok());
            let timed = text.parse().map_or(true, day::within);
            dated && timed && !text.chars().any(char::is_control)
        }
        _ => true,
    }
}

impl<T: Type + ParseFromJSON + ToJSON + Send + Sync> Page<T> {
    /// A page of rows that were read with `limit + 1`: the surplus one tells that there is more.
    pub fn of<R, K: Serialize>(rows: Vec<R>, limit: u64, key: impl Fn(&R) -> K, wire: impl FnMut(R) -> T) -> Self {
        let (rows, next_cursor) = shown(rows, limit, key);
        Self { items: rows.into_iter().map(wire).collect(), next_cursor, total: None }
    }
}

/// The rows of a page that were read with `limit + 1`, and where the next page begins.
pub fn shown<R, K: Serialize>(mut rows: Vec<R>, limit: u64, key: impl Fn(&R) -> K) -> (Vec<R>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(|row| cursor(&key(row))) } else { None };
    (rows, next)
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
    }

    #[test]
    fn a_forged_cursor_is_a_bad_request() {
        let forged = [
            "zz".to_owned(),
            "abc".to_owned(),
            "é0".to_owned(),
            "00".to_owned(),
            "5b".repeat(2000),
            "0".repeat(10_000),
            cursor(&("a\0b", 1)),
            cursor(&("-5000-03-15", 1)),
            cursor(&("+12026-12-31", 1)),
            cursor(&("+12026-12-31T00:00:00Z", 1)),
            cursor(&("a", i64::MAX)),
            cursor(&["a"]),
            cursor(&("a", "b")),
        ];
        for text in forged {
            let error = key::<(String, i32)>(Some(&text)).unwrap_err();
            assert_eq!((error.status().as_u16(), error.problem().code.as_str()), (400, "bad_cursor"), "{text}");
        }
        assert!(key::<(String, i32)>(Some(&cursor(&("2026-02-28", 1)))).unwrap().is_some());
    }
}
