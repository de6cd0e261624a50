//! Answers to the owner's follow-up questions: text, or options of a list.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::limits::{MAX_ANSWER, MAX_ANSWERS, MAX_OPTIONS};
use crate::slug::{SLUG_CHARACTERS, is_slug};
use crate::validation::{Errors, ObjectReader, Text, pointer, quoted, text};

/// Answer to one follow-up question. In JSON text, or an array of the keys of options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum FollowUpAnswer {
    /// Free text of at most [`MAX_ANSWER`] characters.
    Text(String),
    /// Keys of the chosen options, at most [`MAX_OPTIONS`], none of
    /// them twice.
    Options(Vec<String>),
    /// The visitor has taken an earlier answer back. In JSON `null`.
    Withdrawn,
}

/// Reads the member `answers` of untrusted JSON. What is `null` or empty takes back an earlier
/// answer.
///
/// Whether the survey asks such a question is not checked: an answer to a question that the owner
/// has since taken out is still an answer.
pub(super) fn read(reader: &ObjectReader, errors: &mut Errors) -> BTreeMap<String, FollowUpAnswer> {
    let mut kept = BTreeMap::new();
    let path = reader.pointer_to("answers");
    let given = match reader.get("answers") {
        None => return kept,
        Some(Value::Object(given)) => given,
        Some(other) => {
            errors.push(&path, &format!("Must be an object of keys and answers, not {}.", quoted(other)));
            return kept;
        }
    };
    if given.len() > MAX_ANSWERS {
        errors.push(&path, &format!("Has {} answers; at most {MAX_ANSWERS} are allowed.", given.len()));
        return kept;
    }
    for (key, value) in given {
        if is_slug(key) {
            kept.extend(answer(value, &pointer(&path, key), errors).map(|answer| (key.clone(), answer)));
        } else {
            errors.push(&path, &format!("The key of a question must be {SLUG_CHARACTERS}."));
        }
    }
    kept
}

fn answer(value: &Value, path: &str, errors: &mut Errors) -> Option<FollowUpAnswer> {
    match value {
        Value::Null => Some(FollowUpAnswer::Withdrawn),
        Value::String(given) if given.trim().is_empty() => Some(FollowUpAnswer::Withdrawn),
        Value::String(_) => text(errors, value, path, MAX_ANSWER, Text::Any).map(FollowUpAnswer::Text),
        Value::Array(given) if given.len() > MAX_OPTIONS => {
            errors.push(path, &format!("Has {} options; at most {MAX_OPTIONS} are allowed.", given.len()));
            None
        }
        Value::Array(given) => {
            let mut options: Vec<String> = Vec::with_capacity(given.len());
            for (index, value) in given.iter().enumerate() {
                let path = format!("{path}/{index}");
                match value.as_str().filter(|key| is_slug(key)) {
                    None => errors.push(&path, &format!("The key of an option must be {SLUG_CHARACTERS}.")),
                    Some(key) if options.iter().any(|option| option == key) => {
                        errors.push(&path, "Repeats an option; give each option once.");
                    }
                    Some(key) => options.push(key.to_owned()),
                }
            }
            Some(if given.is_empty() { FollowUpAnswer::Withdrawn } else { FollowUpAnswer::Options(options) })
        }
        other => {
            errors.push(path, &format!("Must be text or an array of option keys, not {}.", quoted(other)));
            None
        }
    }
}
