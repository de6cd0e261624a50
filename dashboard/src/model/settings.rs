//! Settings of a site.

use serde_json::Value;

use super::json::{FromJson, from_json};

/// Settings of a site, as far as every view needs them.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteSettings {
    /// Name that visitors know.
    pub name: String,
    /// Time zone in which days begin.
    pub timezone: String,
    /// Declared properties.
    pub properties: Vec<Property>,
    /// Keys of the automatic notes that the owner has hidden, the newest last.
    pub hidden_notes: Vec<String>,
}

from_json!(SiteSettings { name, timezone, properties, hidden_notes });

/// Declared property: its name, or an object with the name and the values that the owner has
/// chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Property(String);

impl Property {
    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl FromJson for Property {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_str().or_else(|| json.get("name")?.as_str()).map(|name| Self(name.to_owned()))
    }
}
