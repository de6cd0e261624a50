//! `GET /e/SITE.js`: the loader with the site's survey inside, the most requested file of all.
//! Browsers keep it for five minutes and then revalidate it.

use worker::{Response, ResponseBuilder};

use super::assets::{accepts_brotli, is_cached};
use super::context::RequestContext;
use super::{sightings, site_cache};
use crate::http::{ApiResult, Problem, response};

const CONTENT_TYPE: &str = "text/javascript; charset=utf-8";
/// Script of a site that was deleted.
const DELETED: &str = "// This survey has ended.\n";

/// Returns the loader of a site.
pub async fn get(context: &RequestContext, file: &str) -> ApiResult<Response> {
    let site = context.site(file.strip_suffix(".js").ok_or_else(Problem::no_site)?)?;
    sightings::count_load(context, &site);
    let (cached, source) = match site_cache::get(context, &site).await {
        Ok(found) => found,
        // The pages of a deleted site may keep the tag for long, and should see no error.
        Err(problem) if problem.deleted_at().is_some() => {
            return response::public_file(CONTENT_TYPE, DELETED.as_bytes().to_vec());
        }
        Err(problem) => return Err(problem),
    };
    let headers = response::open_headers(CONTENT_TYPE)?;
    headers.set("cache-control", "public, max-age=300")?;
    headers.set("vary", "accept-encoding")?;
    headers.set("etag", &cached.etag)?;
    // RFC 9211: tells the operator whether the object was called.
    headers.set("cache-status", &format!("grapevine; {}", source.as_str()))?;
    if is_cached(context, &cached.etag) {
        return Ok(ResponseBuilder::new().with_status(304).with_headers(headers).empty());
    }
    if accepts_brotli(context) {
        headers.set("content-encoding", "br")?;
    }
    Ok(ResponseBuilder::new().with_headers(headers).fixed(cached.script.clone().into_bytes()))
}
