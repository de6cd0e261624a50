//! What a caller is answered. Every error is made here, as `application/problem+json` (RFC 9457).
//!
//! Which to use when:
//! - [`Problem::not_found`]: no such path, site or thing. A forged site id gets the same answer as a missing one.
//! - [`Problem::unauthorized`]: no key or one that opens nothing here; [`Problem::forbidden`]: a key of too little power.
//! - [`Problem::invalid`]: the input is wrong and says where; [`Problem::too_large`]: there is too much of it.
//! - [`Problem::conflict`]: the input is right and the present state forbids it; [`Problem::changed`]: somebody was faster.
//! - [`Problem::busy`]: nothing was stored, and the same request may succeed in a moment; [`Problem::not_ready`]: it will when
//!   what was asked for has been counted; [`Problem::too_many`]: it will when the caller has slowed down.
//! - [`Problem::internal`]: our fault. The caller is told no more than that; the log has the cause.

use api::ValidationError;
use serde_json::{Map, Value};
use worker::{Headers, Response, ResponseBuilder, Result};

/// An answer that went right or one that says what went wrong.
pub type Outcome<T> = std::result::Result<T, Problem>;

/// An error as the caller sees it. It is one pointer, since nearly every function here may return it.
#[derive(Debug)]
pub struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    status: u16,
    kind: &'static str,
    title: &'static str,
    detail: String,
    retry_after: Option<u32>,
    limits: Option<(String, String)>,
    more: Map<String, Value>,
}

impl Problem {
    #[cold]
    #[inline(never)]
    fn made(status: u16, kind: &'static str, title: &'static str, detail: String) -> Self {
        Self(Box::new(Parts {
            status,
            kind,
            title,
            detail,
            retry_after: None,
            limits: None,
            more: Map::new(),
        }))
    }

    fn new(status: u16, kind: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self::made(status, kind, title, detail.into())
    }

    fn after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
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
            "This key cannot do that. Use the site's owner key.",
        )
    }

    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(409, "conflict", "Conflict", detail)
    }

    pub fn changed(etag: &str) -> Self {
        let detail = "This has been changed since you read it. Read it again, make your change there, and send that with its ETag.";
        Self::new(412, "changed", "Changed meanwhile", detail).with("etag", etag)
    }

    pub fn not_ready(property: &str) -> Self {
        let detail = format!("The sums of {property} are still being counted. Ask again in a few seconds.");
        Self::new(503, "not-ready", "Not counted yet", detail).after(2)
    }

    /// `policy` and `state` are the values of the headers `RateLimit-Policy` and `RateLimit`.
    pub fn too_many(seconds: u32, policy: String, state: String) -> Self {
        let detail = format!(
            "There were too many requests, and this one was not looked at. Send it again in {seconds} s."
        );
        let mut problem = Self::new(429, "too-many-requests", "Too many requests", detail).after(seconds);
        problem.0.limits = Some((policy, state));
        problem
    }

    pub fn foreign_origin(origin: &str) -> Self {
        let origin: String = origin.chars().take(100).collect();
        let detail = format!("{origin} is not among the origins of this site, so its answers are not taken.");
        Self::new(403, "foreign-origin", "Foreign origin", detail)
    }

    pub fn invalid(wrong: ValidationError) -> Self {
        let problem = Self::new(422, "invalid", "Invalid input", wrong.detail);
        if wrong.pointer.is_empty() { problem } else { problem.with("pointer", wrong.pointer) }
    }

    /// The same for several things at once: `errors` names each.
    pub fn invalid_all(wrong: Vec<ValidationError>) -> Self {
        let errors: Vec<Value> = wrong
            .iter()
            .map(|wrong| serde_json::json!({ "pointer": wrong.pointer, "detail": wrong.detail }))
            .collect();
        let first =
            wrong.into_iter().next().unwrap_or_else(|| ValidationError::new("", "The input is wrong."));
        Self::invalid(first).with("errors", errors)
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
        Self::new(503, "busy", "Busy", detail).after(2)
    }

    pub fn unconfigured(name: &str, want: &str) -> Self {
        Self::new(
            503,
            "unconfigured",
            "Collector not configured",
            format!("Whoever runs this collector must set {name}{want}."),
        )
    }

    #[cold]
    #[inline(never)]
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::broken(&cause)
    }

    #[cold]
    #[inline(never)]
    fn broken(cause: &dyn std::fmt::Display) -> Self {
        worker::console_error!("internal error: {cause}");
        let detail = "Something broke in the collector. What was not acknowledged is safe to send again.";
        Self::new(500, "internal", "Internal error", detail)
    }

    /// Adds a member of its own (RFC 9457, section 3.2).
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.more.insert(name.to_owned(), value.into());
        self
    }

    /// Replaces the sentence for the person who reads it.
    pub fn detailed(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = detail.into();
        self
    }

    /// Gives the status of what was wrong a word of its own.
    pub fn titled(mut self, kind: &'static str, title: &'static str) -> Self {
        (self.0.kind, self.0.title) = (kind, title);
        self
    }

    /// Its status.
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// The problem as it stands in a list of results.
    pub fn body(&self) -> Value {
        let mut body = self.0.more.clone();
        body.insert("type".into(), format!("urn:grapevine:problem:{}", self.0.kind).into());
        body.insert("title".into(), self.0.title.into());
        body.insert("status".into(), self.0.status.into());
        body.insert("detail".into(), self.0.detail.clone().into());
        Value::Object(body)
    }

    /// The response to send.
    pub fn response(self) -> Result<Response> {
        let headers = open_headers("application/problem+json")?;
        headers.set("cache-control", "no-store")?;
        if let Some(seconds) = self.0.retry_after {
            headers.set("retry-after", &seconds.to_string())?;
        }
        if let Some((policy, state)) = &self.0.limits {
            headers.set("ratelimit-policy", policy)?;
            headers.set("ratelimit", state)?;
        }
        if self.0.status == 401 {
            headers.set("www-authenticate", "Bearer")?;
        }
        if let Some(allowed) = self.0.more.get("allow").and_then(Value::as_str) {
            headers.set("allow", allowed)?;
        }
        let body = self.body().to_string().into_bytes();
        Ok(ResponseBuilder::new().with_status(self.0.status).with_headers(headers).fixed(body))
    }
}

impl From<worker::Error> for Problem {
    fn from(error: worker::Error) -> Self {
        Self::internal(error)
    }
}

impl From<Vec<ValidationError>> for Problem {
    fn from(wrong: Vec<ValidationError>) -> Self {
        Self::invalid_all(wrong)
    }
}

impl From<ValidationError> for Problem {
    fn from(wrong: ValidationError) -> Self {
        Self::invalid(wrong)
    }
}

/// A JSON answer that no cache keeps.
pub fn json(status: u16, body: &Value) -> Outcome<Response> {
    json_text(status, body.to_string().into_bytes())
}

/// The same for JSON that is already text.
pub fn json_text(status: u16, body: Vec<u8>) -> Outcome<Response> {
    let headers = open_headers("application/json")?;
    headers.set("cache-control", "private, no-store")?;
    Ok(ResponseBuilder::new().with_status(status).with_headers(headers).fixed(body))
}

/// An answer without a body.
pub fn empty(status: u16) -> Outcome<Response> {
    let headers = open_headers("application/json")?;
    headers.delete("content-type")?;
    headers.set("cache-control", "private, no-store")?;
    Ok(ResponseBuilder::new().with_status(status).with_headers(headers).empty())
}

/// The tag of a JSON answer: the same answer has the same tag.
pub fn tag_of(text: &str) -> String {
    let digest = collector_core::api_key::key_digest(text);
    format!("\"{}\"", digest.get(..20).unwrap_or(&digest))
}

/// A JSON answer with its tag, or 304 where the caller has it already.
pub fn tagged(text: String, known: Option<&str>) -> Outcome<Response> {
    let etag = tag_of(&text);
    tagged_as(text, &etag, known)
}

/// The same with a tag of its own.
pub fn tagged_as(text: String, etag: &str, known: Option<&str>) -> Outcome<Response> {
    let headers = open_headers("application/json")?;
    headers.set("cache-control", "private, no-cache")?;
    headers.set("etag", etag)?;
    if known.is_some_and(|known| crate::site::asked::lists(known, etag)) {
        headers.delete("content-type")?;
        return Ok(ResponseBuilder::new().with_status(304).with_headers(headers).empty());
    }
    Ok(ResponseBuilder::new().with_headers(headers).fixed(text.into_bytes()))
}

/// A JSON answer that everybody may read, kept for five minutes.
pub fn public(text: String) -> Outcome<Response> {
    file("application/json", text.into_bytes())
}

/// Something that everybody may see, kept for five minutes.
pub fn file(content_type: &str, body: Vec<u8>) -> Outcome<Response> {
    let headers = open_headers(content_type)?;
    headers.set("cache-control", "public, max-age=300")?;
    Ok(ResponseBuilder::new().with_headers(headers).fixed(body))
}

/// Headers of everything that is served: any page may read it (there are no cookies; keys are in a header), no
/// browser may guess another type, and pages that isolate themselves may embed it.
pub fn open_headers(content_type: &str) -> Result<Headers> {
    let headers = Headers::new();
    headers.set("content-type", content_type)?;
    headers.set("access-control-allow-origin", "*")?;
    headers.set("access-control-expose-headers", "etag, retry-after, ratelimit, ratelimit-policy")?;
    headers.set("cross-origin-resource-policy", "cross-origin")?;
    headers.set("x-content-type-options", "nosniff")?;
    Ok(headers)
}

/// The answer to a preflight request.
pub fn preflight() -> Outcome<Response> {
    let headers = open_headers("text/plain")?;
    headers.set("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")?;
    headers.set("access-control-allow-headers", "*, authorization, content-type, if-match, if-none-match")?;
    headers.set("access-control-max-age", "86400")?;
    Ok(ResponseBuilder::new().with_status(204).with_headers(headers).empty())
}
