//! Request bodies, read up to a limit.

use collector_core::json;
use futures_util::TryStreamExt;
use wasm_bindgen::JsCast;
use worker::js_sys::{ArrayBuffer, Uint8Array};
use worker::{ByteStream, Error, wasm_bindgen, wasm_bindgen_futures};

use super::problem::{ApiResult, Problem};

/// Multiple of the limit that is still read and thrown away. A caller that is still sending when
/// the response comes may see a broken connection instead of the response.
const DRAINED_LIMITS: usize = 4;

/// Reads the whole body, or fails with 413 where it is larger than the limit.
pub async fn read(request: &web_sys::Request, limit: usize) -> ApiResult<Vec<u8>> {
    let claimed = request.headers().get("content-length").ok().flatten();
    match claimed.and_then(|length| length.parse::<usize>().ok()) {
        Some(length) if length <= limit => read_buffer(request).await,
        Some(length) if length > limit * DRAINED_LIMITS => Err(Problem::too_large(limit)),
        _ => read_stream(request, limit).await,
    }
}

async fn read_buffer(request: &web_sys::Request) -> ApiResult<Vec<u8>> {
    let promise = request.array_buffer().map_err(Error::from)?;
    let buffer = wasm_bindgen_futures::JsFuture::from(promise).await.map_err(Error::from)?;
    Ok(Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>()).to_vec())
}

/// Reads a body in chunks and keeps no more than the limit.
async fn read_stream(request: &web_sys::Request, limit: usize) -> ApiResult<Vec<u8>> {
    let Some(stream) = request.body() else { return Ok(Vec::new()) };
    let mut chunks = ByteStream::from(stream);
    let (mut body, mut length) = (Vec::new(), 0);
    while let Some(chunk) = chunks.try_next().await? {
        length += chunk.len();
        if length > limit * DRAINED_LIMITS {
            break;
        }
        if length <= limit {
            body.extend_from_slice(&chunk);
        }
    }
    if length > limit { Err(Problem::too_large(limit)) } else { Ok(body) }
}

/// Parses JSON of any shape.
pub fn parse(body: &[u8]) -> ApiResult<serde_json::Value> {
    let text = std::str::from_utf8(body).map_err(|_| Problem::not_json("it is not UTF-8"))?;
    json::parse(text).map_err(Problem::not_json)
}

/// Reads the body as JSON of any shape.
pub async fn read_json(request: &web_sys::Request, limit: usize) -> ApiResult<serde_json::Value> {
    let body = read(request, limit).await?;
    parse(&body)
}

/// Reads the body as text.
pub async fn read_text(request: &web_sys::Request, limit: usize) -> ApiResult<String> {
    String::from_utf8(read(request, limit).await?).map_err(|_| Problem::not_json("it is not UTF-8"))
}
