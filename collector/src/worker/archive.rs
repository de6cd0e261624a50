//! `POST /v1/sites/SITE/archive`: restores a page of an archive. The caller has the admin token.

use web_sys::Response;

use super::context::RequestContext;
use super::site_cache;
use super::site_client::SiteClient;
use crate::http::request_url::query_reader;
use crate::http::{ApiResult, body};
use crate::protocol::{Command, RestoreArchive};
use crate::site::request::parse_digits;

/// Hands the page to the object of the site.
pub async fn post(context: &RequestContext, site: &str, body_limit: usize) -> ApiResult<Response> {
    let site = context.site(site).map_err(|problem| {
        let detail = "This site id was issued under another `GRAPEVINE_SECRET`. Start this collector with the \
                      secret of the collector that wrote the archive.";
        problem.detailed(detail)
    })?;
    let pairs = context.url.pairs();
    let mut query = query_reader(&pairs, &["after"]);
    let after = query.parse("after", "a number of lines", parse_digits::<u32>);
    let after = query.finish(after)?;
    let body = body::read_text(context, body_limit).await?;
    let command = Command::RestoreArchive(RestoreArchive { after: after.unwrap_or(0).into() });
    let reply = SiteClient::new(context, &site).send(&command, Some(&body)).await?;
    site_cache::expire(&site);
    reply.into_runtime()
}
