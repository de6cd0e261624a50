//! Responses and cases.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Page of responses, the newest first.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ResponsePage {
    /// Responses.
    pub responses: Vec<Response>,
    /// Cursor of the next page.
    pub next_cursor: Option<String>,
    /// Number of responses that match the filters, if it is known.
    pub matching: Option<u64>,
}

/// Impression of the survey and its result.
#[derive(Debug, Clone, PartialEq, Deserialize)]
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
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
    /// Consents of the visitor.
    #[serde(default)]
    pub consents: Vec<String>,
    /// State of the case.
    pub state: Option<String>,
    /// Time when the case is due.
    pub due_at: Option<String>,
}

/// Counts of cases.
#[derive(Debug, Clone, PartialEq, Deserialize)]
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
