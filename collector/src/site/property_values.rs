//! Values of a declared property that the owner sets: all others are counted as other.
//!
//! In the settings such a property is `{"name": "plan", "values": ["free", "pro"]}` instead of its
//! name.

use std::collections::BTreeSet;

use api::ValidationError;
use api::limits::MAX_PROPERTY_VALUE;
use serde_json::{Map, Value, json};

use crate::http::problem::quoted;
use crate::site::schema::daily_totals::MAX_VALUES;

/// Values by the name of their property: JSON arrays of text, checked by [`take`]. A map of its own
/// type would take 2 KB more.
pub type PropertyValues = Map<String, Value>;

/// Takes the values out of a patch of the settings, and leaves the names of their properties.
pub fn take(patch: &Value, errors: &mut Vec<ValidationError>) -> (Value, PropertyValues) {
    let (mut patch, mut found) = (patch.clone(), PropertyValues::new());
    let properties = patch.get_mut("properties").and_then(Value::as_array_mut);
    for (index, property) in properties.into_iter().flatten().enumerate() {
        let Value::Object(fields) = property else { continue };
        let name = fields.remove("name").unwrap_or_default();
        match read(fields.remove("values")) {
            Some(values) => {
                found.insert(name.as_str().unwrap_or_default().to_owned(), values.into());
            }
            None => {
                let detail = format!(
                    "`values` must be an array of 1 to {MAX_VALUES} different texts, each of 1 to \
                     {MAX_PROPERTY_VALUE} characters."
                );
                errors.push(ValidationError::new(format!("/properties/{index}/values"), detail));
            }
        }
        if let Some(unknown) = fields.keys().next() {
            let detail = format!("Unknown field {}. Expected one of: name, values.", quoted(unknown));
            errors.push(ValidationError::new(format!("/properties/{index}"), detail));
        }
        *property = name;
    }
    (patch, found)
}

/// Returns the declared properties as the owner sees them.
pub fn view(names: &[String], values: &PropertyValues) -> Vec<Value> {
    let view = |name: &String| match values.get(name) {
        Some(values) => json!({ "name": name, "values": values }),
        None => Value::from(name.as_str()),
    };
    names.iter().map(view).collect()
}

fn read(given: Option<Value>) -> Option<Vec<String>> {
    let Some(Value::Array(given)) = given else { return None };
    let fits = |text: &&str| (1..=MAX_PROPERTY_VALUE).contains(&text.chars().count());
    let values: Option<Vec<String>> =
        given.iter().map(|value| value.as_str().filter(fits).map(str::to_owned)).collect();
    let values = values.filter(|values| (1..=MAX_VALUES).contains(&values.len()))?;
    let different: BTreeSet<&String> = values.iter().collect();
    (different.len() == values.len()).then_some(values)
}
