//! What a caller is answered. Every error is made here, as `application/problem+json` (RFC 9457).
//!
//! Which to use when:
//! - [`Problem::not_found`]: no such path, site or thing. A forged site id gets the same answer as a missing one.
//! - [`Problem::unauthorized`]: no key or one that opens nothing here; [`Problem::forbidden`]: a key of too little power.
//! - [`Problem::invalid`]: the input is wrong and says where; [`Problem::too_large`]: there is too much of it.
//! - [`Problem::busy`]: nothing was stored, and the same request may succeed in a moment.
//! - [`Problem::internal`]: our fault. The caller is told no more than that; the log has the cause.

use nps::Invalid;
use serde::Serialize;
use serde_json::{Map, Value};
use worker::{Headers, Response, ResponseBuilder, Result};

/// An answer that went right or one that says what went wrong.
pub type Outcome<T> = std::result::Result<T, Problem>;

/// An error as the caller sees it.
#[derive(Debug)]
pub struct Problem {
    status: u16,
    kind: &'static str,
    title: &'static str,
    detail: String,
    retry_after: Option<u32>,
    more: Map<String, Value>,
}

impl Problem {
    fn new(status: u16, kind: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, kind, title, detail: detail.into(), retry_after: None, more: Map::new() }
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(404, "not-found", "Not found", format!("There is no {what} here."))
    }

    pub fn no_site() -> Self {
        Self::new(
            404,
            "unknown-site",
            "Unknown site",
            "There is no site of this id. Check the id in the script tag or the URL.",
        )
    }

    pub fn method(allowed: &str) -> Self {
        Self::new(
            405,
            "method-not-allowed",
            "Method not allowed",
            format!("This address answers {allowed} only."),
        )
        .with("allow", allowed)
    }

    pub fn unauthorized() -> Self {
        let detail = "Send a key that opens this: \"Authorization: Bearer KEY\".";
        Self::new(401, "unauthorized", "Key missing or wrong", detail)
    }

    pub fn forbidden() -> Self {
        Self::new(
            403,
            "forbidden",
            "Key may not do this",
            "This key can only read the score. Use the site's owner key.",
        )
    }

    pub fn foreign_origin(origin: &str) -> Self {
        let origin: String = origin.chars().take(100).collect();
        let detail = format!("{origin} is not among the origins of this site, so its answers are not taken.");
        Self::new(403, "foreign-origin", "Foreign origin", detail)
    }

    pub fn invalid(wrong: Invalid) -> Self {
        let problem = Self::new(422, "invalid", "Invalid input", wrong.detail);
        if wrong.pointer.is_empty() { problem } else { problem.with("pointer", wrong.pointer) }
    }

    pub fn not_json(why: impl std::fmt::Display) -> Self {
        Self::new(400, "not-json", "Not JSON", format!("The body must be JSON: {why}."))
    }

    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(400, "bad-request", "Bad request", detail)
    }

    pub fn too_large(limit: usize) -> Self {
        let limit = match limit {
            0..1_048_576 => format!("{} KiB", limit / 1024),
            _ => format!("{} MiB", limit / 1_048_576),
        };
        Self::new(
            413,
            "too-large",
            "Body too large",
            format!("A body has at most {limit} here. Send it in parts."),
        )
    }

    pub fn busy() -> Self {
        let detail = "The site is busy and nothing was stored. Send the same again in a few seconds.";
        Self { retry_after: Some(2), ..Self::new(503, "busy", "Busy", detail) }
    }

    pub fn unconfigured(name: &str, want: &str) -> Self {
        Self::new(
            503,
            "unconfigured",
            "Collector not configured",
            format!("Whoever runs this collector must set {name}{want}."),
        )
    }

    pub fn internal(cause: impl std::fmt::Display) -> Self {
        worker::console_error!("internal error: {cause}");
        let detail = "Something broke in the collector. What was not acknowledged is safe to send again.";
        Self::new(500, "internal", "Internal error", detail)
    }

    /// Adds a member of its own (RFC 9457, section 3.2).
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// Gives the status of what was wrong a word of its own.
    pub fn titled(self, kind: &'static str, title: &'static str) -> Self {
        Self { kind, title, ..self }
    }

    /// The problem as it stands in a list of results.
    pub fn body(&self) -> Value {
        let mut body = self.more.clone();
        body.insert("type".into(), format!("urn:grapevine:problem:{}", self.kind).into());
        body.insert("title".into(), self.title.into());
        body.insert("status".into(), self.status.into());
        body.insert("detail".into(), self.detail.clone().into());
        Value::Object(body)
    }

    /// The response to send.
    pub fn response(self) -> Result<Response> {
        let headers = open_headers("application/problem+json")?;
        headers.set("cache-control", "no-store")?;
        if let Some(seconds) = self.retry_after {
            headers.set("retry-after", &seconds.to_string())?;
        }
        if self.status == 401 {
            headers.set("www-authenticate", "Bearer")?;
        }
        if let Some(allowed) = self.more.get("allow").and_then(Value::as_str) {
            headers.set("allow", allowed)?;
        }
        let body = self.body().to_string().into_bytes();
        Ok(ResponseBuilder::new().with_status(self.status).with_headers(headers).fixed(body))
    }
}

impl From<worker::Error> for Problem {
    fn from(error: worker::Error) -> Self {
        Self::internal(error)
    }
}

impl From<Invalid> for Problem {
    fn from(wrong: Invalid) -> Self {
        Self::invalid(wrong)
    }
}

/// A JSON answer that no cache keeps.
pub fn json(status: u16, body: &impl Serialize) -> Outcome<Response> {
    json_text(status, serde_json::to_vec(body).map_err(Problem::internal)?)
}

/// The same for JSON that is already text.
pub fn json_text(status: u16, body: Vec<u8>) -> Outcome<Response> {
    let headers = open_headers("application/json")?;
    headers.set("cache-control", "private, no-store")?;
    Ok(ResponseBuilder::new().with_status(status).with_headers(headers).fixed(body))
}

/// Headers of everything that is served: any page may read it (there are no cookies; keys are in a header), no
/// browser may guess another type, and pages that isolate themselves may embed it.
pub fn open_headers(content_type: &str) -> Result<Headers> {
    let headers = Headers::new();
    headers.set("content-type", content_type)?;
    headers.set("access-control-allow-origin", "*")?;
    headers.set("access-control-expose-headers", "etag, retry-after")?;
    headers.set("cross-origin-resource-policy", "cross-origin")?;
    headers.set("x-content-type-options", "nosniff")?;
    Ok(headers)
}

/// The answer to a preflight request.
pub fn preflight() -> Outcome<Response> {
    let headers = open_headers("text/plain")?;
    headers.set("access-control-allow-methods", "GET, HEAD, POST, OPTIONS")?;
    headers.set("access-control-allow-headers", "authorization, content-type")?;
    headers.set("access-control-max-age", "86400")?;
    Ok(ResponseBuilder::new().with_status(204).with_headers(headers).empty())
}
