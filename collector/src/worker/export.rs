//! `GET /v1/sites/SITE/export` and `GET /v1/sites/SITE/users/USER`: responses of any number,
//! streamed page by page.

use super::context::RequestContext;
use super::export_stream::{ExportStream, Source};
use crate::http::{ApiResult, response};

/// Streams every response as CSV or NDJSON, newest first.
pub async fn responses(context: RequestContext, site: &str) -> ApiResult<web_sys::Response> {
    let site = context.site(site)?;
    let pairs = context.url.pairs();
    let has = |parameter, wanted| pairs.iter().any(|(name, value)| name == parameter && value == wanted);
    let (is_ndjson, has_mark) = (has("format", "ndjson"), has("bom", "1"));
    let (extension, content_type) = match is_ndjson {
        true => ("ndjson", "application/x-ndjson"),
        false => ("csv", "text/csv; charset=utf-8; header=present"),
    };
    let headers = response::open_headers(content_type)?;
    headers.set("cache-control", "private, no-store")?;
    let disposition = format!("attachment; filename=\"responses-{site}.{extension}\"");
    headers.set("content-disposition", &disposition)?;
    let source = Source::Responses { query: context.url.query().to_owned(), has_mark };
    ExportStream::new(context, site, source).start(headers).await
}

/// Streams everything that is stored about one user, as one JSON object.
pub async fn user(context: RequestContext, site: &str, user: String) -> ApiResult<web_sys::Response> {
    let site = context.site(site)?;
    let headers = response::open_headers("application/json")?;
    headers.set("cache-control", "private, no-store")?;
    ExportStream::new(context, site, Source::User { user }).start(headers).await
}
