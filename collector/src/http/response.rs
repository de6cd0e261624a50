//! Successful responses.

use serde_json::Value;
use web_sys::ResponseInit;
use worker::{Error, Headers, Response, ResponseBuilder, Result};

use super::etag::{self, etag_matches};
use super::problem::{ApiResult, Problem};

/// Returns JSON that no cache keeps.
pub fn json(status: u16, body: &Value) -> ApiResult<Response> {
    json_text(status, body.to_string().into_bytes())
}

/// Returns JSON that is already serialized and that no cache keeps.
pub fn json_text(status: u16, body: Vec<u8>) -> ApiResult<Response> {
    let headers = open_headers("application/json")?;
    headers.set("cache-control", "private, no-store")?;
    Ok(ResponseBuilder::new().with_status(status).with_headers(headers).fixed(body))
}

/// Returns a response without a body.
pub fn empty(status: u16) -> ApiResult<Response> {
    let headers = open_headers("application/json")?;
    headers.delete("content-type")?;
    headers.set("cache-control", "private, no-store")?;
    Ok(ResponseBuilder::new().with_status(status).with_headers(headers).empty())
}

/// Returns JSON with the tag of its text, or 304 where `if_none_match` lists that tag.
pub fn tagged(text: String, if_none_match: Option<&str>) -> ApiResult<Response> {
    let etag = etag::of_text(&text);
    tagged_as(&text, &etag, if_none_match)
}

/// Returns JSON with a given tag, or 304 where `if_none_match` lists that tag.
pub fn tagged_as(text: &str, etag: &str, if_none_match: Option<&str>) -> ApiResult<Response> {
    let headers = open_headers("application/json")?;
    headers.set("cache-control", "private, no-cache")?;
    headers.set("etag", etag)?;
    if if_none_match.is_some_and(|known| etag_matches(known, etag)) {
        headers.delete("content-type")?;
        return Ok(ResponseBuilder::new().with_status(304).with_headers(headers).empty());
    }
    Ok(ResponseBuilder::new().with_headers(headers).fixed(text.as_bytes().to_vec()))
}

/// Returns public JSON, cacheable for five minutes.
pub fn public_json(text: String) -> ApiResult<Response> {
    public_file("application/json", text.into_bytes())
}

/// Returns a public file, cacheable for five minutes.
pub fn public_file(content_type: &str, body: Vec<u8>) -> ApiResult<Response> {
    let headers = open_headers(content_type)?;
    headers.set("cache-control", "public, max-age=300")?;
    Ok(ResponseBuilder::new().with_headers(headers).fixed(body))
}

thread_local! {
    /// Headers that every response has.
    static OPEN: Option<Headers> = open().ok();
    /// Headers of JSON that no cache keeps.
    static UNCACHED: Option<ResponseInit> = uncached().ok();
}

/// Returns the response to messages, which is the most frequent: JSON that no cache keeps.
pub fn frequent_json(text: &str) -> ApiResult<web_sys::Response> {
    let response = UNCACHED.with(|init| {
        let init = init.as_ref()?;
        Some(web_sys::Response::new_with_opt_str_and_init(Some(text), init).map_err(Error::from))
    });
    Ok(response.ok_or_else(|| Problem::internal("no headers"))??)
}

/// Returns the headers of a response.
pub fn open_headers(content_type: &str) -> Result<Headers> {
    let headers = OPEN.with(|open| open.clone()).map_or_else(open, Ok)?;
    headers.set("content-type", content_type)?;
    Ok(headers)
}

/// Headers of every response. Any page may read it (there are no cookies; keys are in a header), no
/// browser may guess another type, and cross-origin isolated pages may embed it.
fn open() -> Result<Headers> {
    let headers = Headers::new();
    headers.set("access-control-allow-origin", "*")?;
    headers.set("access-control-expose-headers", "etag, retry-after, ratelimit, ratelimit-policy")?;
    headers.set("cross-origin-resource-policy", "cross-origin")?;
    headers.set("x-content-type-options", "nosniff")?;
    Ok(headers)
}

fn uncached() -> Result<ResponseInit> {
    let (init, headers) = (ResponseInit::new(), open_headers("application/json")?);
    headers.set("cache-control", "private, no-store")?;
    init.set_headers(&headers.0);
    Ok(init)
}

/// Returns the response to a CORS preflight request.
pub fn preflight() -> ApiResult<Response> {
    let headers = open_headers("text/plain")?;
    headers.set("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")?;
    headers.set("access-control-allow-headers", "*, authorization, content-type, if-match, if-none-match")?;
    headers.set("access-control-max-age", "86400")?;
    Ok(ResponseBuilder::new().with_status(204).with_headers(headers).empty())
}
