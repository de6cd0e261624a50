//! Update to one response: what a browser sends about one impression of the survey.
//!
//! A response gains facts: shown, dismissed, scored, commented, follow-up questions answered, a
//! contact, consents. Each update carries the response's id and whatever is new, so updates may
//! arrive twice, late or in any order, and still add up to one response. Leaving a field out takes
//! nothing back. The visitor's own words are taken back by an empty comment, contact or answer, and
//! consents by a list without them.
//!
//! [`contact`](ResponseUpdate::contact) is the one field that identifies a person. It is present
//! only if the owner asks for it and the visitor gives it, and it is stored apart from the
//! response. Of two lists of [consents](GivenConsents) the later one counts.
//!
//! **Context fields** (`page`, `lang`, `properties`, `user`) are what the page says about itself.
//! They never cost the response: what is too long is cut, or left out where a part of it would mean
//! another thing, and [`Received`] lists it. A wrong type is an error, since it is a mistake in a
//! program. A visitor's own words are never changed: they are within their limits or refused. So is
//! `variant`, which says what question was asked: responses to different questions are never
//! pooled, and without its name this one would count for the present question.

mod context;
mod follow_up_answer;
mod given_consents;
mod properties;
mod truncate;

use std::collections::BTreeMap;

use nps::Score;
use serde::Serialize;
use serde_json::Value;

pub use context::Received;
pub use follow_up_answer::FollowUpAnswer;
pub use given_consents::{Consent, GivenConsents};
pub use properties::properties;

use crate::limits::{MAX_COMMENT, MAX_CONTACT, MAX_SLUG};
use crate::slug::{SLUG_CHARACTERS, is_slug};
use crate::validation::{Errors, ObjectReader, integer, quoted};
use crate::{Channel, Mark, ResponseId, ValidationError};

/// Update to one response.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResponseUpdate {
    /// Id of the response.
    pub id: ResponseId,
    /// Score that the visitor chose.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "crate::nps_json::score")]
    pub score: Option<Score>,
    /// Comment of at most [`MAX_COMMENT`] characters. An empty one takes back an earlier comment,
    /// where there is an [`elapsed_ms`](Self::elapsed_ms).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Whether the survey was on the visitor's screen.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub shown: bool,
    /// Whether the visitor chose "Not now". Never a score.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dismissed: bool,
    /// Variant of the question that was asked; without it the site's present one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Language of the survey as a BCP 47 tag of at most [`MAX_LANG`](crate::limits::MAX_LANG)
    /// characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Path of the page, without query or fragment, at most [`MAX_PAGE`](crate::limits::MAX_PAGE)
    /// characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Channel of the survey; without it [`Channel::Web`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Properties to group by (plan, country): names and short values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, String>,
    /// User: the owner's name for the visitor, at most [`MAX_USER`](crate::limits::MAX_USER)
    /// characters. It is kept only as a keyed digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Milliseconds from showing the survey to this message. Of two scores of one impression, the
    /// one with more wins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elapsed_ms: Option<u32>,
    /// Email address or telephone number that the visitor left, at most
    /// [`MAX_CONTACT`] characters. An empty one takes back an earlier contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// All consents of the visitor so far, in place of those in an earlier update.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consents: Option<GivenConsents>,
    /// Answers to the owner's follow-up questions, by the question's key.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, FollowUpAnswer>,
    /// Mark of the response. A message can only say that it is a test; other marks are the owner's.
    #[serde(
        rename = "test",
        skip_serializing_if = "Option::is_none",
        serialize_with = "Mark::serialize_test"
    )]
    pub mark: Option<Mark>,
}

impl ResponseUpdate {
    /// Creates an update without facts.
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
            channel: None,
            properties: BTreeMap::new(),
            user: None,
            elapsed_ms: None,
            contact: None,
            consents: None,
            answers: BTreeMap::new(),
            mark: None,
        }
    }

    /// Reads an update from untrusted JSON, or returns all its errors.
    ///
    /// Unknown fields are errors, since a misspelt `score` would otherwise be a response lost in
    /// silence.
    ///
    /// `preferred` are names of properties, the most wanted first. If an update has too many
    /// properties, the first of these are kept and then others in alphabetical order.
    pub fn from_json(value: &Value, preferred: &[String]) -> Result<Received, Vec<ValidationError>> {
        let mut errors = Errors::default();
        let reader = ObjectReader::new(Some(value), "", &FIELDS, &mut errors);
        let id = reader.get("id").and_then(Value::as_str).and_then(ResponseId::parse);
        if id.is_none() && reader.is_present() {
            let detail = "Required: a UUID of 36 characters that the browser makes, one for each impression.";
            reader.error(&mut errors, "id", detail);
        }
        // Without an id there is an error, so this one never leaves.
        let id = id.unwrap_or(ResponseId::from_bytes([0; 16]));
        let mut update = Self {
            id,
            score: score(&reader, &mut errors),
            comment: text_or_empty(&reader, &mut errors, "comment", MAX_COMMENT),
            shown: reader.bool(&mut errors, "shown"),
            dismissed: reader.bool(&mut errors, "dismissed"),
            variant: variant(&reader, &mut errors),
            channel: Channel::read(&reader, &mut errors),
            elapsed_ms: reader.integer(&mut errors, "elapsed_ms", (0..=u32::MAX, " of milliseconds")),
            contact: text_or_empty(&reader, &mut errors, "contact", MAX_CONTACT),
            consents: GivenConsents::read(&reader, &mut errors),
            answers: follow_up_answer::read(&reader, &mut errors),
            mark: reader.bool(&mut errors, "test").then_some(Mark::Test),
            ..Self::new(id)
        };
        let ignored = update.read_context(&reader, &mut errors, preferred);
        if update.has_no_facts() && errors.is_empty() {
            let detail = "Has no facts. Give at least one of: score, comment, shown, dismissed, \
                          contact, consents, answers.";
            errors.push("", detail);
        }
        let user_hash = reader.raw_text(&mut errors, "user_hash").map(str::to_owned);
        errors.finish(Received { update, ignored, user_hash })
    }

    /// Whether it holds nothing but its id and context fields such as the page.
    fn has_no_facts(&self) -> bool {
        let is_blank = |text: &Option<String>| text.as_deref().is_none_or(str::is_empty);
        self.score.is_none()
            && is_blank(&self.comment)
            && !self.shown
            && !self.dismissed
            && is_blank(&self.contact)
            && self.consents.is_none_or(|consents| consents.is_empty())
            && self.answers.is_empty()
    }
}

const FIELDS: [&str; 17] = [
    "id",
    "score",
    "comment",
    "shown",
    "dismissed",
    "variant",
    "lang",
    "page",
    "channel",
    "properties",
    "user",
    "user_hash",
    "elapsed_ms",
    "contact",
    "consents",
    "answers",
    "test",
];

/// Reads a score: a whole number 0–10. A string is not a number, and 7.5 is no answer on this
/// scale.
fn score(reader: &ObjectReader, errors: &mut Errors) -> Option<Score> {
    let value = reader.get("score")?;
    let score = integer(value).and_then(|n| u8::try_from(n).ok()).and_then(Score::new);
    if score.is_none() {
        let detail = format!("Must be a whole number from 0 to 10, not {}.", quoted(value));
        reader.error(errors, "score", &detail);
    }
    score
}

/// Reads the visitor's own words. Blank ones are empty, not absent.
fn text_or_empty(reader: &ObjectReader, errors: &mut Errors, name: &str, max: usize) -> Option<String> {
    match reader.get(name)? {
        Value::String(text) if text.trim().is_empty() => Some(String::new()),
        _ => reader.text(errors, name, max),
    }
}

fn variant(reader: &ObjectReader, errors: &mut Errors) -> Option<String> {
    let name = reader.text(errors, "variant", MAX_SLUG)?;
    if !is_slug(&name) {
        reader.error(errors, "variant", &format!("Must be {SLUG_CHARACTERS}."));
        return None;
    }
    Some(name)
}

#[cfg(test)]
mod tests;
