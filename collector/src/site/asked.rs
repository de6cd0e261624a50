//! What the Worker in front asks of the object: the caller's request, with the key as its digest.

use api::ValidationError;
use collector_core::rate_limit::AddressKey;
use serde_json::Value;
use worker::Request;

use crate::address::Address;
use crate::reply::{Outcome, Problem};
use crate::row::id_of;

/// A request as the object sees it.
pub struct Asked {
    pub method: String,
    pub address: Address,
    pub body: String,
    /// The digest of the key that the caller showed.
    pub key: Option<String>,
    /// The origin of the page that asks.
    pub origin: Option<String>,
    /// The caller's path below the site, as it came; `None` where the Worker asks for itself.
    path: Option<String>,
    /// Where an export goes on.
    pub cursor: Option<String>,
    /// Who asks, as a digest that changes daily.
    pub visitor: Option<AddressKey>,
    /// How many messages the body holds.
    pub count: usize,
    /// Whether any of them says how to reach a person.
    pub contacts: bool,
    /// The address of the page that asks by itself, where that is needed.
    pub page: String,
    pub if_match: Option<String>,
    pub if_none_match: Option<String>,
}

impl Asked {
    pub async fn read(mut request: Request) -> Outcome<Self> {
        let headers = request.headers().clone();
        let header = |name: &str| headers.get(name).ok().flatten();
        Ok(Self {
            method: request.inner().method(),
            address: Address::of(&request.inner().url()),
            body: request.text().await?,
            key: header("x-key"),
            origin: header("x-origin"),
            path: header("x-path"),
            cursor: header("x-cursor"),
            visitor: header("x-visitor").map(|hex| *id_of(&hex).bytes()),
            count: header("x-count").and_then(|count| count.parse().ok()).unwrap_or(1),
            contacts: header("x-contacts").is_some(),
            page: header("x-page").unwrap_or_default(),
            if_match: header("x-if-match"),
            if_none_match: header("x-if-none-match"),
        })
    }

    /// The word of a question that the Worker asks for itself. No caller can make one.
    pub fn own(&self) -> Option<&str> {
        self.path.is_none().then(|| self.address.path().trim_start_matches('/'))
    }

    /// The caller's path below the site, in parts.
    pub fn path(&self) -> Vec<String> {
        self.path.as_deref().unwrap_or_default().split('/').map(decoded).collect()
    }

    /// A value of the query that may be given once, or one of its own default.
    pub fn once(slot: &mut Option<String>, name: &str, value: String) -> Result<(), ValidationError> {
        match slot.replace(value) {
            None => Ok(()),
            Some(_) => Err(ValidationError::new(name, "Is given more than once; give it once.")),
        }
    }

    /// The names and values of the query.
    pub fn query(&self) -> Vec<(String, String)> {
        self.address.pairs()
    }

    /// The body as JSON of any shape.
    pub fn json(&self) -> Outcome<Value> {
        collector_core::json::parse(&self.body).map_err(Problem::not_json)
    }

    /// Whether the caller, who would change something, has seen its present state. Without `If-Match` that is not asked.
    pub fn seen(&self, etag: &str) -> Outcome<()> {
        match &self.if_match {
            Some(seen) if !lists(seen, etag) => Err(Problem::changed(etag)),
            _ => Ok(()),
        }
    }
}

/// Whether a header such as `If-None-Match` lists the tag.
pub fn lists(header: &str, etag: &str) -> bool {
    let bare = etag.trim_start_matches("W/");
    header.split(',').any(|tag| matches!(tag.trim(), "*") || tag.trim().trim_start_matches("W/") == bare)
}

/// A part of a path without its per cent signs.
fn decoded(part: &str) -> String {
    // A query's decoder would take a plus sign for a space.
    let part = part.replace('+', "%2B");
    worker::js_sys::decode_uri_component(&part).map(String::from).unwrap_or(part)
}
