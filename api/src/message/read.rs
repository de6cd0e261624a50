//! Fields of untrusted JSON, each read into what it means or refused with its place.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{MAX_PROPERTIES, MAX_PROPERTY_NAME, MAX_PROPERTY_VALUE};
use crate::Invalid;
use crate::invalid::pointer;
use nps::Score;

const NAME_LENGTH: &str = "A name of a property has 1 to 64 characters.";

/// A score in JSON: a whole number 0–10. A string is not a number, and 7.5 is no answer on this scale.
pub(crate) fn score(fields: &Map<String, Value>) -> Result<Option<Score>, Invalid> {
    match fields.get("score") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match whole(value).and_then(|n| u8::try_from(n).ok()).and_then(Score::new) {
            Some(score) => Ok(Some(score)),
            None => Err(Invalid::at(
                "/score",
                format!("Must be a whole number from 0 to 10, not {}.", shorten(value)),
            )),
        },
    }
}

/// A whole number from 0 on. `9.0` is the same number as `9` in JSON, and some languages write it so.
pub(crate) fn whole(value: &Value) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    value
        .as_u64()
        .or_else(|| value.as_f64().filter(|n| n.fract() == 0.0 && (0.0..EXACT).contains(n)).map(|n| n as u64))
}

/// Text of any length that may be absent; blank text is text.
pub(super) fn raw<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Invalid> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(Invalid::at(format!("/{name}"), format!("Must be text, not {}.", shorten(other)))),
    }
}

/// Text that may be absent; blank text counts as absent.
pub fn text(fields: &Map<String, Value>, name: &str, max: usize) -> Result<Option<String>, Invalid> {
    let Some(text) = raw(fields, name)?.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let length = text.chars().count();
    if length > max {
        let detail = format!("Has {length} characters; at most {max} are kept.");
        return Err(Invalid::at(format!("/{name}"), detail));
    }
    Ok(Some(text.to_owned()))
}

/// The name of a variant: a short word that can stand in a query.
pub(super) fn variant(fields: &Map<String, Value>) -> Result<Option<String>, Invalid> {
    match text(fields, "variant", crate::survey::MAX_VARIANT)? {
        Some(name) if !crate::survey::is_variant_name(&name) => {
            Err(Invalid::at("/variant", "Must be made of a–z, 0–9, - and _ only."))
        }
        other => Ok(other),
    }
}

/// True or false; absent counts as false.
pub(super) fn flag(fields: &Map<String, Value>, name: &str) -> Result<bool, Invalid> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(set)) => Ok(*set),
        Some(other) => {
            Err(Invalid::at(format!("/{name}"), format!("Must be true or false, not {}.", shorten(other))))
        }
    }
}

/// Milliseconds from showing the survey.
pub(super) fn elapsed(fields: &Map<String, Value>) -> Result<Option<u32>, Invalid> {
    match fields.get("elapsed_ms") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => whole(value).and_then(|n| u32::try_from(n).ok()).map(Some).ok_or_else(|| {
            Invalid::at(
                "/elapsed_ms",
                format!("Must be a whole number of milliseconds below 2^32, not {}.", shorten(value)),
            )
        }),
    }
}

/// Properties as an owner's program gives them: too many or too long is refused.
pub fn properties(fields: &Map<String, Value>) -> Result<BTreeMap<String, String>, Invalid> {
    let given = given_properties(fields)?;
    if given.len() > MAX_PROPERTIES {
        let detail = format!("Has {} properties; at most {MAX_PROPERTIES} are kept.", given.len());
        return Err(Invalid::at("/properties", detail));
    }
    if given.keys().any(|name| name.chars().count() > MAX_PROPERTY_NAME) {
        return Err(Invalid::at("/properties", NAME_LENGTH));
    }
    let long = given.iter().find(|(_, value)| value.chars().count() > MAX_PROPERTY_VALUE);
    if let Some((name, _)) = long {
        let detail = format!("Has more than {MAX_PROPERTY_VALUE} characters.");
        return Err(Invalid::at(pointer("/properties", name), detail));
    }
    Ok(given)
}

/// Properties of any number and length. Numbers and true or false are kept as their text; `null` and blank text count as absent.
pub(super) fn given_properties(fields: &Map<String, Value>) -> Result<BTreeMap<String, String>, Invalid> {
    let given = match fields.get("properties") {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(given)) => given,
        Some(other) => {
            let detail = format!("Must be an object of names and short values, not {}.", shorten(other));
            return Err(Invalid::at("/properties", detail));
        }
    };
    let mut kept = BTreeMap::new();
    for (name, value) in given {
        if name.is_empty() {
            return Err(Invalid::at("/properties", NAME_LENGTH));
        }
        let value = match value {
            Value::Null => continue,
            Value::String(text) if text.trim().is_empty() => continue,
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            _ => {
                let detail = "Must be text, a number, true or false.";
                return Err(Invalid::at(pointer("/properties", name), detail));
            }
        };
        kept.insert(name.clone(), value);
    }
    Ok(kept)
}

/// A value as it stands in an error: whole where it is short.
pub fn shorten(value: &Value) -> String {
    match value {
        Value::Array(_) => "an array".into(),
        Value::Object(_) => "an object".into(),
        other => {
            let text = other.to_string();
            if text.chars().count() <= 40 { text } else { text.chars().take(40).chain(['…']).collect() }
        }
    }
}
