//! What a browser says about one showing of the survey.
//!
//! A showing only ever gains facts: shown, dismissed, scored, commented, follow-up questions answered, a way to be
//! reached, consents. Each message carries the showing's id and whatever is new, so messages may come twice, late or in
//! any order, and still add up to one response.
//!
//! [`contact`](Message::contact) is the one field that names a person. It is there only where the owner asks for it and
//! the visitor gives it, and whoever stores it keeps it apart from the answer. A [consent](Consents) is only ever given:
//! no message takes one back by leaving it out.
//!
//! **Circumstances** (`page`, `lang`, `properties`, `user`) are what the page says about itself. They never cost the response:
//! what is too long is cut, or left out where a part of it would mean another thing, and [`Received`] names it. A wrong type is
//! refused, since it is a mistake in a program. What the visitor says is never changed: it is within its limits or refused. So
//! is `variant`, which says what question was answered: answers to different questions are never pooled, and without its name
//! this one would count as an answer to the present one.

mod channel;
mod circumstances;
mod consents;
mod cut;
mod follow_up;
mod read;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use channel::Channel;
pub use circumstances::Received;
pub use consents::{Consent, Consents};
pub use follow_up::FollowUp;
pub use read::properties;
use read::{elapsed, flag, variant};
pub(crate) use read::{score, whole};
pub use read::{shorten, text};

use crate::invalid::pointer;
use crate::{Invalid, ResponseId};
use nps::Score;

/// The most bytes of one message as JSON in UTF-8, measured when its circumstances have been cut.
///
/// Whatever a visitor may say takes less: 5,000 + 5 × 1,000 + 200 characters of at most 6 bytes (a control character, as JSON
/// escapes it) and some names. What is too much are always circumstances, and they are left out.
pub const MAX_BYTES: usize = 65_536;
/// The most messages that one request may carry.
pub const MAX_MESSAGES: usize = 50;
/// The longest comment, in characters.
pub const MAX_COMMENT: usize = 5_000;
/// The longest path of a page, in characters.
pub const MAX_PAGE: usize = 500;
/// The longest tag of a language, in characters.
pub const MAX_LANG: usize = 35;
/// The most properties of one response.
pub const MAX_PROPERTIES: usize = 20;
/// The longest name of a property, in characters.
pub const MAX_PROPERTY_NAME: usize = 64;
/// The longest value of a property, in characters.
pub const MAX_PROPERTY_VALUE: usize = 200;
/// The longest contact, in characters.
pub const MAX_CONTACT: usize = 200;
/// The most follow-up questions that one response answers.
pub const MAX_ANSWERS: usize = 5;
/// The longest answer in words to a follow-up question, in characters.
pub const MAX_ANSWER: usize = 1_000;
/// The most options that an answer to a follow-up question chooses.
pub const MAX_OPTIONS: usize = 10;

/// One message about one showing of the survey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Which showing.
    pub id: ResponseId,
    /// The answer on the scale.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::nps_json::score")]
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
    /// The language in which it was asked, as a BCP 47 tag of at most [`MAX_LANG`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// The path of the page, without query or fragment, at most [`MAX_PAGE`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Where it was asked; without it on a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// What the owner wants to group by (plan, country): names and short values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, String>,
    /// The owner's own name for the visitor, at most [`MAX_USER`](crate::user::MAX_USER) characters. It is kept only as a keyed digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Milliseconds from showing the survey to this message. Of two answers to one showing, the one with more wins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed_ms: Option<u32>,
    /// A mail address or telephone number that the visitor gave so as to be answered, at most [`MAX_CONTACT`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// What the visitor agreed to.
    #[serde(default, skip_serializing_if = "Consents::is_empty")]
    pub consents: Consents,
    /// Answers to the owner's follow-up questions, by the question's key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, FollowUp>,
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
            channel: None,
            properties: BTreeMap::new(),
            user: None,
            elapsed_ms: None,
            contact: None,
            consents: Consents::default(),
            answers: BTreeMap::new(),
        }
    }

    /// Reads a message from untrusted JSON, or returns what is wrong with it and where.
    ///
    /// Unknown fields are refused, since a misspelt `score` would otherwise be an answer lost in silence.
    ///
    /// `preferred` are names of properties, the most wanted first. Where a message has too many, the first of these are kept and
    /// then others in the order of the alphabet.
    pub fn from_json(value: &Value, preferred: &[String]) -> Result<Received, Invalid> {
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
        let mut message = Self {
            id,
            score: score(fields)?,
            comment: text(fields, "comment", MAX_COMMENT)?,
            shown: flag(fields, "shown")?,
            dismissed: flag(fields, "dismissed")?,
            variant: variant(fields)?,
            channel: Channel::read(fields)?,
            elapsed_ms: elapsed(fields)?,
            contact: text(fields, "contact", MAX_CONTACT)?,
            consents: Consents::read(fields)?,
            answers: follow_up::read(fields)?,
            ..Self::new(id)
        };
        let ignored = message.read_circumstances(fields, preferred)?;
        if message.says_nothing() {
            return Err(Invalid::at(
                "",
                "Says nothing: give at least one of score, comment, shown, dismissed, contact, consents, answers.",
            ));
        }
        Ok(Received { message, ignored })
    }

    /// Whether there is no fact about the showing in it, only circumstances such as the page.
    fn says_nothing(&self) -> bool {
        self.score.is_none()
            && self.comment.is_none()
            && !self.shown
            && !self.dismissed
            && self.contact.is_none()
            && self.consents.is_empty()
            && self.answers.is_empty()
    }
}

const FIELDS: [&str; 15] = [
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
    "elapsed_ms",
    "contact",
    "consents",
    "answers",
];

#[cfg(test)]
mod tests;
