//! Answers to the owner's own follow-up questions: words, or options of a list.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::{MAX_ANSWER, MAX_ANSWERS, MAX_OPTIONS, shorten};
use crate::Invalid;
use crate::invalid::pointer;
use crate::survey::is_variant_name as is_key;

/// An answer to one follow-up question. In JSON text, or an array of the keys of options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowUp {
    /// In words, at most [`MAX_ANSWER`] characters.
    Text(String),
    /// The keys of the options that were chosen, at most [`MAX_OPTIONS`], none of them twice.
    Options(Vec<String>),
}

/// Reads the member `answers` of untrusted JSON. What is `null` or empty counts as absent.
///
/// Whether the survey asks such a question is for whoever knows the survey: an answer to a question that the owner has
/// since taken out is still an answer.
pub(super) fn read(fields: &Map<String, Value>) -> Result<BTreeMap<String, FollowUp>, Invalid> {
    let given = match fields.get("answers") {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(given)) => given,
        Some(other) => {
            let detail = format!("Must be an object of questions' keys and answers, not {}.", shorten(other));
            return Err(Invalid::at("/answers", detail));
        }
    };
    if given.len() > MAX_ANSWERS {
        let detail = format!("Has {} answers; at most {MAX_ANSWERS} are kept.", given.len());
        return Err(Invalid::at("/answers", detail));
    }
    let mut kept = BTreeMap::new();
    for (key, value) in given {
        if !is_key(key) {
            let detail = "The key of a question has 1 to 40 characters of a–z, 0–9, - and _.";
            return Err(Invalid::at("/answers", detail));
        }
        if let Some(answer) = answer(value, &pointer("/answers", key))? {
            kept.insert(key.clone(), answer);
        }
    }
    Ok(kept)
}

fn answer(value: &Value, place: &str) -> Result<Option<FollowUp>, Invalid> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => {
            let length = text.chars().count();
            if length > MAX_ANSWER {
                let detail = format!("Has {length} characters; at most {MAX_ANSWER} are kept.");
                return Err(Invalid::at(place, detail));
            }
            Ok(Some(FollowUp::Text(text.clone())))
        }
        Value::Array(given) if given.len() > MAX_OPTIONS => {
            let detail = format!("Chooses {} options; at most {MAX_OPTIONS} are kept.", given.len());
            Err(Invalid::at(place, detail))
        }
        Value::Array(given) => {
            let mut options: Vec<String> = Vec::with_capacity(given.len());
            for (at, value) in given.iter().enumerate() {
                let wrong = |detail: &str| Invalid::at(format!("{place}/{at}"), detail);
                match value.as_str().filter(|key| is_key(key)) {
                    None => {
                        return Err(wrong(
                            "The key of an option has 1 to 40 characters of a–z, 0–9, - and _.",
                        ));
                    }
                    Some(key) if options.iter().any(|option| option == key) => {
                        return Err(wrong("Chooses an option a second time; once is enough."));
                    }
                    Some(key) => options.push(key.to_owned()),
                }
            }
            Ok((!options.is_empty()).then_some(FollowUp::Options(options)))
        }
        other => {
            let detail = format!("Must be text or an array of options' keys, not {}.", shorten(other));
            Err(Invalid::at(place, detail))
        }
    }
}

impl Serialize for FollowUp {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            FollowUp::Text(text) => to.serialize_str(text),
            FollowUp::Options(options) => options.serialize(to),
        }
    }
}

/// By hand, since serde's `untagged` would copy the value first and cost the widget kilobytes.
impl<'de> Deserialize<'de> for FollowUp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = FollowUp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or an array of text")
            }

            fn visit_str<E>(self, text: &str) -> Result<FollowUp, E> {
                Ok(FollowUp::Text(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<FollowUp, A::Error> {
                let mut options = Vec::new();
                while let Some(option) = items.next_element()? {
                    options.push(option);
                }
                Ok(FollowUp::Options(options))
            }
        }

        from.deserialize_any(Either)
    }
}
