//! Errors of the API as the page tells them apart.

use serde_json::Value;

use crate::model::{FromJson, from_json};

/// Reason why a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The collector could not be reached.
    Offline,
    /// The key is missing, has expired or was revoked.
    Unauthorized,
    /// The key is valid, and its role does not allow this.
    Forbidden,
    /// There is no such site or resource.
    NotFound,
    /// Somebody else has changed the resource.
    Changed,
    /// The input is wrong.
    Invalid,
    /// Too many requests.
    RateLimited,
    /// The collector is still working on it, or is busy.
    Busy,
    /// Anything else.
    Other,
}

impl ErrorKind {
    /// Whether every request of the page fails for the same reason.
    pub const fn concerns_page(self) -> bool {
        matches!(self, Self::Offline | Self::Unauthorized | Self::RateLimited)
    }
}

/// Error of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// Reason.
    pub kind: ErrorKind,
    /// Explanation of the collector, for people.
    pub detail: String,
    /// Seconds after which the request may be sent again by itself.
    pub retry_after: Option<u32>,
    /// Parts of the input that are wrong.
    pub parts: Vec<WrongPart>,
}

/// Part of the input that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongPart {
    /// JSON pointer of the field, or name of the parameter.
    pub pointer: Option<String>,
    /// Line of the file.
    pub line: Option<u64>,
    /// Explanation of the collector.
    pub detail: String,
}

from_json!(WrongPart { pointer, line, detail });

impl ApiError {
    /// Returns the error of a request without a response.
    pub fn offline() -> Self {
        let detail = "The collector cannot be reached. Check your connection.".into();
        Self { kind: ErrorKind::Offline, detail, retry_after: None, parts: Vec::new() }
    }

    /// Returns the error of a response that is not what the API describes.
    pub fn unexpected() -> Self {
        let detail = "The collector returned something that this page does not know. Reload the page.".into();
        Self { kind: ErrorKind::Other, detail, retry_after: None, parts: Vec::new() }
    }

    /// Returns the error of a part of the page that cannot be loaded.
    pub fn part_missing() -> Self {
        let detail = "This view could not be loaded. Check your connection. If the collector was updated \
                      meanwhile, reload the page.";
        Self { kind: ErrorKind::Other, detail: detail.into(), retry_after: None, parts: Vec::new() }
    }

    /// Reads a response whose status is not one of success.
    pub fn from_response(status: u16, retry_after: Option<&str>, body: &str) -> Self {
        let kind = match status {
            401 => ErrorKind::Unauthorized,
            403 => ErrorKind::Forbidden,
            404 | 410 => ErrorKind::NotFound,
            409 | 412 => ErrorKind::Changed,
            400 | 413 | 415 | 422 => ErrorKind::Invalid,
            429 => ErrorKind::RateLimited,
            503 => ErrorKind::Busy,
            _ => ErrorKind::Other,
        };
        let seconds = retry_after.and_then(|seconds| seconds.trim().parse().ok());
        let retry_after = match kind {
            ErrorKind::RateLimited => Some(seconds.unwrap_or(10)),
            ErrorKind::Busy => seconds,
            _ => None,
        };
        let problem: Value = serde_json::from_str(body).unwrap_or_default();
        let text = |member| problem.get(member).and_then(Value::as_str).filter(|text| !text.is_empty());
        let detail = text("detail").or_else(|| text("title")).map(String::from);
        let detail = detail.unwrap_or_else(|| format!("The collector replied with status {status}."));
        let mut parts = problem.get("errors").and_then(Vec::from_json).unwrap_or_default();
        if let (true, Some(pointer)) = (parts.is_empty(), text("pointer")) {
            parts.push(WrongPart { pointer: Some(pointer.into()), line: None, detail: detail.clone() });
        }
        Self { kind, detail, retry_after: retry_after.map(|seconds: u32| seconds.clamp(1, 600)), parts }
    }

    /// Returns the explanations of what is wrong at a JSON pointer and below it.
    pub fn at(&self, pointer: &str) -> Vec<&str> {
        let is_at = |part: &&WrongPart| {
            let below = part.pointer.as_deref().and_then(|it| it.strip_prefix(pointer));
            below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
        };
        self.parts.iter().filter(is_at).map(|part| part.detail.as_str()).collect()
    }

    /// Returns the heading under which the error is shown.
    pub const fn title(&self) -> &'static str {
        match self.kind {
            ErrorKind::Offline => "No connection",
            ErrorKind::Unauthorized => "This key no longer works",
            ErrorKind::Forbidden => "This key may not see this",
            ErrorKind::NotFound => "Nothing here",
            ErrorKind::Changed => "Changed by somebody else",
            ErrorKind::Invalid => "This does not work",
            ErrorKind::RateLimited => "Too many requests",
            ErrorKind::Busy => "Not ready yet",
            ErrorKind::Other => "Something went wrong",
        }
    }

    /// Returns what the page says about the error.
    pub fn explanation(&self) -> String {
        match self.kind {
            ErrorKind::Unauthorized => {
                "It has expired, was revoked, or belongs to another site. Sign in with \
                                        another key."
                    .into()
            }
            ErrorKind::RateLimited => {
                "This page has asked too often. It waits and tries again by itself.".into()
            }
            _ => self.detail.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_its_detail_and_when_to_try_again() {
        let body = r#"{"type": "urn:x", "title": "Too many", "status": 429, "detail": "Wait a little."}"#;
        let limited = ApiError::from_response(429, Some("7"), body);
        assert_eq!((limited.kind, limited.retry_after), (ErrorKind::RateLimited, Some(7)));
        assert_eq!(ApiError::from_response(429, None, body).retry_after, Some(10));
        assert_eq!(ApiError::from_response(503, None, body).retry_after, None);
        let busy = ApiError::from_response(503, Some("2"), r#"{"title": "Busy"}"#);
        assert_eq!((busy.detail.as_str(), busy.retry_after), ("Busy", Some(2)));
        assert_eq!(ApiError::from_response(503, Some("90000"), "").retry_after, Some(600));
    }

    #[test]
    fn a_response_of_a_proxy_is_still_an_error() {
        let error = ApiError::from_response(502, None, "<html>Bad gateway</html>");
        assert_eq!(
            (error.kind, error.detail.as_str()),
            (ErrorKind::Other, "The collector replied with status 502.")
        );
    }

    #[test]
    fn explanations_stand_at_their_field() {
        let body = r#"{"title": "Invalid", "detail": "Two are wrong.", "errors": [
            {"pointer": "/origins/1", "detail": "No path."}, {"pointer": "/originsx", "detail": "Unknown."},
            {"line": 4, "detail": "No score."}]}"#;
        let error = ApiError::from_response(422, None, body);
        assert_eq!((error.at("/origins"), error.at("/origin")), (vec!["No path."], vec![]));
        assert_eq!(error.parts[2].line, Some(4));
        let single = r#"{"title": "Invalid", "detail": "No such zone.", "pointer": "/timezone"}"#;
        assert_eq!(ApiError::from_response(422, None, single).at("/timezone"), ["No such zone."]);
    }

    #[test]
    fn each_status_has_its_kind() {
        for (status, kind) in [
            (401, ErrorKind::Unauthorized),
            (403, ErrorKind::Forbidden),
            (404, ErrorKind::NotFound),
            (410, ErrorKind::NotFound),
            (412, ErrorKind::Changed),
            (422, ErrorKind::Invalid),
            (500, ErrorKind::Other),
        ] {
            assert_eq!(ApiError::from_response(status, None, "").kind, kind, "{status}");
        }
    }
}
