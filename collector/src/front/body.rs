//! Bodies of requests, read to a limit.

use collector_core::json;
use futures_util::TryStreamExt;
use worker::Request;

use crate::reply::{Outcome, Problem};

/// How much of a body that is too large is read all the same, in limits. A caller who is still sending when the answer comes
/// may see a broken connection in its place.
const PATIENCE: usize = 4;

/// The whole body, or 413 where it is larger than the limit.
pub async fn read(request: &mut Request, limit: usize) -> Outcome<Vec<u8>> {
    let claimed = request.headers().get("content-length")?.and_then(|length| length.parse::<usize>().ok());
    match claimed {
        Some(length) if length <= limit => Ok(request.bytes().await?),
        Some(length) if length > limit * PATIENCE => Err(Problem::too_large(limit)),
        _ => gather(request, limit).await,
    }
}

/// Reads a body in pieces, and keeps no more than the limit of it.
async fn gather(request: &mut Request, limit: usize) -> Outcome<Vec<u8>> {
    let Ok(mut pieces) = request.stream() else { return Ok(Vec::new()) };
    let (mut body, mut length) = (Vec::new(), 0);
    while let Some(piece) = pieces.try_next().await? {
        length += piece.len();
        if length > limit * PATIENCE {
            break;
        }
        if length <= limit {
            body.extend_from_slice(&piece);
        }
    }
    if length > limit { Err(Problem::too_large(limit)) } else { Ok(body) }
}

/// Parses JSON of any shape.
pub fn parse(body: &[u8]) -> Outcome<serde_json::Value> {
    let text = std::str::from_utf8(body).map_err(|_| Problem::not_json("it is not UTF-8"))?;
    json::parse(text).map_err(Problem::not_json)
}

/// The body as JSON of any shape.
pub async fn json(request: &mut Request, limit: usize) -> Outcome<serde_json::Value> {
    let body = read(request, limit).await?;
    parse(&body)
}
