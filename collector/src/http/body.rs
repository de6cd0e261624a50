//! Request bodies, read up to a limit.

use std::time::Duration;

use collector_core::json;
use wasm_bindgen::prelude::*;
use worker::js_sys::{Promise, Uint8Array};
use worker::{Error, wasm_bindgen};

use super::problem::{ApiResult, Problem, quoted};
use crate::worker::context::RequestContext;

/// Multiple of the limit that is still read and thrown away. A caller that is still sending when
/// the response comes may see a broken connection instead of the response.
const DRAINED_LIMITS: usize = 4;
/// Time without a further byte after which a body is given up, so that its connection is released.
const STALL_TIMEOUT: Duration = Duration::from_secs(10);
/// First bytes of a gzip file (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Byte order mark in UTF-8, which some programs write in front of JSON.
const MARK: &str = "\u{feff}";

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
extern "C" {
    /// Reader of a stream.
    type Reader;

    #[wasm_bindgen(method)]
    fn read(this: &Reader) -> Promise;

    #[wasm_bindgen(method)]
    fn cancel(this: &Reader) -> Promise;

    /// Result of a read.
    type Chunk;

    #[wasm_bindgen(method, getter)]
    fn value(this: &Chunk) -> Option<Uint8Array>;

    type BodyStream;

    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn get_reader(this: &BodyStream) -> Result<Reader, JsValue>;
}

/// Reads the whole body.
///
/// # Errors
/// 413 where it is larger than the limit, 415 where it is compressed, and 400 where it breaks off
/// or stands still.
pub async fn read(context: &RequestContext, limit: usize) -> ApiResult<Vec<u8>> {
    if let Some(encoding) =
        context.header("content-encoding").filter(|it| !it.eq_ignore_ascii_case("identity"))
    {
        return Err(Problem::unsupported_encoding(&quoted(&encoding)));
    }
    let claimed = context.header("content-length").and_then(|length| length.parse::<usize>().ok());
    if claimed.is_some_and(|length| length > limit * DRAINED_LIMITS) {
        return Err(Problem::too_large(limit));
    }
    let Some(stream) = context.request.body() else { return Ok(Vec::new()) };
    let reader = stream.unchecked_ref::<BodyStream>().get_reader().map_err(Error::from)?;
    let (mut body, mut length) = (Vec::with_capacity(claimed.unwrap_or(0).min(limit)), 0);
    // The end of a body whose length is known need not be asked for.
    while claimed.is_none_or(|claimed| length < claimed) {
        let chunk = wait(context, reader.read()).await.inspect_err(|_| {
            // The request ends with the response, so nothing waits for the cancellation.
            let _ = reader.cancel();
        })?;
        let Some(chunk) = chunk.unchecked_ref::<Chunk>().value() else { break };
        length += chunk.length() as usize;
        if length > limit * DRAINED_LIMITS {
            break;
        }
        if length <= limit {
            let start = body.len();
            body.resize(length, 0);
            if let Some(to) = body.get_mut(start..) {
                chunk.copy_to(to);
            }
        }
    }
    if length > limit {
        return Err(Problem::too_large(limit));
    }
    if body.starts_with(&GZIP) {
        return Err(Problem::unsupported_encoding("`gzip`"));
    }
    Ok(body)
}

/// Waits for a part of a body.
async fn wait(context: &RequestContext, part: Promise) -> ApiResult<JsValue> {
    match context.deadline.wait(part, STALL_TIMEOUT).await {
        Some(Ok(part)) => Ok(part),
        Some(Err(_)) => Err(Problem::incomplete_body("The body broke off")),
        None => Err(Problem::incomplete_body("No byte of the body arrived for 10 s")),
    }
}

/// Parses JSON of any shape.
pub fn parse(body: &[u8]) -> ApiResult<serde_json::Value> {
    let text = std::str::from_utf8(body).map_err(|_| Problem::not_json("it is not UTF-8"))?;
    json::parse(text).map_err(Problem::not_json)
}

/// Returns a body without the byte order mark in front of it.
pub fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(MARK.as_bytes()).unwrap_or(body)
}

/// Reads the body as JSON of any shape.
pub async fn read_json(context: &RequestContext, limit: usize) -> ApiResult<serde_json::Value> {
    let body = read(context, limit).await?;
    parse(without_mark(&body))
}

/// Reads the body as text, without a byte order mark.
pub async fn read_text(context: &RequestContext, limit: usize) -> ApiResult<String> {
    let mut body = read(context, limit).await?;
    if body.starts_with(MARK.as_bytes()) {
        body.drain(..MARK.len());
    }
    String::from_utf8(body).map_err(|_| Problem::not_json("it is not UTF-8"))
}
