//! An endpoint as its owner sets it.

use serde::Serialize;
use serde_json::Value;

use super::{Events, Target};
use api::Invalid;
use api::invalid::pointer;
use api::message::{shorten, text};

/// The longest name of an endpoint, in characters.
pub const MAX_NAME: usize = 100;

const FIELDS: [&str; 4] = ["url", "events", "format", "name"];

/// Where to send what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    /// Where: a URL that was a [`Target`] when it was set, in that target's spelling.
    pub url: String,
    /// What it wants to hear of.
    pub events: Events,
    /// The form of what it is sent.
    pub format: Format,
    /// What the owner calls it.
    pub name: Option<String>,
}

/// The form of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// `{"type", "timestamp", "site", "data"}`, for a program.
    #[default]
    Json,
    /// What an incoming webhook of Slack takes, for people.
    Slack,
}

impl Format {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Slack => "slack",
        }
    }

    /// The format of that word.
    pub fn parse(word: &str) -> Option<Self> {
        [Format::Json, Format::Slack].into_iter().find(|format| format.word() == word)
    }
}

impl Endpoint {
    /// Reads `{"url", "events", "format"?, "name"?}` from untrusted JSON, or says all that is wrong with it.
    ///
    /// `allowed_hosts` is as for [`Target::parse`]. Unknown members are refused: a misspelt `format` would otherwise be the
    /// default in silence.
    pub fn from_json(value: &Value, allowed_hosts: &[&str]) -> Result<Self, Vec<Invalid>> {
        let Value::Object(fields) = value else {
            let detail = "An endpoint is a JSON object, for example {\"url\": \"https://example.com/hook\", \"events\": [\"detractor\"]}.";
            return Err(vec![Invalid::at("", detail)]);
        };
        let mut wrong: Vec<Invalid> = Vec::new();
        if let Some(unknown) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
            let detail = format!("There is no member of this name. The members are {}.", FIELDS.join(", "));
            wrong.push(Invalid::at(pointer("", unknown), detail));
        }
        let target = match fields.get("url") {
            Some(Value::String(url)) => Target::parse(url, allowed_hosts),
            _ => Err(Invalid::at("/url", "Must be the URL to send to, as text.")),
        };
        let target = target.map_err(|invalid| wrong.push(invalid)).ok();
        let missing = Value::Null;
        let events = Events::from_json(fields.get("events").unwrap_or(&missing), "/events");
        let events = events.map_err(|invalid| wrong.extend(invalid)).ok();
        let format = format(fields.get("format")).map_err(|invalid| wrong.push(invalid)).ok();
        let name = text(fields, "name", MAX_NAME).map_err(|invalid| wrong.push(invalid)).ok();
        match (target, events, format, name) {
            (Some(target), Some(events), Some(format), Some(name)) if wrong.is_empty() => {
                Ok(Self { url: target.url().to_owned(), events, format, name })
            }
            _ => Err(wrong),
        }
    }
}

fn format(value: Option<&Value>) -> Result<Format, Invalid> {
    match value {
        None | Some(Value::Null) => Ok(Format::default()),
        Some(value) => value.as_str().and_then(Format::parse).ok_or_else(|| {
            Invalid::at("/format", format!("Must be \"json\" or \"slack\", not {}.", shorten(value)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_are_read_and_defaults_filled_in() {
        let least = json!({ "url": "https://Example.com", "events": ["detractor"] });
        assert_eq!(
            serde_json::to_value(Endpoint::from_json(&least, &[]).unwrap()).unwrap(),
            json!({ "url": "https://example.com/", "events": ["detractor"], "format": "json", "name": null })
        );
        let full = json!({
            "url": "https://hooks.slack.com/services/T/B/x", "events": ["digest"], "format": "slack", "name": "Team",
        });
        assert_eq!(serde_json::to_value(Endpoint::from_json(&full, &[]).unwrap()).unwrap(), full);
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let wrong = json!({ "uri": 1, "events": ["x"], "format": "xml", "name": "n".repeat(101) });
        let wrong = Endpoint::from_json(&wrong, &[]).unwrap_err();
        let pointers: Vec<_> = wrong.iter().map(|invalid| invalid.pointer.as_str()).collect();
        assert_eq!(pointers, ["/uri", "/url", "/events/0", "/format", "/name"]);
        assert!(wrong.iter().all(|invalid| invalid.detail.ends_with('.')));
        assert_eq!(Endpoint::from_json(&json!([]), &[]).unwrap_err()[0].pointer, "");
        let private = json!({ "url": "https://10.0.0.1/", "events": ["digest"] });
        assert_eq!(Endpoint::from_json(&private, &[]).unwrap_err()[0].pointer, "/url");
        assert!(Endpoint::from_json(&private, &["10.0.0.1"]).is_ok());
    }
}
