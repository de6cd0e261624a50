//! Deliveries of a webhook: list, replay, delete and test.

use api::ValidationError;
use collector_core::webhook::{Format, slack_test};
use serde_json::json;

use super::queue::{self, NewDelivery, enqueue};
use super::store::Webhook;
use crate::http::problem::quoted;
use crate::http::{ApiResult, Problem, Response, response};
use crate::site::clock::{iso, iso_sql, now_ms};
use crate::site::request::{ApiRequest, parse_digits};
use crate::site::responses::{fitting, invalid_cursor};
use crate::site::state::SiteState;

/// States of a delivery.
const STATES: [&str; 5] = ["pending", "sending", "delivered", "failed", "summarized"];
/// The most deliveries of a page.
const PAGE: i64 = 50;
/// The most attempts of a delivery in a page: the latest.
const MAX_ATTEMPTS: usize = 100;
/// The largest id. Numbers cross from JavaScript as f64, which holds this one.
const MAX_ID: i64 = (1 << 53) - 1;
const PAUSED: &str = "The webhook is paused. Send `{\"paused\": false}` to it first.";
const SENDING: &str = "The delivery is being sent. Wait for the end of the attempt, 15 s at most.";

/// `GET …/webhooks/ID/deliveries`: the deliveries, newest first, each with its latest attempts.
pub fn list(site: &SiteState, request: &ApiRequest, id: &str) -> ApiResult<Response> {
    site.webhooks.find(id)?;
    let [cursor, state] = request.parameters(["cursor", "state"])?;
    let before = match cursor {
        None => MAX_ID,
        Some(cursor) => parse_digits::<i64>(&cursor).ok_or_else(invalid_cursor)?.min(MAX_ID),
    };
    if let Some(state) = &state
        && !STATES.contains(&state.as_str())
    {
        let detail = format!("Unknown state {}. Expected one of: {}.", quoted(state), STATES.join(", "));
        return Err(ValidationError::new("state", detail).into());
    }
    let page = "SELECT json_group_array(json_array(id, bytes)) FROM ( \
        SELECT id, octet_length(body) AS bytes FROM delivery \
            WHERE webhook = ?1 AND id < ?2 AND (?3 IS NULL OR state = ?3) ORDER BY id DESC LIMIT ?4)";
    let values = vec![id.into(), before.into(), state.into(), (PAGE + 1).into()];
    let mut page: Vec<(i64, usize)> = site.database.json(page, values)?;
    let found = page.len();
    page.truncate(fitting(page.iter().take(PAGE as usize).map(|(_, bytes)| *bytes)));
    let ids: Vec<i64> = page.iter().map(|(id, _)| *id).collect();
    let query = format!(
        "SELECT json_object('id', CAST(id AS TEXT), 'event', {}, 'state', state, 'created_at', {}, \
            'next_attempt_at', {}, 'reason', reason, 'body', body, 'attempts', ( \
                SELECT json_group_array(json_object('at', {}, 'status', status, 'error', error, 'ms', ms)) \
                FROM (SELECT * FROM (SELECT * FROM attempt WHERE delivery = delivery.id \
                                     ORDER BY number DESC LIMIT {MAX_ATTEMPTS}) \
                      ORDER BY number))) \
         FROM delivery WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id DESC",
        collector_core::stored_names::event_sql("event"),
        iso_sql("created"),
        // Those of an earlier version have no time, and are due.
        iso_sql("iif(state = 'pending', max(next, created), NULL)"),
        iso_sql("at")
    );
    let mut deliveries = site.database.texts(&query, vec![json!(ids).to_string().into()])?;
    deliveries.truncate(fitting(deliveries.iter().map(String::len)));
    page.truncate(deliveries.len());
    // The last id of a page behind which there is more.
    let next = page.last().filter(|_| page.len() < found);
    let next = next.map_or("null".into(), |(id, _)| format!("\"{id}\""));
    let text = format!("{{\"deliveries\":[{}],\"next_cursor\":{next}}}", deliveries.join(","));
    Ok(response::json_text(200, text))
}

/// `POST …/webhooks/ID/deliveries/DELIVERY/replay`: sends a delivery once more, under its own id.
pub async fn replay(site: &SiteState, id: &str, delivery: &str) -> ApiResult<Response> {
    let webhook = site.webhooks.find(id)?;
    if webhook.paused.is_some() {
        return Err(Problem::conflict(PAUSED));
    }
    let delivery = find_idle(site, id, delivery)?;
    site.transaction(|| {
        let update = "UPDATE delivery SET state = 'pending', next = ?, attempts = 0, probe = 0, \
            summary = NULL, reason = NULL WHERE id = ?";
        site.database.run(update, vec![now_ms().into(), delivery.into()])?;
        queue::schedule(site, id)
    })?;
    site.scheduler.set_alarm().await?;
    Ok(response::json(202, &json!({ "id": delivery.to_string(), "state": "pending" })))
}

/// `DELETE …/webhooks/ID/deliveries/DELIVERY`
pub fn delete(site: &SiteState, id: &str, delivery: &str) -> ApiResult<Response> {
    site.webhooks.find(id)?;
    let delivery = find_idle(site, id, delivery)?;
    site.transaction(|| {
        site.database.run("DELETE FROM delivery WHERE id = ?", vec![delivery.into()])?;
        queue::schedule(site, id)
    })?;
    Ok(response::empty(204))
}

/// `POST …/webhooks/ID/test`: sends a test event, whatever the webhook subscribes to. A webhook
/// that the collector paused gets it too, and is resumed if it accepts it.
pub async fn test(site: &SiteState, id: &str) -> ApiResult<Response> {
    let webhook = site.webhooks.find(id)?;
    if webhook.paused.is_some() && !webhook.ends_pause_with_success() {
        return Err(Problem::conflict(PAUSED));
    }
    let body = test_body(site, &webhook)?;
    let new = NewDelivery { event: "test", subject: "", body: &body, category: None };
    site.transaction(|| enqueue(site, &webhook, &new))?;
    site.scheduler.set_alarm().await?;
    Ok(response::json(202, &json!({ "state": "pending" })))
}

/// Returns the id of a delivery of a webhook that is not being sent; 404 where there is none, 409
/// while it is sent.
fn find_idle(site: &SiteState, webhook: &str, delivery: &str) -> ApiResult<i64> {
    let missing = || Problem::not_found("delivery with this id");
    let delivery = i64::from(parse_digits::<u32>(delivery).ok_or_else(missing)?);
    let state = "SELECT iif(state = 'sending' AND next > ?, 'sending', '') FROM delivery \
        WHERE id = ? AND webhook = ?";
    let state = site.database.text(state, vec![now_ms().into(), delivery.into(), webhook.into()])?;
    if state.ok_or_else(missing)?.is_empty() { Ok(delivery) } else { Err(Problem::conflict(SENDING)) }
}

fn test_body(site: &SiteState, webhook: &Webhook) -> ApiResult<String> {
    let settings = site.settings()?;
    let body = match webhook.payload_format() {
        Format::Slack => slack_test(&settings.name),
        Format::Json => json!({
            "type": "test",
            "timestamp": iso(now_ms()),
            "site": { "id": site.site_id()?.as_str(), "name": settings.name },
            "data": { "message": "This is a test. Nothing happened." },
        }),
    };
    Ok(body.to_string())
}
