//! Messages to the registry.

use serde_json::{Map, Value};

use crate::json_object::{Field, JsonObject, json_object};

/// Member of the JSON that has the name of the command.
const COMMAND: &str = "command";

/// A call to the registry.
#[derive(Debug)]
pub enum RegistryCommand {
    /// Stores the entry of a site.
    Put(SiteEntry),
    /// Lists sites; the reply is the response for the caller.
    List(ListSites),
}

json_object! {
    /// Entry of a site.
    SiteEntry {
        site: String,
        /// Name that visitors know.
        name: String,
        created_ms: i64,
        jurisdiction: Option<String>,
        /// Set once the site is deleted, and never again unset.
        deleted_ms: Option<i64>,
    }
}

json_object! {
    /// Selection of a page of the list.
    ListSites {
        after: Option<SitePosition>,
        limit: i64,
    }
}

/// Position in the list of sites, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitePosition {
    pub created_ms: i64,
    pub site: String,
}

impl SitePosition {
    /// Parses the time in milliseconds, a dot and the site.
    pub fn parse(text: &str) -> Option<Self> {
        let (created_ms, site) = text.split_once('.')?;
        Some(Self { created_ms: created_ms.parse().ok()?, site: site.to_owned() })
    }
}

impl std::fmt::Display for SitePosition {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.created_ms, self.site)
    }
}

impl Field for SitePosition {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }

    fn from_json(value: Value) -> Option<Self> {
        Self::parse(value.as_str()?)
    }
}

impl JsonObject for RegistryCommand {
    fn to_object(&self) -> Map<String, Value> {
        let (name, mut object) = match self {
            Self::Put(entry) => ("put", entry.to_object()),
            Self::List(list) => ("list", list.to_object()),
        };
        object.insert(COMMAND.to_owned(), name.into());
        object
    }

    fn from_object(object: &mut Map<String, Value>) -> Option<Self> {
        match object.remove(COMMAND)?.as_str()? {
            "put" => JsonObject::from_object(object).map(Self::Put),
            "list" => JsonObject::from_object(object).map(Self::List),
            _ => None,
        }
    }
}
