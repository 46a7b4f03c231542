//! A body against its schema. Nothing of the framework's own words is used: they name types of
//! the program.

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use serde_json::Value;
use uuid::Uuid;

use crate::base::day::{self, Day};
use crate::base::error::{ApiError, Fields};
use crate::base::fault::Fault;
use crate::base::text::{self, Email, kind};

/// Faults that are told at once; nobody mends more in one go.
const MOST_FAULTS: usize = 50;
/// Of a text whose schema names no length: more than any field of a form takes.
const LONGEST: usize = 50_000;

/// What was found, field by field.
#[derive(Debug, Default)]
pub struct Faults(Vec<(String, Fault)>);

impl Faults {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As one answer, in the order of the fields.
    pub fn answer(&mut self) -> ApiError {
        let mut fields = Fields::default();
        for (field, fault) in self.0.drain(..) {
            fields.push(&field, &fault.code, fault.message);
        }
        fields.check().err().unwrap_or_else(|| ApiError::bad_request("We could not read this request."))
    }
}

/// Cleans the texts of a body and notes what is wrong with it. A body that is no object at all is
/// nothing that fields could be told of.
pub fn body(registry: &Registry, schema: &MetaSchemaRef, body: &mut Value) -> Result<Faults, ApiError> {
    let mut check = Check { registry, faults: Faults::default() };
    if let Some(schema) = check.find(schema)
        && schema.ty == "object"
        && !body.is_object()
    {
        return Err(ApiError::bad_request("Send the fields of this request as a JSON object."));
    }
    check.value(schema, body, &mut String::new());
    Ok(check.faults)
}

/// The first field that no schema of the body has.
pub fn unknown(registry: &Registry, schema: &MetaSchemaRef, body: &Value) -> Option<String> {
    let check = Check { registry, faults: Faults::default() };
    check.unknown(schema, body, "")
}

struct Check<'r> {
    registry: &'r Registry,
    faults: Faults,
}

impl<'r> Check<'r> {
    /// The schema itself, behind references and what a field adds to them.
    fn find<'s>(&self, schema: &'s MetaSchemaRef) -> Option<&'s MetaSchema>
    where
        'r: 's,
    {
        match schema {
            MetaSchemaRef::Reference(name) => self.registry.schemas.get(name),
            MetaSchemaRef::Inline(schema) => match schema.all_of.first() {
                Some(first) => self.find(first),
                None => Some(schema),
            },
        }
    }

    fn note(&mut self, at: &str, fault: Fault) {
        if self.faults.0.len() < MOST_FAULTS {
            self.faults.0.push((at.to_owned(), fault));
        }
    }

    fn value(&mut self, schema: &MetaSchemaRef, value: &mut Value, at: &mut String) {
        let Some(schema) = self.find(schema) else { return };
        // whether nothing is allowed is for the fields of an object and the type to say
        if value.is_null() {
            return;
        }
        if !schema.one_of.is_empty() || !schema.any_of.is_empty() {
            return self.either(schema, value, at);
        }
        match schema.ty {
            "object" => self.object(schema, value, at),
            "array" => self.array(schema, value, at),
            "string" => {
                if let Err(fault) = string(schema, value) {
                    self.note(at, fault);
                }
            }
            "integer" | "number" => {
                if let Err(fault) = number(schema, value) {
                    self.note(at, fault);
                }
            }
            "boolean" if !value.is_boolean() => {
                self.note(at, Fault::new("not_true_or_false", "Send true or false here."));
            }
            _ => plain(value, &mut |fault| self.faults.0.push((at.clone(), fault))),
        }
    }

    fn object(&mut self, schema: &MetaSchema, value: &mut Value, at: &mut String) {
        let Value::Object(fields) = value else {
            return self.note(at, Fault::new("not_an_object", "Send an object with fields here."));
        };
        for (name, schema_of) in &schema.properties {
            let missing = fields.get(*name).is_none_or(Value::is_null);
            deeper(at, name, |at| {
                if missing && schema.required.contains(name) {
                    self.note(at, Fault::new("missing", format!("{} is missing.", label(name))));
                } else if let Some(value) = fields.get_mut(*name) {
                    self.value(schema_of, value, at);
                }
            });
        }
        if let Some(others) = &schema.additional_properties {
            for (name, value) in fields.iter_mut() {
                deeper(at, name, |at| self.value(others, value, at));
            }
        }
    }

    fn array(&mut self, schema: &MetaSchema, value: &mut Value, at: &mut String) {
        let Value::Array(values) = value else {
            return self.note(at, Fault::new("not_a_list", "Send a list here."));
        };
        let Some(of) = &schema.items else { return };
        for (place, value) in values.iter_mut().enumerate() {
            if self.faults.0.len() >= MOST_FAULTS {
                return;
            }
            deeper(at, &place.to_string(), |at| {
                if value.is_null() {
                    self.note(at, Fault::new("missing", "This is empty."));
                } else {
                    self.value(of, value, at);
                }
            });
        }
    }

    /// One of several shapes: the first that fits, else what is wrong with the last.
    fn either(&mut self, schema: &MetaSchema, value: &mut Value, at: &mut String) {
        let before = self.faults.0.len();
        for shape in schema.one_of.iter().chain(&schema.any_of) {
            self.faults.0.truncate(before);
            let mut tried = value.clone();
            self.value(shape, &mut tried, at);
            if self.faults.0.len() == before {
                *value = tried;
                return;
            }
        }
    }

    fn unknown(&self, schema: &MetaSchemaRef, value: &Value, at: &str) -> Option<String> {
        let schema = self.find(schema)?;
        match value {
            Value::Object(fields) if schema.ty == "object" && schema.additional_properties.is_none() => {
                fields.iter().find_map(|(name, value)| {
                    let place = if at.is_empty() { clipped(name) } else { format!("{at}.{}", clipped(name)) };
                    match schema.properties.iter().find(|(known, _)| known == name) {
                        None => Some(place),
                        Some((_, schema)) => self.unknown(schema, value, &place),
                    }
                })
            }
            Value::Array(values) => {
                let of = schema.items.as_ref()?;
                let mut values = values.iter().enumerate();
                values.find_map(|(number, value)| self.unknown(of, value, &format!("{at}.{number}")))
            }
            _ => None,
        }
    }
}

/// A name that somebody sent, fit to be sent back.
fn clipped(name: &str) -> String {
    text::tidy(name).chars().take(60).collect()
}

fn deeper(at: &mut String, name: &str, look: impl FnOnce(&mut String)) {
    let length = at.len();
    if length > 0 {
        at.push('.');
    }
    at.push_str(name);
    look(at);
    at.truncate(length);
}

fn label(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A value of no known shape: its texts hold nothing that a database refuses.
fn plain(value: &mut Value, note: &mut dyn FnMut(Fault)) {
    match value {
        Value::String(text) => match text::lines(text) {
            Ok(clean) => *text = clean,
            Err(fault) => note(fault),
        },
        Value::Array(values) => values.iter_mut().for_each(|value| plain(value, note)),
        Value::Object(fields) => fields.values_mut().for_each(|value| plain(value, note)),
        _ => {}
    }
}

fn string(schema: &MetaSchema, value: &mut Value) -> Result<(), Fault> {
    let not_a_text = || Fault::new("not_a_text", "Send a text here.");
    if !schema.enum_items.is_empty() {
        let text = value.as_str().ok_or_else(not_a_text)?;
        return if schema.enum_items.iter().any(|item| item.as_str() == Some(text)) {
            Ok(())
        } else {
            Err(choose(schema))
        };
    }
    let Value::String(text) = value else {
        // a plain text may be sent as a number, as it always could
        let bare = schema.rust_typename.is_none() && schema.format.is_none();
        return if bare && (value.is_number() || value.is_boolean()) { Ok(()) } else { Err(not_a_text()) };
    };
    let clean = match (schema.rust_typename, schema.format) {
        (Some(kind::RAW), _) | (_, Some("password" | "binary" | "byte")) => return Ok(()),
        (Some(kind::EMAIL), _) => Email::new(text)?.into_string(),
        (Some(kind::LINE), _) => short(schema, text, text::line)?,
        (_, Some("uuid")) => {
            Uuid::try_parse(text).map_err(|_| Fault::new("not_an_id", "This is not an id of ours."))?;
            return Ok(());
        }
        (_, Some("date" | "naive-date")) => Day::parse(text)?.to_string(),
        (_, Some("date-time")) => {
            let moment = text.parse::<chrono::DateTime<chrono::Utc>>();
            let moment = moment.map_err(|_| Fault::new("not_a_moment", "Send a time such as 2026-02-28T09:30:00Z."))?;
            if !day::within(moment) {
                return Err(day::out_of_range());
            }
            return Ok(());
        }
        _ => short(schema, text, text::lines)?,
    };
    *text = clean;
    Ok(())
}

fn short(schema: &MetaSchema, text: &str, clean: fn(&str) -> Result<String, Fault>) -> Result<String, Fault> {
    let longest = schema.max_length.unwrap_or(LONGEST);
    text::within(text, longest)?;
    let text = clean(text)?;
    text::short(&text, longest)?;
    Ok(text)
}

fn choose(schema: &MetaSchema) -> Fault {
    let known: Vec<&str> = schema.enum_items.iter().filter_map(Value::as_str).collect();
    Fault::new("unknown_value", format!("Choose one of: {}.", known.join(", ")))
}

fn number(schema: &MetaSchema, value: &Value) -> Result<(), Fault> {
    let Some(number) = value.as_f64().filter(|number| number.is_finite()) else {
        return Err(Fault::new("not_a_number", "Send a number here."));
    };
    if schema.ty == "integer" && !value.is_i64() && !value.is_u64() {
        return Err(Fault::new("not_a_whole_number", "Send a whole number here."));
    }
    let (least, most) = bounds(schema);
    if number < least || number > most {
        return Err(Fault::new("out_of_range", format!("Send a number from {least} to {most}.")));
    }
    Ok(())
}

fn bounds(schema: &MetaSchema) -> (f64, f64) {
    let (least, most) = match schema.format {
        Some("int8") => (f64::from(i8::MIN), f64::from(i8::MAX)),
        Some("int16") => (f64::from(i16::MIN), f64::from(i16::MAX)),
        Some("int32") => (f64::from(i32::MIN), f64::from(i32::MAX)),
        Some("uint8") => (0.0, f64::from(u8::MAX)),
        Some("uint16") => (0.0, f64::from(u16::MAX)),
        Some("uint32") => (0.0, f64::from(u32::MAX)),
        // exact in every program that reads JSON
        Some("uint64") => (0.0, 9_007_199_254_740_991.0),
        Some("int64") => (-9_007_199_254_740_991.0, 9_007_199_254_740_991.0),
        _ => (f64::MIN, f64::MAX),
    };
    (schema.minimum.unwrap_or(least), schema.maximum.unwrap_or(most))
}
