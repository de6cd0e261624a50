//! The parts of OpenAPI 3.1 and JSON Schema that `collector/openapi.json` uses.
//!
//! Every struct denies unknown fields. A keyword that the page cannot show therefore stops the
//! build, and no part of the description is lost silently.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use http::StatusCode;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Number;

use super::ordered_json::{Json, Members};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub openapi: String,
    pub info: Info,
    pub servers: Vec<Server>,
    pub tags: Vec<Tag>,
    pub paths: Members<PathItem>,
    pub components: Components,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Info {
    pub title: String,
    pub version: String,
    pub summary: String,
    pub description: String,
    pub license: License,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct License {
    pub name: String,
    #[serde(rename = "identifier")]
    _identifier: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub url: String,
    pub description: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    pub name: String,
    pub description: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct PathItem {
    pub parameters: Vec<Parameter>,
    get: Option<Operation>,
    post: Option<Operation>,
    put: Option<Operation>,
    patch: Option<Operation>,
    delete: Option<Operation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Operation {
    #[serde(rename = "operationId")]
    pub id: String,
    pub tags: [String; 1],
    pub summary: String,
    #[serde(default)]
    pub description: String,
    /// Alternative sets of keys.
    pub security: Vec<Members<IgnoredAny>>,
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    pub request_body: Option<RequestBody>,
    pub responses: Members<Response>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    pub name: String,
    #[serde(rename = "in")]
    pub place: String,
    #[serde(default)]
    pub required: bool,
    pub description: String,
    pub schema: Schema,
    pub example: Json,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestBody {
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub description: String,
    pub content: Members<Media>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    pub description: String,
    #[serde(default)]
    pub headers: Members<Header>,
    #[serde(default)]
    pub content: Members<Media>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    pub description: String,
    #[serde(default)]
    pub required: bool,
    pub schema: Schema,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Media {
    pub schema: Schema,
    #[serde(default)]
    pub examples: Members<Example>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub summary: String,
    value: Json,
}

/// Shared parts. References to the ignored ones are already resolved.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Components {
    pub security_schemes: Members<SecurityScheme>,
    pub schemas: Members<Schema>,
    #[serde(rename = "parameters")]
    _parameters: IgnoredAny,
    #[serde(rename = "headers")]
    _headers: IgnoredAny,
    #[serde(rename = "responses")]
    _responses: IgnoredAny,
    #[serde(rename = "examples")]
    _examples: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecurityScheme {
    #[serde(rename = "type")]
    kind: String,
    scheme: String,
    #[serde(default)]
    pub bearer_format: String,
    pub description: String,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Schema {
    #[serde(rename = "$ref")]
    pub reference: Option<String>,
    #[serde(rename = "type", deserialize_with = "one_or_many")]
    pub types: Vec<String>,
    pub description: String,
    pub format: Option<String>,
    pub pattern: Option<String>,
    #[serde(rename = "const", deserialize_with = "present")]
    pub constant: Option<Json>,
    #[serde(rename = "enum")]
    pub choices: Vec<Json>,
    #[serde(deserialize_with = "present")]
    pub default: Option<Json>,
    pub minimum: Option<Number>,
    pub maximum: Option<Number>,
    pub min_length: Option<Number>,
    pub max_length: Option<Number>,
    pub items: Option<Box<Schema>>,
    pub min_items: Option<Number>,
    pub max_items: Option<Number>,
    pub unique_items: bool,
    pub properties: Members<Schema>,
    pub required: Vec<String>,
    pub additional_properties: Option<AdditionalProperties>,
    pub property_names: Option<Box<Schema>>,
    pub min_properties: Option<Number>,
    pub max_properties: Option<Number>,
    pub one_of: Vec<Schema>,
    pub any_of: Vec<Schema>,
    pub not: Option<Box<Schema>>,
    #[serde(rename = "if")]
    pub condition: Option<Box<Schema>>,
    pub then: Option<Box<Schema>>,
    #[serde(rename = "else")]
    pub otherwise: Option<Box<Schema>>,
}

#[derive(Deserialize, PartialEq)]
#[serde(untagged)]
pub enum AdditionalProperties {
    Allowed(bool),
    Schema(Box<Schema>),
}

/// Accepts one type name or a list of them.
fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(from)? {
        OneOrMany::One(name) => vec![name],
        OneOrMany::Many(names) => names,
    })
}

/// Keeps an explicit `null`, which `Option` would read as absent.
fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(from).map(Some)
}

/// Operation with its path and method.
pub struct Endpoint<'a> {
    pub path: &'a str,
    pub method: &'static str,
    pub operation: &'a Operation,
    /// Parameters of the path, then those of the operation.
    pub parameters: Vec<&'a Parameter>,
}

impl Document {
    /// Parses a description and checks what the types cannot express.
    pub fn parse(openapi: &[u8]) -> Result<Self> {
        let source: Json = serde_json::from_slice(openapi).context("invalid JSON")?;
        let resolved = serde_json::to_string(&source.with_references_resolved(&source)?)?;
        let document: Self =
            serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(&resolved))?;
        let mut ids = BTreeSet::new();
        for Endpoint { method, path, operation, .. } in document.endpoints() {
            let (id, tag) = (&operation.id, &operation.tags[0]);
            ensure!(ids.insert(id), "duplicate operationId `{id}` at {method} {path}");
            ensure!(document.tags.iter().any(|known| known.name == *tag), "unknown tag `{tag}` of `{id}`");
            for (status, _) in operation.responses.iter() {
                reason(status).with_context(|| format!("unknown status `{status}` of `{id}`"))?;
            }
        }
        for (name, scheme) in document.components.security_schemes.iter() {
            let is_bearer = scheme.kind == "http" && scheme.scheme == "bearer";
            ensure!(is_bearer, "`{name}` is not a bearer key, the only kind that the page describes");
        }
        Ok(document)
    }

    /// Returns all operations, in the order of the paths.
    pub fn endpoints(&self) -> Vec<Endpoint<'_>> {
        let mut endpoints = Vec::new();
        for (path, item) in self.paths.iter() {
            let PathItem { parameters: shared, get, post, put, patch, delete } = item;
            let methods = [("GET", get), ("POST", post), ("PUT", put), ("PATCH", patch), ("DELETE", delete)];
            for (method, operation) in methods {
                if let Some(operation) = operation {
                    let parameters = shared.iter().chain(&operation.parameters).collect();
                    endpoints.push(Endpoint { path, method, operation, parameters });
                }
            }
        }
        endpoints
    }
}

impl Endpoint<'_> {
    /// Whether the operation belongs to this tag.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.operation.tags[0] == tag
    }
}

impl Example {
    /// The example as a request or response body of this media type.
    pub fn body(&self, media_type: &str) -> String {
        match &self.value {
            Json::Text(text) if !media_type.ends_with("json") || media_type.ends_with("ndjson") => {
                text.trim_end().to_owned()
            }
            value => value.pretty(),
        }
    }
}

/// Returns the reason phrase of an HTTP status code.
pub fn reason(status: &str) -> Option<&'static str> {
    status.parse::<StatusCode>().ok()?.canonical_reason()
}
