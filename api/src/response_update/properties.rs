//! Properties of a response: names and short values.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::limits::{MAX_PROPERTIES, MAX_PROPERTY_NAME, MAX_PROPERTY_VALUE};
use crate::validation::{Errors, ObjectReader, pointer, quoted};

/// Reads the member `properties` as an owner's program gives it: too many or too long is an error.
pub fn properties(reader: &ObjectReader, errors: &mut Errors) -> BTreeMap<String, String> {
    let given = raw_properties(reader, errors);
    let path = reader.pointer_to("properties");
    if given.len() > MAX_PROPERTIES {
        errors.push(&path, &format!("Has {} properties; at most {MAX_PROPERTIES} are allowed.", given.len()));
    }
    if given.keys().any(|name| name.chars().count() > MAX_PROPERTY_NAME) {
        errors.push(&path, &name_length());
    }
    for (name, _) in given.iter().filter(|(_, value)| value.chars().count() > MAX_PROPERTY_VALUE) {
        errors.push(&pointer(&path, name), &format!("Has more than {MAX_PROPERTY_VALUE} characters."));
    }
    given
}

/// Reads properties of any number and length. Numbers and true or false are kept as their text;
/// `null` and blank text count as absent.
pub(super) fn raw_properties(reader: &ObjectReader, errors: &mut Errors) -> BTreeMap<String, String> {
    let mut kept = BTreeMap::new();
    let path = reader.pointer_to("properties");
    let given = match reader.get("properties") {
        None => return kept,
        Some(Value::Object(given)) => given,
        Some(other) => {
            errors
                .push(&path, &format!("Must be an object of names and short values, not {}.", quoted(other)));
            return kept;
        }
    };
    for (name, value) in given {
        if name.is_empty() {
            errors.push(&path, &name_length());
            continue;
        }
        let value = match value {
            Value::Null => continue,
            Value::String(text) if text.trim().is_empty() => continue,
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            _ => {
                errors.push(&pointer(&path, name), "Must be text, a number, true or false.");
                continue;
            }
        };
        kept.insert(name.clone(), value);
    }
    kept
}

fn name_length() -> String {
    format!("The name of a property has 1 to {MAX_PROPERTY_NAME} characters.")
}
