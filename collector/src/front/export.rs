//! `GET /v1/sites/SITE/export`: every response as CSV or NDJSON, newest first.
//!
//! It goes out in pieces as the object answers them, and no more than one piece is held at a time. Should the object
//! fail on the way, the connection is broken off, and the caller sees that the file is not whole.

use futures_util::stream;
use worker::{Error, Response, ResponseBuilder};

use super::Call;
use super::object::Ask;
use crate::reply::{self, Outcome};

/// Where an export is.
struct Way {
    call: Call,
    site: nps::SiteId,
    query: String,
    key: Option<String>,
    /// The cursor of the next piece; `None` at the end.
    next: Option<String>,
}

impl Way {
    async fn piece(&self, cursor: &str) -> Outcome<Response> {
        let cursor = Some(cursor.to_owned()).filter(|cursor| !cursor.is_empty());
        let ask = Ask::new(&self.site, format!("_export?{}", self.query)).with_key(self.key.clone())?;
        ask.with_header("x-cursor", cursor)?.send(&self.call.env).await
    }
}

pub async fn get(call: Call, site: &str) -> Outcome<Response> {
    let site = call.site(site)?;
    let query = call.address.query().to_owned();
    let ndjson = call.address.pairs().iter().any(|(name, value)| name == "format" && value == "ndjson");
    let name = format!("attachment; filename=\"responses-{site}.{}\"", if ndjson { "ndjson" } else { "csv" });
    let mut way = Way { key: call.bearer(), call, site, query, next: None };
    let mut first = way.piece("").await?;
    if first.status_code() != 200 {
        return Ok(first);
    }
    way.next = first.headers().get("x-next")?;
    let head = first.text().await?.into_bytes();
    let rest = stream::try_unfold(way, |mut way| async move {
        let Some(cursor) = way.next.take() else { return Ok(None) };
        let broken = || Error::RustError("the export was broken off".into());
        let mut piece = way.piece(&cursor).await.map_err(|_| broken())?;
        if piece.status_code() != 200 {
            return Err(broken());
        }
        way.next = piece.headers().get("x-next")?;
        Ok::<_, Error>(Some((piece.text().await?.into_bytes(), way)))
    });
    let whole = futures_util::StreamExt::chain(stream::once(async { Ok(head) }), rest);
    let kind = if ndjson { "application/x-ndjson" } else { "text/csv; charset=utf-8; header=present" };
    let headers = reply::open_headers(kind)?;
    headers.set("cache-control", "private, no-store")?;
    headers.set("content-disposition", &name)?;
    Ok(ResponseBuilder::new().with_headers(headers).from_stream(whole)?)
}
