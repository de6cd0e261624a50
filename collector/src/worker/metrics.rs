//! `GET /metrics`: counters of the process, for Prometheus.

use super::client_address;
use super::context::RequestContext;
use crate::http::{ApiResult, Problem, Response};
use crate::metrics;

const ON_CLOUDFLARE: &str =
    "Cloudflare counts requests itself: https://developers.cloudflare.com/workers/observability/.";

/// Returns the counters in the text format of Prometheus; 404 on Cloudflare.
pub fn get(context: &RequestContext) -> ApiResult<Response> {
    if client_address::is_on_cloudflare(&context.request) {
        return Err(Problem::unknown_path().detailed(ON_CLOUDFLARE));
    }
    let content_type = "text/plain; version=0.0.4; charset=utf-8";
    Ok(Response::new(content_type, "private, no-store", metrics::text()))
}
