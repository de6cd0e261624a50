//! Reader of a JSON object.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::{Errors, pointer};

/// JSON object that is being read. A member that is `null` counts as absent.
pub struct ObjectReader<'a> {
    pointer: String,
    members: Option<&'a Map<String, Value>>,
}

/// Kinds of text that a member may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// A single line without control characters.
    Line,
    /// Any characters.
    Any,
}

impl<'a> ObjectReader<'a> {
    /// Opens the object at `at`. An absent value, or one that is no object, reads as an object
    /// without members.
    pub fn new(value: Option<&'a Value>, at: &str, names: &[&str], errors: &mut Errors) -> Self {
        let members = match value {
            None => None,
            Some(Value::Object(members)) => Some(members),
            Some(other) => {
                let (names, given) = (names.join(", "), quoted(other));
                errors.push(at, &format!("Must be an object with {names}, not {given}."));
                None
            }
        };
        if !errors.is_stored() {
            let given = members.into_iter().flat_map(Map::keys);
            for unknown in given.filter(|name| !names.contains(&name.as_str())) {
                let names = names.join(", ");
                let detail = format!("Unknown field `{}`. Expected one of: {names}.", short(unknown));
                errors.push(&pointer(at, unknown), &detail);
            }
        }
        Self { pointer: at.to_owned(), members }
    }

    /// Returns the pointer to a member.
    pub fn pointer_to(&self, name: &str) -> String {
        pointer(&self.pointer, name)
    }

    /// Whether the object itself is present.
    pub fn is_present(&self) -> bool {
        self.members.is_some()
    }

    /// Returns a member as it is.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.members?.get(name).filter(|value| !value.is_null())
    }

    /// Whether a member is `null`. In a merge patch that means "back to the default".
    pub fn is_null(&self, name: &str) -> bool {
        self.members.and_then(|members| members.get(name)).is_some_and(Value::is_null)
    }

    /// Adds an error at a member.
    pub fn error(&self, errors: &mut Errors, name: &str, detail: &str) {
        errors.push(&self.pointer_to(name), detail);
    }

    /// Reads a member that is an object with these members.
    pub fn object(&self, errors: &mut Errors, name: &str, names: &[&str]) -> ObjectReader<'a> {
        ObjectReader::new(self.get(name), &self.pointer_to(name), names, errors)
    }

    /// Reads a member that is an array of at most `max` items; of a longer one, the first items.
    pub fn array(&self, errors: &mut Errors, name: &str, max: usize) -> &'a [Value] {
        match self.get(name) {
            None => &[],
            Some(Value::Array(items)) => {
                if items.len() > max {
                    let detail = format!("Has {} items; at most {max} are allowed.", items.len());
                    self.error(errors, name, &detail);
                }
                items.get(..max).unwrap_or(items)
            }
            Some(other) => {
                self.error(errors, name, &format!("Must be an array, not {}.", quoted(other)));
                &[]
            }
        }
    }

    /// Reads a member that is one line of plain text. Blank text counts as absent.
    pub fn string(&self, errors: &mut Errors, name: &str, max: usize) -> Option<String> {
        string(errors, self.get(name)?, &self.pointer_to(name), max)
    }

    /// Reads a member that must be one line of plain text.
    pub fn required_string(&self, errors: &mut Errors, name: &str, max: usize) -> Option<String> {
        let before = errors.len();
        let text = self.string(errors, name, max);
        if text.is_none() && errors.len() == before {
            self.error(errors, name, &format!("Required: text of 1 to {max} characters."));
        }
        text
    }

    /// Reads a member that is text of any characters. Blank text counts as absent.
    pub fn text(&self, errors: &mut Errors, name: &str, max: usize) -> Option<String> {
        text(errors, self.get(name)?, &self.pointer_to(name), max, Text::Any)
    }

    /// Reads a member that is text of any length, blank or not.
    pub fn raw_text(&self, errors: &mut Errors, name: &str) -> Option<&'a str> {
        match self.get(name)? {
            Value::String(text) => Some(text),
            other => {
                self.error(errors, name, &format!("Must be text, not {}.", quoted(other)));
                None
            }
        }
    }

    /// Reads a member that is an integer in a range; `unit` is what it counts, such as
    /// `" of days"`.
    pub fn integer(
        &self,
        errors: &mut Errors,
        name: &str,
        (range, unit): (RangeInclusive<u32>, &str),
    ) -> Option<u32> {
        let value = self.get(name)?;
        let number = integer(value).and_then(|n| u32::try_from(n).ok()).filter(|n| range.contains(n));
        if number.is_none() {
            let (low, high, given) = (range.start(), range.end(), quoted(value));
            let detail = format!("Must be a whole number{unit} from {low} to {high}, not {given}.");
            self.error(errors, name, &detail);
        }
        number
    }

    /// Reads a member that is an integer in a range, or returns the default.
    pub fn integer_or(
        &self,
        errors: &mut Errors,
        name: &str,
        (range, unit): (RangeInclusive<u16>, &str),
        default: u16,
    ) -> u16 {
        let range = u32::from(*range.start())..=u32::from(*range.end());
        let number = self.integer(errors, name, (range, unit));
        number.and_then(|number| u16::try_from(number).ok()).unwrap_or(default)
    }

    /// Reads a member that is true or false, false by default.
    pub fn bool(&self, errors: &mut Errors, name: &str) -> bool {
        match self.get(name) {
            None => false,
            Some(Value::Bool(set)) => *set,
            Some(other) => {
                self.error(errors, name, &format!("Must be true or false, not {}.", quoted(other)));
                false
            }
        }
    }

    /// Reads a member that is one of these names, and returns its index among them.
    pub fn one_of(&self, errors: &mut Errors, name: &str, names: &[&str]) -> Option<usize> {
        let value = self.get(name)?;
        let found = value.as_str().and_then(|text| names.iter().position(|known| *known == text));
        if found.is_none() {
            let detail = format!("Must be {}, not {}.", alternatives(names), quoted(value));
            self.error(errors, name, &detail);
        }
        found
    }
}

/// Reads one line of plain text. Blank text counts as absent.
pub fn string(errors: &mut Errors, value: &Value, at: &str, max: usize) -> Option<String> {
    text(errors, value, at, max, Text::Line)
}

/// Reads text of at most `max` characters. Blank text counts as absent.
pub fn text(errors: &mut Errors, value: &Value, at: &str, max: usize, kind: Text) -> Option<String> {
    let Value::String(text) = value else {
        errors.push(at, &format!("Must be text, not {}.", quoted(value)));
        return None;
    };
    if text.trim().is_empty() {
        return None;
    }
    let length = text.chars().count();
    if length > max {
        errors.push(at, &format!("Has {length} characters; at most {max} are allowed."));
        return None;
    }
    if kind == Text::Line && text.contains(char::is_control) {
        errors.push(at, "Must be one line of plain text, without line breaks or other control characters.");
        return None;
    }
    Some(text.clone())
}

/// Reads a whole number from 0 on. `9.0` is the same number as `9` in JSON, and some languages
/// write it so.
pub fn integer(value: &Value) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    value
        .as_u64()
        .or_else(|| value.as_f64().filter(|n| n.fract() == 0.0 && (0.0..EXACT).contains(n)).map(|n| n as u64))
}

/// Joins names as `a, b or c`.
pub(crate) fn alternatives(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.join(", "),
    }
}

/// Returns a value as an error shows it: whole where it is short.
pub fn quoted(value: &Value) -> String {
    match value {
        Value::Array(_) => "an array".into(),
        Value::Object(_) => "an object".into(),
        other => short(&other.to_string()),
    }
}

fn short(text: &str) -> String {
    const MAX: usize = 40;
    if text.chars().count() <= MAX {
        text.to_owned()
    } else {
        text.chars().take(MAX).chain(['…']).collect()
    }
}
