//! Responses of any length, which the object gives page by page.
//!
//! One page at most is in memory. Should the object fail halfway, the connection is broken off, so
//! the caller sees that the response is incomplete.

use collector_core::SiteId;
use futures_util::{StreamExt, stream};
use worker::{Error, Headers, Response, ResponseBuilder};

use super::context::RequestContext;
use super::site_client::{SiteClient, SiteReply};
use crate::cursor::Cursor;
use crate::http::ApiResult;
use crate::protocol::{Command, ExportPageReply, KeyDigest, ReadExportPage, ReadUserPage};

/// Mark by which Excel knows that a file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Content of an export.
pub enum Source {
    /// Responses that match a query, after a byte order mark if that is wanted.
    Responses { query: String, has_mark: bool },
    /// Everything about one user.
    User { user: String },
}

/// State of a streaming export.
pub struct ExportStream {
    context: RequestContext,
    site: SiteId,
    source: Source,
    key: Option<KeyDigest>,
    /// Cursor of the next page; `None` after the last.
    next: Option<Cursor>,
}

impl ExportStream {
    /// Creates an export. Nothing is read yet.
    pub fn new(context: RequestContext, site: SiteId, source: Source) -> Self {
        Self { key: context.key(), context, site, source, next: None }
    }

    /// Returns the pages as a stream with these headers, or the object's response where it refuses
    /// the first.
    pub async fn into_response(mut self, headers: Headers) -> ApiResult<Response> {
        let first = self.page(None).await?;
        if first.status() != 200 {
            return first.into_response().map(Response::from);
        }
        self.next = first.header::<ExportPageReply>()?.next;
        let mark = match self.source {
            Source::Responses { has_mark: true, .. } => BYTE_ORDER_MARK,
            _ => "",
        };
        let head = [mark, &first.text().await?].concat().into_bytes();
        let rest = stream::try_unfold(self, |mut export| async move {
            let Some(cursor) = export.next.take() else { return Ok(None) };
            let page = export.page(Some(cursor)).await.map_err(|_| broken_off())?;
            if page.status() != 200 {
                return Err(broken_off());
            }
            export.next = page.header::<ExportPageReply>().map_err(|_| broken_off())?.next;
            let text = page.text().await.map_err(|_| broken_off())?;
            Ok::<_, Error>(Some((text.into_bytes(), export)))
        });
        let whole = stream::once(async { Ok(head) }).chain(rest);
        Ok(ResponseBuilder::new().with_headers(headers).from_stream(whole)?)
    }

    async fn page(&self, cursor: Option<Cursor>) -> ApiResult<SiteReply> {
        let key = self.key.clone();
        let command = match &self.source {
            Source::Responses { query, .. } => {
                Command::ReadExportPage(ReadExportPage { key, query: query.clone(), cursor })
            }
            Source::User { user } => Command::ReadUserPage(ReadUserPage { key, user: user.clone(), cursor }),
        };
        SiteClient::new(&self.context, &self.site).send(&command, None).await
    }
}

fn broken_off() -> Error {
    Error::RustError("the export was broken off".into())
}
