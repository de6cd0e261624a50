//! Responses and cases.

use std::collections::BTreeMap;

use api::{CaseState, Mark};
use nps::{Category, Score};
use serde_json::Value;

use super::json::{FromJson, from_json};

/// Page of responses, the newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponsePage {
    /// Responses.
    pub responses: Vec<Response>,
    /// Cursor of the next page.
    pub next_cursor: Option<String>,
    /// Number of responses that match the filters, if it is known.
    pub matching: Option<u64>,
}

from_json!(ResponsePage { responses, next_cursor, matching });

impl ResponsePage {
    /// Whether at least one response has a comment.
    pub fn has_comment(&self) -> bool {
        self.responses.iter().any(|response| response.comment.is_some())
    }
}

/// Impression of the survey and its result.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Id.
    pub id: String,
    /// Time, in UTC.
    pub at: String,
    /// Score.
    pub score: Option<u8>,
    /// Comment.
    pub comment: Option<String>,
    /// Channel, such as `web`.
    pub channel: Option<String>,
    /// Language of the survey.
    pub lang: Option<String>,
    /// Path of the page.
    pub page: Option<String>,
    /// Digest of the user.
    pub user: Option<String>,
    /// Properties.
    pub properties: BTreeMap<String, String>,
    /// Answers to the follow-up questions, by their keys.
    pub answers: BTreeMap<String, Answer>,
    /// Consents of the visitor.
    pub consents: Vec<String>,
    /// Contact that the visitor left.
    pub contact: Option<String>,
    /// Tags of the owner.
    pub tags: Vec<String>,
    /// Note of the owner.
    pub note: Option<String>,
    /// State of the case; `None` where there is no case.
    pub state: Option<CaseState>,
    /// Person in charge of the case.
    pub assignee: Option<String>,
    /// Time when the case is due.
    pub due_at: Option<String>,
    /// Mark that takes the response out of every figure.
    pub mark: Option<Mark>,
}

from_json!(Response {
    id,
    at,
    score,
    comment,
    channel,
    lang,
    page,
    user,
    properties,
    answers,
    consents,
    contact,
    tags,
    note,
    state,
    assignee,
    due_at,
    mark
});

impl Response {
    /// Returns the category of the score.
    pub fn category(&self) -> Option<Category> {
        Some(Score::new(self.score?)?.category())
    }

    /// Whether the visitor allows the comment to be quoted.
    pub fn may_be_quoted(&self) -> bool {
        self.comment.is_some() && self.consents.iter().any(|it| it == "publish" || it == "quote")
    }

    /// Whether there is something to read or to do, beside the score.
    pub fn has_content(&self) -> bool {
        self.comment.is_some() || self.contact.is_some() || self.state.is_some() || !self.answers.is_empty()
    }
}

/// Answer to a follow-up question.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Text, or one choice.
    One(String),
    /// Several choices.
    Several(Vec<String>),
}

impl FromJson for Answer {
    fn from_json(json: &Value) -> Option<Self> {
        String::from_json(json).map(Self::One).or_else(|| Vec::from_json(json).map(Self::Several))
    }
}

impl Answer {
    /// Returns the answer as a line.
    pub fn text(&self) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::Several(choices) => choices.join(", "),
        }
    }
}

impl FromJson for CaseState {
    fn from_json(json: &Value) -> Option<Self> {
        Self::parse(json.as_str()?)
    }
}

impl FromJson for Mark {
    fn from_json(json: &Value) -> Option<Self> {
        Self::parse(json.as_str()?)
    }
}

/// Tags of the owner, the most frequent first.
#[derive(Debug, Clone, PartialEq)]
pub struct TagList {
    /// Tags.
    pub tags: Vec<TagCount>,
}

from_json!(TagList { tags });

/// Tag with its number of responses.
#[derive(Debug, Clone, PartialEq)]
pub struct TagCount {
    /// The tag.
    pub tag: String,
    /// Number of responses.
    pub responses: u64,
}

from_json!(TagCount { tag, responses });

/// Counts of cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Cases {
    /// Cases that nobody has started.
    pub open: u64,
    /// Cases in progress.
    pub in_progress: u64,
    /// Closed cases.
    pub done: u64,
    /// Cases that are past their due time.
    pub overdue: u64,
    /// Earliest due time of all cases that are not done.
    pub next_due_at: Option<String>,
}

from_json!(Cases { open, in_progress, done, overdue, next_due_at });
