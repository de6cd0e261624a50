//! `GET /metrics`: counters of the process, for Prometheus.

use worker::{Response, ResponseBuilder};

use super::client_address;
use super::context::RequestContext;
use crate::http::response::open_headers;
use crate::http::{ApiResult, Problem};
use crate::metrics;

const ON_CLOUDFLARE: &str =
    "Cloudflare counts requests itself: https://developers.cloudflare.com/workers/observability/.";

/// Returns the counters in the text format of Prometheus; 404 on Cloudflare.
pub fn get(context: &RequestContext) -> ApiResult<Response> {
    if client_address::is_on_cloudflare(&context.request) {
        return Err(Problem::unknown_path().detailed(ON_CLOUDFLARE));
    }
    let headers = open_headers("text/plain; version=0.0.4; charset=utf-8")?;
    headers.set("cache-control", "private, no-store")?;
    Ok(ResponseBuilder::new().with_headers(headers).fixed(metrics::text().into_bytes()))
}
