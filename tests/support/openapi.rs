//! The OpenAPI document, and validation of values and responses against it.

use std::fs;
use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::HttpResponse;

/// Methods that an operation can have, in the order of the header `Allow`.
pub const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// The document as it lies in the source.
pub struct Document(pub Value);

impl Document {
    /// Reads the document.
    pub fn read() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../collector/openapi.json");
        Self(serde_json::from_slice(&fs::read(file).unwrap()).expect("JSON"))
    }

    /// Resolves a `$ref`; any other value is returned unchanged.
    pub fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref").and_then(Value::as_str) {
            None => value,
            Some(to) => {
                let found = to.strip_prefix('#').and_then(|pointer| self.0.pointer(pointer));
                self.resolved(found.unwrap_or_else(|| panic!("{to} leads nowhere")))
            }
        }
    }

    /// Returns each path, method and operation.
    pub fn operations(&self) -> Vec<(&str, Method, &Value)> {
        let mut found = Vec::new();
        for (path, item) in object(&self.0["paths"]) {
            for method in METHODS {
                if let Some(operation) = item.get(method.as_str().to_lowercase()) {
                    found.push((path.as_str(), method, operation));
                }
            }
        }
        found
    }

    /// Returns the operation with that id.
    pub fn operation(&self, id: &str) -> &Value {
        let mut operations = self.operations().into_iter();
        operations.find(|(_, _, operation)| operation["operationId"] == id).expect(id).2
    }

    /// Returns the statuses that an operation describes.
    pub fn statuses(&self, id: &str) -> Vec<u16> {
        let statuses = object(&self.operation(id)["responses"]).keys();
        statuses.map(|status| status.parse().expect("a status is a number")).collect()
    }

    /// Returns a schema by its name.
    pub fn schema(&self, name: &str) -> &Value {
        &self.0["components"]["schemas"][name]
    }

    /// Asserts that the operation describes a response: its status, type, headers and body.
    #[track_caller]
    pub fn check(&self, operation: &str, answer: &HttpResponse) {
        let response = &self.operation(operation)["responses"][answer.status.to_string()];
        assert!(response.is_object(), "{operation} does not describe this answer: {answer}");
        self.check_response(operation, self.resolved(response), answer);
    }

    /// Asserts that a response matches one described response, which operations may share.
    #[track_caller]
    pub fn check_response(&self, what: &str, response: &Value, answer: &HttpResponse) {
        for (name, header) in response["headers"].as_object().into_iter().flatten() {
            let header = self.resolved(header);
            let value = answer.header(name);
            assert!(header["required"] != true || !value.is_empty(), "{what}: no {name} in {answer}");
            if !value.is_empty() {
                let number = header["schema"]["type"] == "integer";
                let value = if number { json!(value.parse::<u64>().unwrap()) } else { json!(value) };
                self.fits(&value, &header["schema"]).unwrap_or_else(|why| panic!("{what}, {name}: {why}"));
            }
        }
        let kind = answer.header("content-type");
        if response.get("content").is_none() {
            assert!(answer.body.is_empty(), "{what} describes no body: {answer}");
            return;
        }
        let schema = &response["content"][kind]["schema"];
        assert!(schema.is_object(), "{what} describes no {kind}: {answer}");
        let value = match kind.ends_with("json") && !kind.ends_with("ndjson") {
            true => answer.json(),
            false => json!(String::from_utf8_lossy(&answer.body)),
        };
        self.fits(&value, schema).unwrap_or_else(|why| panic!("{what}: {why}\n{answer}"));
    }

    /// Validates a value against a schema.
    ///
    /// Supports the keywords that the document uses and panics on any other, so none is ignored. It
    /// is stricter than JSON Schema in one point: undescribed members are errors. It ignores
    /// `pattern` and `format`.
    pub fn fits(&self, value: &Value, schema: &Value) -> Result<(), String> {
        let wrong = |what: &str| Err(format!("{value} is not as it should be: {what} in {schema}"));
        let size = |of: &Value| of.as_u64().unwrap() as usize;
        for (word, of) in object(schema) {
            let right = match word.as_str() {
                "description" | "default" | "pattern" | "format" => true,
                "$ref" => return self.fits(value, self.resolved(schema)),
                "type" => list(of).iter().any(|name| is(value, name.as_str().unwrap())),
                "enum" => list(of).contains(value),
                "const" => value == of,
                "not" => self.fits(value, of).is_err(),
                "minimum" => value.as_f64().is_none_or(|n| n >= of.as_f64().unwrap()),
                "maximum" => value.as_f64().is_none_or(|n| n <= of.as_f64().unwrap()),
                "minLength" => value.as_str().is_none_or(|text| text.chars().count() >= size(of)),
                "maxLength" => value.as_str().is_none_or(|text| text.chars().count() <= size(of)),
                "minItems" => value.as_array().is_none_or(|items| items.len() >= size(of)),
                "maxItems" => value.as_array().is_none_or(|items| items.len() <= size(of)),
                "uniqueItems" => {
                    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
                    items.iter().enumerate().all(|(at, item)| !items[..at].contains(item))
                }
                "minProperties" => value.as_object().is_none_or(|members| members.len() >= size(of)),
                "maxProperties" => value.as_object().is_none_or(|members| members.len() <= size(of)),
                "required" => {
                    value.is_null() || list(of).iter().all(|name| value.get(name.as_str().unwrap()).is_some())
                }
                "oneOf" => list(of).iter().filter(|one| self.fits(value, one).is_ok()).count() == 1,
                "anyOf" => list(of).iter().any(|one| self.says(value, one)),
                "if" => {
                    let then = if self.says(value, of) { "then" } else { "else" };
                    self.says(value, &schema[then])
                }
                "then" | "else" => true,
                "items" => {
                    for item in value.as_array().into_iter().flatten() {
                        self.fits(item, of)?;
                    }
                    true
                }
                "propertyNames" => {
                    let mut names = value.as_object().into_iter().flat_map(|members| members.keys());
                    names.all(|name| self.fits(&json!(name), of).is_ok())
                }
                "properties" | "additionalProperties" => {
                    self.members_fit(value, schema)?;
                    true
                }
                other => panic!("this checker does not know {other:?}"),
            };
            if !right {
                return wrong(word);
            }
        }
        Ok(())
    }

    fn members_fit(&self, value: &Value, schema: &Value) -> Result<(), String> {
        for (name, member) in value.as_object().into_iter().flatten() {
            match (schema["properties"].get(name), &schema["additionalProperties"]) {
                (Some(own), _) => self.fits(member, own)?,
                (None, others @ Value::Object(_)) => self.fits(member, others)?,
                (None, _) => return Err(format!("{name:?} is not described: {value}")),
            }
        }
        Ok(())
    }

    /// Whether the value matches a condition, which names some of its members and ignores the
    /// others.
    fn says(&self, value: &Value, condition: &Value) -> bool {
        let there = condition
            .get("required")
            .is_none_or(|names| list(names).iter().all(|name| value.get(name.as_str().unwrap()).is_some()));
        there
            && condition["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .all(|(name, of)| value.get(name).is_none_or(|member| self.fits(member, of).is_ok()))
    }
}

/// Returns the members of a value that must be an object.
pub fn object(value: &Value) -> &serde_json::Map<String, Value> {
    value.as_object().unwrap_or_else(|| panic!("no object: {value}"))
}

/// Returns the items of an array; any other value counts as an array of one.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|n| n.fract() == 0.0),
        other => panic!("there is no type {other}"),
    }
}

/// Calls `with` for a value and all values in it.
pub fn walk(value: &Value, with: &mut impl FnMut(&Value)) {
    with(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, with)),
        Value::Object(members) => members.values().for_each(|member| walk(member, with)),
        _ => {}
    }
}
