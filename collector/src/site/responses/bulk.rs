//! `POST …/responses/erase`, `POST …/responses/mark` and `GET …/responses/bulk`: erasing or marking
//! a selection of responses.

use api::{Mark, ValidationError};
use collector_core::Filter;
use collector_core::filter::Marked;
use serde_json::json;

use super::page;
use crate::http::request_url::query_reader;
use crate::http::{ApiResult, Response, response};
use crate::protocol::Progress;
use crate::site::clock::iso;
use crate::site::jobs::bulk::{self, Action, BulkJob};
use crate::site::request::ApiRequest;
use crate::site::state::SiteState;

/// Responses that are counted at once, while other requests wait.
const COUNTED_AT_ONCE: usize = 5_000;

/// `POST …/responses/erase`
pub async fn erase(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    run(site, request, false).await
}

/// `POST …/responses/mark`
pub async fn mark(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    run(site, request, true).await
}

/// `GET …/responses/bulk`: the progress of the latest job.
pub fn progress(site: &SiteState) -> ApiResult<Response> {
    match bulk::latest(site)? {
        Some(job) => view(&job),
        None => Ok(response::json(200, &json!({ "state": "none" }))),
    }
}

/// Starts a job, or counts its responses with `dry_run=true`.
async fn run(site: &SiteState, request: &ApiRequest, is_mark: bool) -> ApiResult<Response> {
    let pairs = request.query();
    let beside: &[&str] = if is_mark { &["dry_run", "mark"] } else { &["dry_run"] };
    let names = [beside, &Filter::PARAMETERS].concat();
    let mut query = query_reader(&pairs, &names);
    let dry_run = query.parse("dry_run", "true, false, 1 or 0", |value| match value {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    });
    let mark = query.parse("mark", "test, spam or none", |name| match name {
        "none" => Some(None),
        name => Mark::parse(name).map(Some),
    });
    let filter = Filter::read(&mut query, Marked::Any);
    let (dry_run, mark, filter) = query.finish((dry_run, mark, filter))?;
    if filter == Filter::default() {
        let detail =
            "Name at least one condition on the responses, such as filter[channel]=link or from=2026-01-01.";
        return Err(ValidationError::new("", detail).into());
    }
    let action = match (is_mark, mark) {
        (false, _) => Action::Erase,
        (true, Some(mark)) => Action::Mark(mark),
        (true, None) => {
            return Err(ValidationError::new("mark", "Required: test, spam or none.").into());
        }
    };
    if dry_run == Some(true) {
        return count(site, request, &filter);
    }
    let job = bulk::start(site, action, &request.call.query)?;
    site.scheduler.set_alarm().await?;
    view(&job)
}

/// Counts the responses that match, a page at a time.
fn count(site: &SiteState, request: &ApiRequest, filter: &Filter) -> ApiResult<Response> {
    let Progress { responses, cursor } = request.pages_done();
    let page = page::select(site, filter, cursor, COUNTED_AT_ONCE)?;
    let matching = responses + page.ids.len() as i64;
    if page.next.is_some() {
        return request.continue_after(Progress { responses: matching, cursor: page.next });
    }
    Ok(response::json(200, &json!({ "dry_run": true, "matching": matching })))
}

/// Responds with a job: 202 while it is running.
fn view(job: &BulkJob) -> ApiResult<Response> {
    let (status, state) = if job.finished.is_some() { (200, "done") } else { (202, "running") };
    let view = json!({
        "action": job.action,
        "query": job.query,
        "state": state,
        "responses": job.responses,
        "started_at": iso(job.started),
        "finished_at": job.finished.map(iso),
    });
    Ok(response::json(status, &view))
}
