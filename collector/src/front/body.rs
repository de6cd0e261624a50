//! Bodies of requests, read to a limit.

use futures_util::TryStreamExt;
use worker::Request;

use crate::reply::{Outcome, Problem};

/// The whole body, or 413 where it is larger than the limit. What claims to be larger is not read at all.
pub async fn read(request: &mut Request, limit: usize) -> Outcome<Vec<u8>> {
    let claimed = request.headers().get("content-length")?.and_then(|length| length.parse::<usize>().ok());
    match claimed {
        Some(length) if length > limit => Err(Problem::too_large(limit)),
        Some(_) => Ok(request.bytes().await?),
        None => gather(request, limit).await,
    }
}

/// A body without a length comes in pieces; reading stops at the first one too many.
async fn gather(request: &mut Request, limit: usize) -> Outcome<Vec<u8>> {
    let Ok(mut pieces) = request.stream() else { return Ok(Vec::new()) };
    let mut body = Vec::new();
    while let Some(piece) = pieces.try_next().await? {
        if body.len() + piece.len() > limit {
            return Err(Problem::too_large(limit));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// The body as JSON of any shape.
pub async fn json(request: &mut Request, limit: usize) -> Outcome<serde_json::Value> {
    let body = read(request, limit).await?;
    serde_json::from_slice(&body).map_err(Problem::not_json)
}
