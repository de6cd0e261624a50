//! Answers of any length that the object gives in pieces.
//!
//! No more than one piece is held at a time. Should the object fail on the way, the connection is broken off, and the caller sees
//! that the answer is not whole.

use futures_util::{StreamExt, stream};
use worker::{Error, Headers, Response, ResponseBuilder};

use super::Call;
use super::object::Ask;
use crate::reply::Outcome;

/// Request to the object, the same for each piece but for the cursor.
pub enum Question {
    /// A request of the Worker's own, with its query.
    Own(String),
    /// The caller's request, by its path below the site.
    Path(String),
}

/// State of a streamed answer.
pub struct Pieces {
    call: Call,
    site: collector_core::SiteId,
    question: Question,
    key: Option<String>,
    /// The cursor of the next piece; `None` at the end.
    next: Option<String>,
}

impl Pieces {
    pub fn new(call: Call, site: collector_core::SiteId, question: Question) -> Self {
        Self { key: call.bearer(), call, site, question, next: None }
    }

    /// Streams the whole with these headers, or returns the object's answer where it refuses.
    pub async fn response(mut self, headers: Headers) -> Outcome<Response> {
        let mut first = self.piece(None).await?;
        if first.status_code() != 200 {
            return Ok(first);
        }
        self.next = first.headers().get("x-next")?;
        let head = first.text().await?.into_bytes();
        let rest = stream::try_unfold(self, |mut way| async move {
            let Some(cursor) = way.next.take() else { return Ok(None) };
            let broken = || Error::RustError("the answer was broken off".into());
            let mut piece = way.piece(Some(cursor)).await.map_err(|_| broken())?;
            if piece.status_code() != 200 {
                return Err(broken());
            }
            way.next = piece.headers().get("x-next")?;
            Ok::<_, Error>(Some((piece.text().await?.into_bytes(), way)))
        });
        let whole = stream::once(async { Ok(head) }).chain(rest);
        Ok(ResponseBuilder::new().with_headers(headers).from_stream(whole)?)
    }

    async fn piece(&self, cursor: Option<String>) -> Outcome<Response> {
        let ask = match &self.question {
            Question::Own(question) => Ask::new(&self.site, question.clone()),
            Question::Path(path) => Ask::forward(&self.site, "GET", path, "")?,
        };
        ask.with_key(self.key.clone())?.with_header("x-cursor", cursor)?.send(&self.call.env).await
    }
}
