//! `GET /e/SITE.js`: the loader with the site's survey inside, the most requested file of all.
//! Browsers keep it for five minutes and then revalidate it.

use super::assets::{accepts_brotli, is_cached};
use super::context::RequestContext;
use super::{sightings, site_cache};
use crate::http::{ApiResult, Problem, Response, response};

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
            return Ok(response::public_file(CONTENT_TYPE, DELETED.to_owned()));
        }
        Err(problem) => return Err(problem),
    };
    let is_cached = is_cached(context, &cached.etag);
    let response = match is_cached {
        true => Response::empty(304, response::FIVE_MINUTES).with_header("content-type", CONTENT_TYPE),
        false => response::public_file(CONTENT_TYPE, cached.script.clone()),
    };
    let response = response
        .with_header("vary", "accept-encoding")
        .with_header("etag", &cached.etag)
        // RFC 9211: tells the operator whether the object was called.
        .with_header("cache-status", &format!("grapevine; {}", source.as_str()));
    let is_brotli = !is_cached && accepts_brotli(context);
    Ok(if is_brotli { response.with_header("content-encoding", "br") } else { response })
}
