//! A caller's request, as handlers see it.

use std::cell::RefCell;

use api::ValidationError;
use api::validation::QueryReader;
use collector_core::json;
use serde_json::Value;

use crate::http::etag::etag_matches;
use crate::http::request_url::{query_pairs, query_reader};
use crate::http::{ApiResult, Problem, Response, response};
use crate::json_object::to_json;
use crate::protocol::{ApiCall, PARTLY_DONE, Progress};

/// Parameter that carries the key of a link. Endpoints that links lead to ignore it.
pub const KEY_PARAMETER: &str = "key";

/// The number of entries in a page, unless the caller says otherwise.
const DEFAULT_LIMIT: i64 = 100;
/// The most entries in a page.
const MAX_LIMIT: i64 = 1_000;

/// Request of a caller: the call with its body.
pub struct ApiRequest {
    pub call: ApiCall,
    pub body: String,
    /// Id of what a handler has created, for the audit log.
    created: RefCell<Option<String>>,
}

impl ApiRequest {
    /// Creates a request with the body that came with the call.
    pub fn new(call: ApiCall, body: String) -> Self {
        Self { call, body, created: RefCell::new(None) }
    }

    /// Stores the id of what the handler has created.
    pub fn set_created(&self, id: &str) {
        self.created.replace(Some(id.to_owned()));
    }

    /// Takes the id of what the handler has created.
    pub fn take_created(&self) -> Option<String> {
        self.created.take()
    }

    /// Returns the names and values of the query.
    pub fn query(&self) -> Vec<(String, String)> {
        query_pairs(&self.call.query)
    }

    /// Whether the caller only wants to know what would change.
    pub fn is_dry_run(&self) -> bool {
        self.query().iter().any(|(name, value)| name == "dry_run" && matches!(value.as_str(), "1" | "true"))
    }

    /// Reads query parameters that may be given once each, in the order of `names`. Any other
    /// parameter is an error.
    pub fn parameters<const N: usize>(
        &self,
        names: [&'static str; N],
    ) -> Result<[Option<String>; N], Vec<ValidationError>> {
        let pairs = self.query();
        let query = query_reader(&pairs, &names);
        let values = names.map(|name| query.get(name).map(str::to_owned));
        query.finish(values)
    }

    /// Parses the body as JSON of any shape.
    pub fn json(&self) -> ApiResult<Value> {
        json::parse(&self.body).map_err(Problem::not_json)
    }

    /// Returns the pages that are done of a call that comes in pages, so that other requests are
    /// handled in between.
    pub fn pages_done(&self) -> Progress {
        let none = Progress { responses: 0, cursor: None };
        self.call.progress.as_ref().map_or(none, |done| Progress { ..*done })
    }

    /// Responds that more pages are left.
    pub fn continue_after(&self, done: Progress) -> ApiResult<Response> {
        Ok(response::json_text(PARTLY_DONE, to_json(&done)))
    }

    /// Returns `If-None-Match`.
    pub fn if_none_match(&self) -> Option<&str> {
        self.call.if_none_match.as_deref()
    }

    /// Refuses a change whose `If-Match` does not list the current tag. Without that header any
    /// change is accepted.
    pub fn check_if_match(&self, etag: &str) -> ApiResult<()> {
        match &self.call.if_match {
            Some(known) if !etag_matches(known, etag) => Err(Problem::changed(etag)),
            _ => Ok(()),
        }
    }
}

/// Reads the number of entries of a page.
pub fn page_limit(query: &mut QueryReader) -> i64 {
    let limit = query.parse("limit", &format!("a number from 1 to {MAX_LIMIT}"), |text| {
        parse_digits(text).filter(|limit| (1..=MAX_LIMIT).contains(limit))
    });
    limit.unwrap_or(DEFAULT_LIMIT)
}

/// Parses digits only; a sign is not a digit, though `parse` would take it.
pub fn parse_digits<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
