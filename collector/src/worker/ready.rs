//! `GET /readyz`: whether the collector can store.
//!
//! It writes and deletes a row in an object of its own, at most once in ten seconds. Callers in
//! between get the last result.

use std::cell::Cell;

use serde_json::json;
use worker::Date;

use super::context::RequestContext;
use super::site_client::SiteClient;
use crate::http::{ApiResult, Problem, Response, response};
use crate::protocol::Command;

/// Name of the object that is written to. No site has it: ids of sites are longer.
const OBJECT: &str = "readyz";
/// Lifetime of a result, in milliseconds.
const LIFETIME_MS: u64 = 10_000;

thread_local! {
    /// Time and status of the last check.
    static LAST: Cell<Option<(u64, u16)>> = const { Cell::new(None) };
}

/// Reports the last check, or makes one.
pub async fn get(context: &RequestContext) -> ApiResult<Response> {
    let now_ms = Date::now().as_millis();
    let last =
        LAST.get().filter(|(at_ms, _)| now_ms.checked_sub(*at_ms).is_some_and(|age| age < LIFETIME_MS));
    let status = match last {
        Some((_, status)) => status,
        None => {
            let reply = SiteClient::with_name(context, OBJECT).send(&Command::CheckStorage, None).await;
            let status = reply.map_or_else(|problem| problem.status(), |reply| reply.status());
            LAST.set(Some((now_ms, status)));
            status
        }
    };
    match status {
        200 => Ok(response::json(200, &json!({ "status": "ok" }))),
        507 => Err(Problem::storage_full()),
        _ => Err(Problem::unavailable()),
    }
}
