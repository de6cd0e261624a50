//! Settings of a site, as its owner changes them.

use super::json::from_json;
use serde_json::Value;

/// Settings of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct FullSettings {
    /// Name that visitors know.
    pub name: String,
    /// Time zone in which days begin.
    pub timezone: String,
    /// Origins that may show the survey; empty for all.
    pub origins: Vec<String>,
    /// Declared properties: a name, or an object with its values.
    pub properties: Vec<Value>,
    /// Whether anyone can see the score as a badge.
    pub badge: bool,
    /// Whether anyone can see the public notes.
    pub public_notes: bool,
    /// Periods for which data is kept.
    pub retention: Retention,
    /// Changes that are still running.
    pub in_progress: InProgress,
}

from_json!(FullSettings { name, timezone, origins, properties, badge, public_notes, retention, in_progress });

/// Periods for which data is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Retention {
    /// Months for responses; `None` is forever.
    pub months: Option<u32>,
    /// Days for contacts.
    pub contact_days: u32,
}

from_json!(Retention { months, contact_days });

/// Changes that are still running.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InProgress {
    /// Properties that are being counted.
    pub properties: Vec<String>,
    /// Whether responses are being moved to their day in the new time zone.
    pub timezone: bool,
}

from_json!(InProgress { properties, timezone });

impl InProgress {
    /// Whether something is still running.
    pub fn is_running(&self) -> bool {
        self.timezone || !self.properties.is_empty()
    }
}

impl FullSettings {
    /// Whether other settings are the same except for changes that are still running, which change
    /// the version too.
    pub fn differs_in_progress_only(&self, other: &Self) -> bool {
        Self { in_progress: other.in_progress.clone(), ..self.clone() } == *other
    }

    /// Returns the names of the declared properties.
    pub fn property_names(&self) -> Vec<&str> {
        self.properties.iter().filter_map(property_name).collect()
    }

    /// Returns the declaration of properties by their names. A property that was declared with
    /// values keeps them.
    pub fn declare(&self, names: &str) -> Value {
        let declared = |name: &str| {
            let known = self.properties.iter().find(|known| property_name(known) == Some(name));
            known.cloned().unwrap_or_else(|| name.into())
        };
        lines(names).map(declared).collect()
    }
}

fn property_name(property: &Value) -> Option<&str> {
    property.as_str().or_else(|| property.get("name")?.as_str())
}

/// Returns the lines of a text that are not blank.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::json::FromJson;
    use super::*;

    #[test]
    fn a_property_with_values_keeps_them_when_another_is_declared() {
        let settings: FullSettings = FromJson::from_json(&json!({
            "site": "x", "name": "Tea", "timezone": "UTC", "origins": [],
            "properties": ["plan", { "name": "tier", "values": ["a", "b"] }], "badge": false,
            "public_notes": false, "retention": { "months": null, "contact_days": 90 },
            "in_progress": { "properties": [], "timezone": false },
        }))
        .unwrap();
        assert_eq!(settings.property_names(), ["plan", "tier"]);
        let declared = settings.declare("country\n\n  tier \r\n");
        assert_eq!(declared, json!(["country", { "name": "tier", "values": ["a", "b"] }]));
        assert_eq!(settings.declare(" \n"), json!([]));
        let running = InProgress { properties: vec!["country".into()], timezone: false };
        assert!(running.is_running() && !settings.in_progress.is_running());
        let later = FullSettings { in_progress: running, ..settings.clone() };
        assert!(settings.differs_in_progress_only(&later));
        assert!(!settings.differs_in_progress_only(&FullSettings { badge: true, ..later }));
    }
}
