//! Settings of a site.

use serde::Deserialize;

/// Settings of a site, as far as every view needs them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SiteSettings {
    /// Name that visitors know.
    pub name: String,
    /// Time zone in which days begin.
    pub timezone: String,
    /// Declared properties.
    #[serde(default)]
    pub properties: Vec<Property>,
}

/// Declared property.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Property {
    /// The values are those that occur.
    Open(String),
    /// The owner has chosen the values.
    Chosen {
        /// Name.
        name: String,
    },
}

impl Property {
    /// Returns the name.
    pub fn name(&self) -> &str {
        match self {
            Self::Open(name) | Self::Chosen { name } => name,
        }
    }
}
