//! Whole numbers with bounds, so that no sum of them overflows and none is a slip of the keyboard.

use std::borrow::Cow;
use std::ops::Deref;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type};
use serde_json::Value;

use super::fault::Fault;

/// Minutes of a week: no week has more. What is likely is for the rules to say.
pub type WeeklyMinutes = Whole<0, 10_080>;
/// WTE in thousandths: a thousand people in one post are more than there are.
pub type Thousandths = Whole<0, 1_000_000>;

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Whole<const MIN: i32, const MAX: i32>(i32);

impl<const MIN: i32, const MAX: i32> Whole<MIN, MAX> {
    pub fn new(number: i32) -> Result<Self, Fault> {
        if (MIN..=MAX).contains(&number) { Ok(Self(number)) } else { Err(out_of_range(MIN, MAX)) }
    }

    pub fn get(self) -> i32 {
        self.0
    }
}

fn out_of_range(least: i32, most: i32) -> Fault {
    Fault::new("out_of_range", format!("Enter a whole number from {least} to {most}."))
}

impl<const MIN: i32, const MAX: i32> Deref for Whole<MIN, MAX> {
    type Target = i32;

    fn deref(&self) -> &i32 {
        &self.0
    }
}

impl<const MIN: i32, const MAX: i32> From<Whole<MIN, MAX>> for i32 {
    fn from(number: Whole<MIN, MAX>) -> Self {
        number.0
    }
}

impl<const MIN: i32, const MAX: i32> Type for Whole<MIN, MAX> {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        Cow::from(format!("whole_{MIN}_{MAX}"))
    }

    fn schema_ref() -> MetaSchemaRef {
        let schema = MetaSchema::new_with_format("integer", "int32");
        let (minimum, maximum) = (Some(f64::from(MIN)), Some(f64::from(MAX)));
        MetaSchemaRef::Inline(Box::new(MetaSchema { minimum, maximum, ..schema }))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl<const MIN: i32, const MAX: i32> ParseFromJSON for Whole<MIN, MAX> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let number = value.as_ref().and_then(Value::as_i64).and_then(|number| i32::try_from(number).ok());
        let read = number.ok_or_else(|| out_of_range(MIN, MAX)).and_then(Self::new);
        read.map_err(|fault| ParseError::custom(fault.mark()))
    }
}

impl<const MIN: i32, const MAX: i32> ParseFromParameter for Whole<MIN, MAX> {
    fn parse_from_parameter(text: &str) -> ParseResult<Self> {
        let read = text.parse::<i32>().map_err(|_| out_of_range(MIN, MAX)).and_then(Self::new);
        read.map_err(|fault| ParseError::custom(fault.mark()))
    }
}

impl<const MIN: i32, const MAX: i32> ToJSON for Whole<MIN, MAX> {
    fn to_json(&self) -> Option<Value> {
        Some(Value::from(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_within_bounds() {
        assert_eq!(WeeklyMinutes::new(2250).map(i32::from).unwrap(), 2250);
        assert_eq!(WeeklyMinutes::new(10_081).unwrap_err().code, "out_of_range");
        assert_eq!(WeeklyMinutes::new(-1).unwrap_err().message, "Enter a whole number from 0 to 10080.");
        assert!(WeeklyMinutes::parse_from_json(Some(Value::from(99_999_999_999_i64))).is_err());
        assert!(WeeklyMinutes::parse_from_json(Some(Value::from(1.5))).is_err());
    }
}
