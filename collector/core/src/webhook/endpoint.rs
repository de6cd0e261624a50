//! An endpoint as its owner sets it.

use api::ValidationError;
use api::validation::{Errors, ObjectReader};
use serde::Serialize;
use serde_json::Value;

use super::{Events, Target};

/// The longest name of an endpoint, in characters.
const MAX_NAME: usize = 100;

const FIELDS: [&str; 4] = ["url", "events", "format", "name"];

/// Webhook endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    /// URL that was a [`Target`] when it was set, in that target's spelling.
    pub url: String,
    /// Events that it receives.
    pub events: Events,
    /// The form of what it is sent.
    pub format: Format,
    /// Name that the owner gave.
    pub name: Option<String>,
}

/// The form of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// `{"type", "timestamp", "site", "data"}`, for a program.
    #[default]
    Json,
    /// Body of a Slack incoming webhook, for people.
    Slack,
}

impl Format {
    const ALL: [Self; 2] = [Self::Json, Self::Slack];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Slack => "slack",
        }
    }

    /// Whether people read it in a chat, where a flood of messages helps nobody.
    pub const fn is_chat(self) -> bool {
        matches!(self, Format::Slack)
    }

    /// The format of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }
}

impl Endpoint {
    /// Reads `{"url", "events", "format"?, "name"?}` from untrusted JSON, or says all that is wrong
    /// with it.
    ///
    /// `allowed_hosts` is as for [`Target::parse`]. Unknown members are refused: a misspelt
    /// `format` would otherwise be the default in silence.
    pub fn from_json(value: &Value, allowed_hosts: &[&str]) -> Result<Self, Vec<ValidationError>> {
        let mut errors = Errors::default();
        let reader = ObjectReader::new(Some(value), "", &FIELDS, &mut errors);
        let url = target(&reader, &mut errors, allowed_hosts);
        let events = Events::read(&reader, &mut errors);
        let format = reader.one_of(&mut errors, "format", &Format::ALL.map(Format::as_str));
        let format = format.and_then(|index| Format::ALL.get(index)).copied().unwrap_or_default();
        let name = reader.text(&mut errors, "name", MAX_NAME);
        errors.finish(Self { url, events, format, name })
    }
}

fn target(reader: &ObjectReader, errors: &mut Errors, allowed_hosts: &[&str]) -> String {
    match reader.get("url") {
        Some(Value::String(url)) => match Target::parse(url, allowed_hosts) {
            Ok(target) => return target.url().to_owned(),
            Err(error) => errors.push(&error.pointer, &error.detail),
        },
        _ => reader.error(errors, "url", "Required: the URL to send to, as text."),
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_have_defaults() {
        let least = json!({ "url": "https://Example.com", "events": ["response.detractor"] });
        assert_eq!(
            serde_json::to_value(Endpoint::from_json(&least, &[]).unwrap()).unwrap(),
            json!({ "url": "https://example.com/", "events": ["response.detractor"], "format": "json", "name": null })
        );
        let full = json!({
            "url": "https://hooks.slack.com/services/T/B/x", "events": ["digest.weekly"], "format": "slack", "name": "Team",
        });
        assert_eq!(serde_json::to_value(Endpoint::from_json(&full, &[]).unwrap()).unwrap(), full);
    }

    #[test]
    fn all_invalid_settings_are_named_at_once() {
        let wrong = json!({ "uri": 1, "events": ["x"], "format": "xml", "name": "n".repeat(101) });
        let wrong = Endpoint::from_json(&wrong, &[]).unwrap_err();
        let pointers: Vec<_> = wrong.iter().map(|invalid| invalid.pointer.as_str()).collect();
        assert_eq!(pointers, ["/uri", "/url", "/events/0", "/format", "/name"]);
        assert!(wrong.iter().all(|invalid| invalid.detail.ends_with('.')));
        assert_eq!(Endpoint::from_json(&json!([]), &[]).unwrap_err()[0].pointer, "");
        let private = json!({ "url": "https://10.0.0.1/", "events": ["digest.weekly"] });
        assert_eq!(Endpoint::from_json(&private, &[]).unwrap_err()[0].pointer, "/url");
        assert!(Endpoint::from_json(&private, &["10.0.0.1"]).is_ok());
    }
}
