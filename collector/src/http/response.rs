//! Responses of text: what nearly every handler returns.

use std::cell::RefCell;

use serde_json::Value;
use web_sys::ResponseInit;
use worker::{Error, Headers};

use super::etag::{self, etag_matches};
use super::problem::ApiResult;

/// Caching of public files.
pub const FIVE_MINUTES: &str = "public, max-age=300";
/// The most combinations of status and headers that are kept.
const MAX_KEPT: usize = 32;

/// Response of text. Objects send it to the Worker as one string, which costs the runtime a third
/// less than one of its own responses; the Worker makes one of these at the end.
#[derive(Debug, Clone)]
pub struct Response {
    status: u16,
    /// A line for each header, `name:value`, beside those that every response has.
    headers: String,
    body: String,
}

impl Response {
    /// Creates a response with the status 200.
    pub fn new(content_type: &str, cache_control: &str, body: String) -> Self {
        let response = Self { status: 200, headers: String::new(), body };
        response.with_header("content-type", content_type).with_header("cache-control", cache_control)
    }

    /// Creates a response without a body.
    pub fn empty(status: u16, cache_control: &str) -> Self {
        let response = Self { status, headers: String::new(), body: String::new() };
        response.with_header("cache-control", cache_control)
    }

    /// Replaces the status.
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Adds a header, which must not be there yet.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        for part in [name, ":", value, "\n"] {
            self.headers.push_str(part);
        }
        self
    }

    /// Replaces the body.
    pub fn with_body(mut self, body: String) -> Self {
        self.body = body;
        self
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns the value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Returns the body.
    pub fn body(&self) -> &str {
        &self.body
    }

    fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.lines().filter_map(|line| line.split_once(':'))
    }

    /// Returns the text that [`parse`](Self::parse) reads.
    pub fn to_text(&self) -> String {
        [&self.status.to_string(), "\n", &self.headers, "\n", &self.body].concat()
    }

    /// Reads a text of [`to_text`](Self::to_text).
    pub fn parse(text: &str) -> Option<Self> {
        let (status, rest) = text.split_once('\n')?;
        let (headers, body) = match rest.strip_prefix('\n') {
            Some(body) => ("", body),
            None => {
                let end = rest.find("\n\n")?;
                (rest.get(..=end)?, rest.get(end + 2..)?)
            }
        };
        Some(Self { status: status.parse().ok()?, headers: headers.to_owned(), body: body.to_owned() })
    }

    /// Returns the response for the runtime.
    pub fn into_runtime(self) -> ApiResult<web_sys::Response> {
        let init = KEPT.with_borrow_mut(|kept| {
            let is_same = |init: &KeptInit| init.status == self.status && init.headers == self.headers;
            if let Some(known) = kept.iter().find(|init| is_same(init)) {
                return Ok(known.init.clone());
            }
            if kept.len() >= MAX_KEPT {
                kept.clear();
            }
            let init = self.to_init()?;
            kept.push(KeptInit { status: self.status, headers: self.headers.clone(), init: init.clone() });
            ApiResult::Ok(init)
        })?;
        let body = Some(self.body.as_str()).filter(|body| !body.is_empty());
        let response = web_sys::Response::new_with_opt_str_and_init(body, &init);
        Ok(response.map_err(Error::from)?)
    }

    fn to_init(&self) -> ApiResult<ResponseInit> {
        let (init, headers) = (ResponseInit::new(), open_headers("")?);
        headers.delete("content-type")?;
        for (name, value) in self.headers() {
            headers.set(name, value)?;
        }
        init.set_status(self.status);
        init.set_headers(&headers.0);
        Ok(init)
    }
}

/// Arguments with which the runtime makes a response of this status and these headers. Most
/// responses have those of one before, and a header takes longer to set than to compare.
struct KeptInit {
    status: u16,
    headers: String,
    init: ResponseInit,
}

/// Returns JSON that no cache keeps.
pub fn json(status: u16, body: &Value) -> Response {
    json_text(status, body.to_string())
}

/// Returns JSON that is already serialized and that no cache keeps.
pub fn json_text(status: u16, body: String) -> Response {
    Response::new("application/json", "private, no-store", body).with_status(status)
}

/// Returns a response without a body, which no cache keeps.
pub fn empty(status: u16) -> Response {
    Response::empty(status, "private, no-store")
}

/// Returns JSON with the tag of its text, or 304 where `if_none_match` lists that tag.
pub fn tagged(text: String, if_none_match: Option<&str>) -> Response {
    let etag = etag::of_text(&text);
    tagged_as(&text, &etag, if_none_match)
}

/// Returns JSON with a given tag, or 304 where `if_none_match` lists that tag.
pub fn tagged_as(text: &str, etag: &str, if_none_match: Option<&str>) -> Response {
    let response = match if_none_match.is_some_and(|known| etag_matches(known, etag)) {
        true => Response::empty(304, "private, no-cache"),
        false => Response::new("application/json", "private, no-cache", text.to_owned()),
    };
    response.with_header("etag", etag)
}

/// Returns public JSON, cacheable for five minutes.
pub fn public_json(text: String) -> Response {
    public_file("application/json", text)
}

/// Returns a public file, cacheable for five minutes.
pub fn public_file(content_type: &str, text: String) -> Response {
    Response::new(content_type, FIVE_MINUTES, text)
}

thread_local! {
    /// Headers that every response has.
    static OPEN: Option<Headers> = open().ok();
    static KEPT: RefCell<Vec<KeptInit>> = const { RefCell::new(Vec::new()) };
}

/// Returns the headers of a response whose body is no text.
pub fn open_headers(content_type: &str) -> ApiResult<Headers> {
    let headers = OPEN.with(|open| open.clone()).map_or_else(open, Ok)?;
    headers.set("content-type", content_type)?;
    Ok(headers)
}

/// Headers of every response. Any page may read it (there are no cookies; keys are in a header), no
/// browser may guess another type, and cross-origin isolated pages may embed it.
fn open() -> ApiResult<Headers> {
    let headers = Headers::new();
    headers.set("access-control-allow-origin", "*")?;
    headers.set("access-control-expose-headers", "etag, retry-after, ratelimit, ratelimit-policy")?;
    headers.set("cross-origin-resource-policy", "cross-origin")?;
    headers.set("x-content-type-options", "nosniff")?;
    Ok(headers)
}

/// Returns the response to a CORS preflight request.
pub fn preflight() -> Response {
    Response { status: 204, headers: String::new(), body: String::new() }
        .with_header("content-type", "text/plain")
        .with_header("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
        .with_header(
            "access-control-allow-headers",
            "*, authorization, content-type, if-match, if-none-match",
        )
        .with_header("access-control-max-age", "86400")
}
