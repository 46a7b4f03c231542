//! The text types on the wire: what the API's description says of them, and how they are read.

use std::borrow::Cow;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type};
use serde_json::Value;

use super::{Email, LONGEST_EMAIL, LONGEST_WORDS, Line, Lines, Password, Unchecked, Words};
use crate::base::fault::Fault;

/// What a schema's string is, for who reads bodies by their schema.
pub mod kind {
    pub const LINE: &str = "line";
    pub const LINES: &str = "lines";
    pub const EMAIL: &str = "email";
    /// As typed, whatever it is
    pub const RAW: &str = "raw";
}

fn schema(kind: &'static str, format: Option<&'static str>, max_length: Option<usize>) -> MetaSchemaRef {
    let schema = MetaSchema { rust_typename: Some(kind), format, max_length, ..MetaSchema::new("string") };
    MetaSchemaRef::Inline(Box::new(schema))
}

macro_rules! on_the_wire {
    ($type:ty, [$($max:ident)?], $name:expr, $schema:expr, $read:expr, $shown:expr) => {
        impl $(<const $max: usize>)? Type for $type {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                Cow::from($name)
            }

            fn schema_ref() -> MetaSchemaRef {
                $schema
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(std::iter::once(self))
            }

            fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl $(<const $max: usize>)? ParseFromJSON for $type {
            fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
                let Some(Value::String(text)) = value else {
                    return Err(ParseError::custom(Fault::new("not_a_text", "Send a text here.").mark()));
                };
                let read: fn(&str) -> Result<Self, Fault> = $read;
                read(&text).map_err(|fault| ParseError::custom(fault.mark()))
            }
        }

        impl $(<const $max: usize>)? ParseFromParameter for $type {
            fn parse_from_parameter(text: &str) -> ParseResult<Self> {
                let read: fn(&str) -> Result<Self, Fault> = $read;
                read(text).map_err(|fault| ParseError::custom(fault.mark()))
            }
        }

        impl $(<const $max: usize>)? ToJSON for $type {
            fn to_json(&self) -> Option<Value> {
                let shown: fn(&Self) -> Option<String> = $shown;
                shown(self).map(Value::String)
            }
        }
    };
}

fn whole(text: &impl AsRef<str>) -> Option<String> {
    Some(text.as_ref().to_owned())
}

on_the_wire!(Line<MAX>, [MAX], format!("line_{MAX}"), schema(kind::LINE, None, Some(MAX)), Line::new, whole);
on_the_wire!(Lines<MAX>, [MAX], format!("lines_{MAX}"), schema(kind::LINES, None, Some(MAX)), Lines::new, whole);
on_the_wire!(Words, [], "words", schema(kind::LINE, None, Some(LONGEST_WORDS)), Words::new, whole);
on_the_wire!(Email, [], "email", schema(kind::EMAIL, Some("email"), Some(LONGEST_EMAIL)), Email::new, whole);
on_the_wire!(
    Password,
    [],
    "password",
    schema(kind::RAW, Some("password"), None),
    |text| Ok(Self(text.to_owned())),
    |_| None
);
on_the_wire!(Unchecked, [], "unchecked", schema(kind::RAW, None, None), |text| Ok(Self(text.to_owned())), |text| Some(
    text.0.clone()
));
