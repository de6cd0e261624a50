//! Responses of any length, which the object gives page by page.
//!
//! One page at most is in memory. Should the object fail halfway, the connection is broken off, so
//! the caller sees that the response is incomplete.

use collector_core::SiteId;
use web_sys::ResponseInit;
use worker::{Error, Headers};

use super::byte_channel::ByteChannel;
use super::context::RequestContext;
use super::site_client::{SiteClient, SiteReply};
use crate::cursor::Cursor;
use crate::executor;
use crate::http::{ApiResult, Problem};
use crate::json_object;
use crate::panic;
use crate::protocol::{Command, ExportPageReply, KeyDigest, REPLY_HEADER, ReadExportPage, ReadUserPage};

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
}

impl ExportStream {
    /// Creates an export. Nothing is read yet.
    pub fn new(context: RequestContext, site: SiteId, source: Source) -> Self {
        Self { key: context.key(), context, site, source }
    }

    /// Returns the pages as a stream with these headers, or the object's response where it refuses
    /// the first.
    pub async fn start(mut self, headers: Headers) -> ApiResult<web_sys::Response> {
        let first = match self.page(None).await? {
            SiteReply::Page(first) => first,
            refused => return refused.into_runtime(),
        };
        let (channel, init) = (ByteChannel::new()?, ResponseInit::new());
        init.set_headers(&headers.0);
        let body = channel.body();
        executor::spawn(async move {
            let sent = panic::catch(self.send(first, &channel), "a panic in an export, reported above").await;
            channel.end(sent).await;
        });
        let response = web_sys::Response::new_with_opt_readable_stream_and_init(Some(&body), &init);
        Ok(response.map_err(Error::from)?)
    }

    /// Sends all pages, each once the caller has taken the one before.
    async fn send(&mut self, first: web_sys::Response, channel: &ByteChannel) -> ApiResult<()> {
        if let Source::Responses { has_mark: true, .. } = self.source {
            channel.write(BYTE_ORDER_MARK.as_bytes()).await?;
        }
        let mut page = first;
        loop {
            let header = page.headers().get(REPLY_HEADER).map_err(Error::from)?;
            let reply: ExportPageReply = json_object::from_json(&header.unwrap_or_default())?;
            channel.pipe(&page).await?;
            let Some(cursor) = reply.next else { return Ok(()) };
            let SiteReply::Page(next) = self.page(Some(cursor)).await? else {
                return Err(Problem::unavailable());
            };
            page = next;
        }
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
