//! Responses and cases.

use std::collections::BTreeMap;

use super::json::from_json;

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
    /// Language of the survey.
    pub lang: Option<String>,
    /// Properties.
    pub properties: BTreeMap<String, String>,
    /// Consents of the visitor.
    pub consents: Vec<String>,
    /// State of the case.
    pub state: Option<String>,
    /// Time when the case is due.
    pub due_at: Option<String>,
}

from_json!(Response { id, at, score, comment, lang, properties, consents, state, due_at });

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
