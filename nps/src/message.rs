//! What a browser says about one showing of the survey.
//!
//! A showing only ever gains facts: shown, dismissed, scored, commented. Each message carries the showing's id and
//! whatever is new, so messages may come twice, late or in any order, and still add up to one response.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::invalid::pointer;
use crate::{Invalid, ResponseId, Score};

/// The most messages that one request may carry.
pub const MAX_MESSAGES: usize = 50;
/// The longest comment, in characters.
pub const MAX_COMMENT: usize = 5_000;
/// The most properties of one response.
pub const MAX_PROPERTIES: usize = 20;
/// The longest name of a property, in characters.
pub const MAX_PROPERTY_NAME: usize = 64;
/// The longest value of a property, in characters.
pub const MAX_PROPERTY_VALUE: usize = 200;

/// One message about one showing of the survey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Which showing.
    pub id: ResponseId,
    /// The answer on the scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// The answer in words, at most [`MAX_COMMENT`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The survey was on the visitor's screen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shown: bool,
    /// The visitor chose "Not now". Never a score.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dismissed: bool,
    /// The variant of the question that was asked; without it the site's present one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// The language in which it was asked, as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// The path of the page, without query or fragment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// What the owner wants to group by (plan, country): names and short values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, String>,
    /// The owner's own name for the visitor. It is kept only as a keyed digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Milliseconds from showing the survey to this message. Of two answers to one showing, the one with more wins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed_ms: Option<u32>,
}

impl Message {
    /// A message that says nothing yet.
    pub fn new(id: ResponseId) -> Self {
        Self {
            id,
            score: None,
            comment: None,
            shown: false,
            dismissed: false,
            variant: None,
            lang: None,
            page: None,
            properties: BTreeMap::new(),
            user: None,
            elapsed_ms: None,
        }
    }

    /// Reads a message from untrusted JSON, or says what is wrong with it and where.
    ///
    /// Unknown fields are refused, since a misspelt `score` would otherwise be an answer lost in silence.
    pub fn from_json(value: &Value) -> Result<Self, Invalid> {
        let Value::Object(fields) = value else {
            return Err(Invalid::at(
                "",
                "A message is a JSON object with an \"id\", for example {\"id\": \"…\", \"score\": 9}.",
            ));
        };
        if let Some(unknown) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
            let detail = format!("There is no field of this name. The fields are {}.", FIELDS.join(", "));
            return Err(Invalid::at(pointer("", unknown), detail));
        }
        let id = fields.get("id").and_then(Value::as_str).and_then(ResponseId::parse).ok_or_else(|| {
            Invalid::at(
                "/id",
                "Must be a UUID of 36 characters that the browser makes, one for each showing of the survey.",
            )
        })?;
        let message = Self {
            id,
            score: score(fields)?,
            comment: text(fields, "comment", MAX_COMMENT)?,
            shown: flag(fields, "shown")?,
            dismissed: flag(fields, "dismissed")?,
            variant: variant(fields)?,
            lang: text(fields, "lang", 35)?,
            page: text(fields, "page", 500)?,
            properties: properties(fields)?,
            user: text(fields, "user", 200)?,
            elapsed_ms: elapsed(fields)?,
        };
        if message.score.is_none() && message.comment.is_none() && !message.shown && !message.dismissed {
            return Err(Invalid::at(
                "",
                "Says nothing: give at least one of score, comment, shown, dismissed.",
            ));
        }
        Ok(message)
    }
}

const FIELDS: [&str; 11] = [
    "id",
    "score",
    "comment",
    "shown",
    "dismissed",
    "variant",
    "lang",
    "page",
    "properties",
    "user",
    "elapsed_ms",
];

/// A score in JSON: a whole number 0–10. A string is not a number, and 7.5 is no answer on this scale.
pub(crate) fn score(fields: &Map<String, Value>) -> Result<Option<Score>, Invalid> {
    match fields.get("score") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match whole(value).and_then(|n| u8::try_from(n).ok()).and_then(Score::new) {
            Some(score) => Ok(Some(score)),
            None => Err(Invalid::at(
                "/score",
                format!("Must be a whole number from 0 to 10, not {}.", shorten(value)),
            )),
        },
    }
}

/// A whole number from 0 on. `9.0` is the same number as `9` in JSON, and some languages write it so.
pub(crate) fn whole(value: &Value) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    value
        .as_u64()
        .or_else(|| value.as_f64().filter(|n| n.fract() == 0.0 && (0.0..EXACT).contains(n)).map(|n| n as u64))
}

/// Text that may be absent; empty text counts as absent.
pub(crate) fn text(fields: &Map<String, Value>, name: &str, max: usize) -> Result<Option<String>, Invalid> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= max => Ok(Some(text.clone())),
        Some(Value::String(text)) => {
            let length = text.chars().count();
            Err(Invalid::at(format!("/{name}"), format!("Has {length} characters; at most {max} are kept.")))
        }
        Some(other) => Err(Invalid::at(format!("/{name}"), format!("Must be text, not {}.", shorten(other)))),
    }
}

/// The name of a variant: a short word that can stand in a query.
fn variant(fields: &Map<String, Value>) -> Result<Option<String>, Invalid> {
    match text(fields, "variant", crate::survey::MAX_VARIANT)? {
        Some(name) if !crate::survey::is_variant_name(&name) => {
            Err(Invalid::at("/variant", "Must be made of a–z, 0–9, - and _ only."))
        }
        other => Ok(other),
    }
}

fn flag(fields: &Map<String, Value>, name: &str) -> Result<bool, Invalid> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(set)) => Ok(*set),
        Some(other) => {
            Err(Invalid::at(format!("/{name}"), format!("Must be true or false, not {}.", shorten(other))))
        }
    }
}

fn elapsed(fields: &Map<String, Value>) -> Result<Option<u32>, Invalid> {
    match fields.get("elapsed_ms") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => whole(value).and_then(|n| u32::try_from(n).ok()).map(Some).ok_or_else(|| {
            Invalid::at(
                "/elapsed_ms",
                format!("Must be a whole number of milliseconds below 2^32, not {}.", shorten(value)),
            )
        }),
    }
}

/// Properties: numbers and true/false are kept as their text, `null` and empty text as absent.
pub(crate) fn properties(fields: &Map<String, Value>) -> Result<BTreeMap<String, String>, Invalid> {
    let given = match fields.get("properties") {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(given)) => given,
        Some(other) => {
            let detail = format!("Must be an object of names and short values, not {}.", shorten(other));
            return Err(Invalid::at("/properties", detail));
        }
    };
    if given.len() > MAX_PROPERTIES {
        let detail = format!("Has {} properties; at most {MAX_PROPERTIES} are kept.", given.len());
        return Err(Invalid::at("/properties", detail));
    }
    let mut kept = BTreeMap::new();
    for (name, value) in given {
        let pointer = || pointer("/properties", name);
        if name.is_empty() || name.chars().count() > MAX_PROPERTY_NAME {
            return Err(Invalid::at(
                "/properties",
                format!("A name of a property has 1 to {MAX_PROPERTY_NAME} characters."),
            ));
        }
        let value = match value {
            Value::Null => continue,
            Value::String(text) if text.trim().is_empty() => continue,
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            _ => return Err(Invalid::at(pointer(), "Must be text, a number, true or false.")),
        };
        if value.chars().count() > MAX_PROPERTY_VALUE {
            return Err(Invalid::at(pointer(), format!("Has more than {MAX_PROPERTY_VALUE} characters.")));
        }
        kept.insert(name.clone(), value);
    }
    Ok(kept)
}

/// A value as it stands in an error: whole where it is short.
pub(crate) fn shorten(value: &Value) -> String {
    match value {
        Value::Array(_) => "an array".into(),
        Value::Object(_) => "an object".into(),
        other => {
            let text = other.to_string();
            if text.chars().count() <= 40 { text } else { text.chars().take(40).chain(['…']).collect() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ID: &str = "01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11";

    fn read(mut fields: Value) -> Result<Message, Invalid> {
        fields.as_object_mut().unwrap().entry("id").or_insert(json!(ID));
        Message::from_json(&fields)
    }

    #[test]
    fn each_score_of_the_scale_is_read_and_nothing_else() {
        for value in 0..=10 {
            assert_eq!(read(json!({ "score": value })).unwrap().score.unwrap().get(), value);
            assert_eq!(read(json!({ "score": f64::from(value) })).unwrap().score.unwrap().get(), value);
        }
        for wrong in
            [json!(-1), json!(11), json!(7.5), json!("8"), json!(true), json!([9]), json!(8e300), json!(-0.5)]
        {
            let error = read(json!({ "score": wrong })).unwrap_err();
            assert_eq!(error.pointer, "/score", "{error}");
        }
    }

    #[test]
    fn a_comment_may_come_without_a_score() {
        let message = read(json!({ "score": null, "comment": "good" })).unwrap();
        assert_eq!((message.score, message.comment.as_deref()), (None, Some("good")));
    }

    #[test]
    fn comments_are_measured_in_characters() {
        assert!(read(json!({ "comment": "é".repeat(MAX_COMMENT) })).is_ok());
        assert_eq!(read(json!({ "comment": "é".repeat(MAX_COMMENT + 1) })).unwrap_err().pointer, "/comment");
    }

    #[test]
    fn what_says_nothing_or_too_much_is_refused() {
        for (wrong, pointer) in [
            (json!({}), ""),
            (json!({ "shown": false, "comment": "  " }), ""),
            (json!({ "scroe": 9 }), "/scroe"),
            (json!({ "id": "7", "score": 9 }), "/id"),
            (json!({ "score": 9, "shown": 1 }), "/shown"),
            (json!({ "score": 9, "elapsed_ms": -5 }), "/elapsed_ms"),
            (json!({ "score": 9, "variant": "A B" }), "/variant"),
            (json!({ "score": 9, "properties": { "a/b": { "c": 1 } } }), "/properties/a~1b"),
            (json!({ "score": 9, "properties": ["plan"] }), "/properties"),
        ] {
            assert_eq!(read(wrong.clone()).unwrap_err().pointer, pointer, "{wrong}");
        }
        assert!(Message::from_json(&json!([1])).is_err());
    }

    #[test]
    fn what_is_written_is_read_back() {
        let message = read(json!({
            "score": 9, "comment": "好", "shown": true, "dismissed": true, "variant": "standard", "lang": "en",
            "page": "/shop", "properties": { "plan": "pro", "seats": 5, "trial": false, "gone": null },
            "user": "u1", "elapsed_ms": 2100,
        }))
        .unwrap();
        assert_eq!(message.properties.get("seats").map(String::as_str), Some("5"));
        assert_eq!(Message::from_json(&serde_json::to_value(&message).unwrap()).unwrap(), message);
    }
}
