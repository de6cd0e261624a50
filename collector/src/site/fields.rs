//! Fields of small JSON objects.

use api::ValidationError;
use api::validation::pointer;
use serde_json::{Map, Value};

use crate::http::problem::quoted;

/// Returns the fields of an object that takes no others than `names`.
pub fn known_fields<'a>(
    given: &'a Value,
    names: &[&str],
    example: &str,
) -> Result<&'a Map<String, Value>, ValidationError> {
    let Value::Object(fields) = given else {
        return Err(ValidationError::new(
            "",
            format!("The body must be an object, for example `{example}`."),
        ));
    };
    match fields.keys().find(|name| !names.contains(&name.as_str())) {
        None => Ok(fields),
        Some(unknown) => Err(unknown_field(unknown, names)),
    }
}

/// Returns a line of at most so many characters; `None` where the field is absent or empty.
pub fn optional_line(
    fields: &Map<String, Value>,
    name: &str,
    max_chars: usize,
) -> Result<Option<String>, ValidationError> {
    let invalid = || {
        let detail = format!("`{name}` must be one line of at most {max_chars} characters.");
        ValidationError::new(pointer("", name), detail)
    };
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            let text = text.trim();
            let fits = text.chars().count() <= max_chars && !text.chars().any(char::is_control);
            if fits { Ok((!text.is_empty()).then(|| text.to_owned())) } else { Err(invalid()) }
        }
        Some(_) => Err(invalid()),
    }
}

/// Returns a boolean; `None` where the field is absent.
pub fn optional_bool(fields: &Map<String, Value>, name: &str) -> Result<Option<bool>, ValidationError> {
    match fields.get(name) {
        None => Ok(None),
        Some(Value::Bool(value)) => Ok(Some(*value)),
        Some(_) => Err(ValidationError::new(pointer("", name), format!("`{name}` must be true or false."))),
    }
}

/// The error for a field that the object does not take.
fn unknown_field(name: &str, fields: &[&str]) -> ValidationError {
    let detail = format!("Unknown field {}. Expected one of: {}.", quoted(name), fields.join(", "));
    ValidationError::new(pointer("", name), detail)
}
