//! Problem details (RFC 9457, `application/problem+json`). Every error response is made here.
//!
//! Which constructor to use:
//! - [`Problem::not_found`]: no such path, site or resource. A forged site id gets the same
//!   response as a missing site; [`Problem::site_deleted`]: a site that there was.
//! - [`Problem::unauthorized`]: no key, or a key that is not of this site; [`Problem::forbidden`]:
//!   the key's role does not allow the request.
//! - [`Problem::invalid`]: the input is wrong, with a pointer to the value; [`Problem::too_large`]:
//!   the body is too large.
//! - [`Problem::conflict`]: the input is right and the current state forbids it;
//!   [`Problem::changed`]: the resource was changed since the caller read it.
//! - [`Problem::incomplete_body`] and [`Problem::unsupported_encoding`]: the body cannot be read.
//! - [`Problem::storage_full`]: the disk is full; [`Problem::unavailable`]: the object does not
//!   reply.
//! - [`Problem::busy`]: nothing was stored, and the same request may succeed in a moment;
//!   [`Problem::not_ready`]: it will succeed when a backfill has finished; [`Problem::migrating`]:
//!   when the rows are moved; [`Problem::unknown_schema`]: when the newer collector is back;
//!   [`Problem::too_many`]: it will succeed at a lower rate.
//! - [`Problem::internal`]: a fault of the collector. The response says no more than that; the log
//!   has the cause.

use std::fmt::Display;

use api::ValidationError;
use serde_json::{Map, Value};

use super::Response;
use crate::log;

/// Result of a handler: a value, or the problem to respond with.
pub type ApiResult<T> = std::result::Result<T, Problem>;

/// The longest offending value that an error message quotes, in characters.
const MAX_QUOTED: usize = 60;

/// Advice for data that no version of the collector leaves behind.
const RESTORE: &str = "Deploy the collector that wrote it, or restore a backup";

/// An error response. It is one pointer, since nearly every function here may return it.
#[derive(Debug)]
pub struct Problem(Box<ProblemInner>);

#[derive(Debug)]
struct ProblemInner {
    status: u16,
    kind: &'static str,
    title: &'static str,
    detail: String,
    retry_after_s: Option<u32>,
    /// Values of the headers `RateLimit-Policy` and `RateLimit`.
    rate_limit: Option<(String, String)>,
    members: Map<String, Value>,
}

impl Problem {
    #[cold]
    #[inline(never)]
    fn with_detail(status: u16, kind: &'static str, title: &'static str, detail: String) -> Self {
        Self(Box::new(ProblemInner {
            status,
            kind,
            title,
            detail,
            retry_after_s: None,
            rate_limit: None,
            members: Map::new(),
        }))
    }

    fn new(status: u16, kind: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self::with_detail(status, kind, title, detail.into())
    }

    /// Says after which time the same request may succeed.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after_s = Some(seconds);
        self
    }

    /// 404 for a resource, named as in "response with this id".
    pub fn not_found(resource: &str) -> Self {
        Self::new(404, "not-found", "Not found", format!("There is no {resource}."))
    }

    /// 404 for a path without an endpoint.
    pub fn unknown_path() -> Self {
        let detail = "This path has no endpoint. The endpoints are listed at `/docs`.";
        Self::new(404, "not-found", "Not found", detail)
    }

    /// 404 for a site id that this collector did not issue, or whose site was never created.
    pub fn no_site() -> Self {
        let detail = "There is no site with this id. Check the id in the script tag or the URL.";
        Self::new(404, "unknown-site", "Unknown site", detail)
    }

    /// 410 for a site that was deleted at that time.
    pub fn site_deleted(at: &str) -> Self {
        let detail = format!(
            "This site was deleted at {at}, with its responses and keys. Remove its script tag, and ask the \
             operator of this collector for a new site if you need one."
        );
        Self::new(410, "site-deleted", "Site deleted", detail).with("deleted_at", at)
    }

    /// 401 for the admin token.
    pub fn not_admin() -> Self {
        let detail = "Missing or invalid admin token. Send `Authorization: Bearer TOKEN` with the value of \
                      `GRAPEVINE_ADMIN_TOKEN`.";
        Self::unauthorized().detailed(detail)
    }

    /// 405, with the methods that the path allows.
    pub fn method_not_allowed(method: &str, allowed: &str) -> Self {
        let detail = format!("Method {} is not allowed here. Use one of: {allowed}.", quoted(method));
        Self::new(405, "method-not-allowed", "Method not allowed", detail).with("allow", allowed)
    }

    /// 401.
    pub fn unauthorized() -> Self {
        let detail = "Missing or invalid API key. Send `Authorization: Bearer KEY` with a key of this site.";
        Self::new(401, "unauthorized", "Missing or invalid key", detail)
    }

    /// 403.
    pub fn forbidden() -> Self {
        let detail = "The role of this key does not allow the request. Use the site's owner key.";
        Self::new(403, "forbidden", "Key not permitted", detail)
    }

    /// 409.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(409, "conflict", "Conflict", detail)
    }

    /// 412, with the current tag of the resource.
    pub fn changed(etag: &str) -> Self {
        let detail = "The resource was changed since you read it. Read it again, apply your change to \
                      that, and send its ETag.";
        Self::new(412, "changed", "Changed meanwhile", detail).with("etag", etag)
    }

    /// 503 for a property whose totals are still being backfilled.
    pub fn not_ready(property: &str) -> Self {
        let detail =
            format!("The totals of {} are still being counted. Retry in a few seconds.", quoted(property));
        Self::new(503, "not-ready", "Not counted yet", detail).retry_after(2)
    }

    /// 503 for a search in what is not all indexed yet, such as tags.
    pub fn not_indexed(what: &str) -> Self {
        let detail = format!("The {what} are still being indexed. Retry in a few seconds.");
        Self::new(503, "not-ready", "Not counted yet", detail).retry_after(2)
    }

    /// 429. `policy` and `state` are the values of the headers `RateLimit-Policy` and `RateLimit`.
    pub fn too_many(seconds: u32, policy: String, state: String) -> Self {
        let detail = format!("Rate limit exceeded; the request was not processed. Retry in {seconds} s.");
        let mut problem =
            Self::new(429, "too-many-requests", "Too many requests", detail).retry_after(seconds);
        problem.0.rate_limit = Some((policy, state));
        problem
    }

    /// 403 for a page whose origin the site does not list.
    pub fn foreign_origin(origin: &str) -> Self {
        let detail = format!(
            "Origin {} is not among the origins of this site. Add it to the site's `origins` to accept \
             requests from its pages.",
            quoted(origin)
        );
        Self::new(403, "foreign-origin", "Foreign origin", detail)
    }

    /// 422 for one wrong value.
    pub fn invalid(error: ValidationError) -> Self {
        let problem = Self::new(422, "invalid", "Invalid input", error.detail);
        if error.pointer.is_empty() { problem } else { problem.with("pointer", error.pointer) }
    }

    /// 422 for several wrong values; `errors` lists each.
    pub fn invalid_all(errors: Vec<ValidationError>) -> Self {
        let listed: Vec<Value> = errors
            .iter()
            .map(|error| serde_json::json!({ "pointer": error.pointer, "detail": error.detail }))
            .collect();
        let first =
            errors.into_iter().next().unwrap_or_else(|| ValidationError::new("", "The input is invalid."));
        Self::invalid(first).with("errors", listed)
    }

    /// 400 for a body that is not JSON.
    pub fn not_json(cause: impl Display) -> Self {
        Self::new(400, "not-json", "Not JSON", format!("The body must be JSON: {cause}."))
    }

    /// 400.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(400, "bad-request", "Bad request", detail)
    }

    /// 413.
    pub fn too_large(limit_bytes: usize) -> Self {
        let limit = match limit_bytes {
            0..1_048_576 => format!("{} KiB", limit_bytes / 1024),
            _ => format!("{} MiB", limit_bytes / 1_048_576),
        };
        let detail = format!("The body is larger than {limit}, which is the limit here. Send it in parts.");
        Self::new(413, "too-large", "Body too large", detail)
    }

    /// 400 for a body of which only a part arrived. The message may be sent again.
    pub fn incomplete_body(reason: &str) -> Self {
        let detail = format!("{reason}, so the request was not processed. Send it again.");
        Self::new(400, "incomplete-body", "Incomplete body", detail)
    }

    /// 415 for a compressed body; `encoding` is quoted where it was sent.
    pub fn unsupported_encoding(encoding: &str) -> Self {
        let detail = format!(
            "Content-Encoding {encoding} is not supported. Only `identity` is allowed, so send the body \
             uncompressed."
        );
        Self::new(415, "unsupported-encoding", "Encoding not supported", detail)
    }

    /// Returns [`Problem::storage_full`] where an error of the runtime says so.
    pub fn if_storage_full(error: &worker::Error) -> Option<Self> {
        error.to_string().contains("SQLITE_FULL").then(Self::storage_full)
    }

    /// 507 where the disk is full.
    pub fn storage_full() -> Self {
        let detail =
            "The collector's disk is full and nothing was stored. Send the same request again later.";
        Self::new(507, "storage-full", "Storage full", detail).retry_after(60)
    }

    /// 503 where the object did not reply. Whether it has stored the request is not known.
    pub fn unavailable() -> Self {
        let detail = "The site cannot be reached, and nothing was acknowledged. Send the same request again \
                      in a few seconds; what is stored counts once.";
        Self::new(503, "unavailable", "Unavailable", detail).retry_after(2)
    }

    /// 503 where nothing was stored and a retry is safe.
    pub fn busy() -> Self {
        let detail = "The site is busy and nothing was stored. Send the same request again in a few seconds.";
        Self::new(503, "busy", "Busy", detail).retry_after(2)
    }

    /// 503 while rows of an earlier version of the tables are being moved.
    pub fn migrating() -> Self {
        let detail = "The site's responses are being moved to a new version of its tables, and nothing is \
                      lost. Send the same request again in a few seconds.";
        Self::new(503, "migrating", "Being migrated", detail).retry_after(2)
    }

    /// 503 for tables of a version that this collector does not know; `known` is the newest that it
    /// knows.
    pub fn unknown_schema(version: &str, known: u32) -> Self {
        let (found, todo) = match version.parse::<u32>() {
            Ok(number) if number > known => {
                (format!("schema version {number}"), "Deploy the newer collector again")
            }
            _ if version.is_empty() => ("no schema version".to_owned(), RESTORE),
            _ => (format!("schema version {}", quoted(version)), RESTORE),
        };
        let detail = format!(
            "This site's data has {found}, and this collector knows versions up to {known}. {todo}. Nothing \
             was changed."
        );
        Self::new(503, "unknown-schema", "Unknown version of the data", detail).retry_after(60)
    }

    /// 503 after another process has written to the site's database.
    pub fn second_writer() -> Self {
        let detail = "Another process has written to this site's data, so this collector stores nothing more. \
                      Leave one collector running on the data folder and restart it.";
        Self::new(503, "second-writer", "Data in use by another process", detail).retry_after(60)
    }

    /// 503 for a missing or wrong environment variable; `condition` says what it must be, as in "
    /// to …".
    pub fn unconfigured(variable: &str, condition: &str) -> Self {
        let detail = format!("The operator of this collector must set `{variable}`{condition}.");
        Self::new(503, "unconfigured", "Collector not configured", detail)
    }

    /// 500. Logs the cause, which the response does not disclose.
    #[cold]
    #[inline(never)]
    pub fn internal(cause: impl Display) -> Self {
        Self::logged(&cause)
    }

    #[cold]
    #[inline(never)]
    fn logged(cause: &dyn Display) -> Self {
        log::error("internal-error", "", cause);
        let detail = "The collector failed. Whatever was not acknowledged is safe to send again.";
        Self::new(500, "internal", "Internal error", detail)
    }

    /// Adds an extension member (RFC 9457, section 3.2).
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.members.insert(name.to_owned(), value.into());
        self
    }

    /// Replaces the sentence for the human reader.
    pub fn detailed(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = detail.into();
        self
    }

    /// Replaces the type and the title.
    pub fn titled(mut self, kind: &'static str, title: &'static str) -> Self {
        (self.0.kind, self.0.title) = (kind, title);
        self
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// Returns the type and the sentence, for the log.
    pub fn cause(&self) -> String {
        [self.0.kind, ": ", &self.0.detail].concat()
    }

    /// Returns the time of [`Self::site_deleted`]; `None` for any other problem.
    pub fn deleted_at(&self) -> Option<&str> {
        self.0.members.get("deleted_at").and_then(Value::as_str)
    }

    /// Returns the JSON body, which also stands in the results of a batch.
    pub fn body(&self) -> Value {
        let mut body = self.0.members.clone();
        body.insert("type".into(), format!("urn:grapevine:problem:{}", self.0.kind).into());
        body.insert("title".into(), self.0.title.into());
        body.insert("status".into(), self.0.status.into());
        body.insert("detail".into(), self.0.detail.clone().into());
        Value::Object(body)
    }

    /// Returns the response to send.
    pub fn into_response(self) -> Response {
        let body = self.body().to_string();
        let response = Response::new("application/problem+json", "no-store", body);
        self.add_headers(response.with_status(self.0.status))
    }

    /// Adds the headers that belong to the problem, however it is shown.
    pub fn add_headers(&self, mut response: Response) -> Response {
        if let Some(seconds) = self.0.retry_after_s {
            response = response.with_header("retry-after", &seconds.to_string());
        }
        if let Some((policy, state)) = &self.0.rate_limit {
            response = response.with_header("ratelimit-policy", policy).with_header("ratelimit", state);
        }
        if self.0.status == 401 {
            response = response.with_header("www-authenticate", "Bearer");
        }
        if let Some(allowed) = self.0.members.get("allow").and_then(Value::as_str) {
            response = response.with_header("allow", allowed);
        }
        response
    }
}

/// Quotes an offending value for an error message, shortened where it is long.
pub fn quoted(value: &str) -> String {
    let text: String = value.chars().take(MAX_QUOTED).collect();
    format!("`{text}`")
}

impl From<worker::Error> for Problem {
    fn from(error: worker::Error) -> Self {
        Self::if_storage_full(&error).unwrap_or_else(|| Self::internal(error))
    }
}

impl From<Vec<ValidationError>> for Problem {
    fn from(errors: Vec<ValidationError>) -> Self {
        Self::invalid_all(errors)
    }
}

impl From<ValidationError> for Problem {
    fn from(error: ValidationError) -> Self {
        Self::invalid(error)
    }
}
