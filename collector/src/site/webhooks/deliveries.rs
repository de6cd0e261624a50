//! Deliveries of a webhook: enqueue, list, replay and test.

use collector_core::webhook::Format;
use serde_json::json;
use worker::Response;

use super::store::Webhook;
use crate::http::{ApiResult, Problem, response};
use crate::site::clock::{DAY_MS, iso, iso_sql, now_ms};
use crate::site::request::{ApiRequest, parse_digits};
use crate::site::responses::{fitting, invalid_cursor};
use crate::site::scheduler::Task;
use crate::site::state::SiteState;

/// Time for which deliveries are kept.
const KEPT_MS: i64 = 30 * DAY_MS;
/// The most deliveries of a page.
const PAGE: i64 = 50;
/// The most attempts of a delivery in a page: the latest.
const MAX_ATTEMPTS: usize = 100;
/// The largest id. Numbers cross from JavaScript as f64, which holds this one.
const MAX_ID: i64 = (1 << 53) - 1;
const PAUSED: &str = "The webhook is paused. Send `{\"paused\": false}` to it first.";

/// Enqueues a delivery of an event, given its stored name.
pub fn enqueue(site: &SiteState, webhook: &Webhook, event: &str, subject: &str, body: &str) -> ApiResult<()> {
    site.database.run(
        "INSERT INTO delivery (webhook, event, subject, body, created, state)
            VALUES (?, ?, ?, ?, ?, 'pending')",
        vec![webhook.id.as_str().into(), event.into(), subject.into(), body.into(), now_ms().into()],
    )?;
    // A task that waits for a retry goes on waiting.
    let is_idle = site.scheduler.scheduled_at(Task::Webhook, &webhook.id)?.is_none();
    if is_idle && webhook.paused.is_none() {
        site.scheduler.schedule(Task::Webhook, &webhook.id, now_ms())
    } else {
        Ok(())
    }
}

/// `GET …/webhooks/ID/deliveries`: the deliveries, newest first, each with its latest attempts.
pub fn list(site: &SiteState, request: &ApiRequest, id: &str) -> ApiResult<Response> {
    site.webhooks.find(id)?;
    let [cursor] = request.parameters(["cursor"])?;
    let before = match cursor {
        None => MAX_ID,
        Some(cursor) => parse_digits::<i64>(&cursor).ok_or_else(invalid_cursor)?.min(MAX_ID),
    };
    let page = "SELECT json_group_array(json_array(id, bytes)) FROM (
        SELECT id, octet_length(body) AS bytes FROM delivery WHERE webhook = ? AND id < ?
            ORDER BY id DESC LIMIT ?)";
    let mut page: Vec<(i64, usize)> =
        site.database.json(page, vec![id.into(), before.into(), (PAGE + 1).into()])?;
    let found = page.len();
    page.truncate(fitting(page.iter().take(PAGE as usize).map(|(_, bytes)| *bytes)));
    let ids: Vec<i64> = page.iter().map(|(id, _)| *id).collect();
    let query = format!(
        "SELECT json_object('id', CAST(id AS TEXT), 'event', {}, 'state', state, 'created_at', {},
            'body', body, 'attempts', (
                SELECT json_group_array(json_object('at', {}, 'status', status, 'error', error, 'ms', ms))
                FROM (SELECT * FROM (SELECT * FROM attempt WHERE delivery = delivery.id
                                     ORDER BY number DESC LIMIT {MAX_ATTEMPTS})
                      ORDER BY number)))
         FROM delivery WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id DESC",
        collector_core::stored_names::event_sql("event"),
        iso_sql("created"),
        iso_sql("at")
    );
    let mut deliveries = site.database.texts(&query, vec![json!(ids).to_string().into()])?;
    deliveries.truncate(fitting(deliveries.iter().map(String::len)));
    page.truncate(deliveries.len());
    // The last id of a page behind which there is more.
    let next = page.last().filter(|_| page.len() < found);
    let next = next.map_or("null".into(), |(id, _)| format!("\"{id}\""));
    let text = format!("{{\"deliveries\":[{}],\"next_cursor\":{next}}}", deliveries.join(","));
    response::json_text(200, text.into_bytes())
}

/// `POST …/webhooks/ID/deliveries/DELIVERY/replay`: sends a delivery once more, under its own id.
pub async fn replay(site: &SiteState, id: &str, delivery: &str) -> ApiResult<Response> {
    require_active(&site.webhooks.find(id)?)?;
    let missing = || Problem::not_found("delivery with this id");
    let delivery: u32 = parse_digits(delivery).ok_or_else(missing)?;
    let key = || vec![i64::from(delivery).into(), id.into()];
    let exists = "SELECT 'yes' FROM delivery WHERE id = ? AND webhook = ?";
    site.database.text(exists, key())?.ok_or_else(missing)?;
    site.transaction(|| {
        site.database.run("UPDATE delivery SET state = 'pending' WHERE id = ? AND webhook = ?", key())?;
        site.scheduler.schedule(Task::Webhook, id, now_ms())
    })?;
    site.scheduler.set_alarm().await?;
    response::json(202, &json!({ "id": delivery.to_string(), "state": "pending" }))
}

/// `POST …/webhooks/ID/test`: sends a test event, whatever the webhook subscribes to.
pub async fn test(site: &SiteState, id: &str) -> ApiResult<Response> {
    let webhook = site.webhooks.find(id)?;
    require_active(&webhook)?;
    let body = test_body(site, &webhook)?;
    site.transaction(|| enqueue(site, &webhook, "test", "", &body))?;
    site.scheduler.set_alarm().await?;
    response::json(202, &json!({ "state": "pending" }))
}

/// Deletes deliveries that were created long ago, whether they were sent or not.
pub fn delete_old(site: &SiteState, now_ms: i64) -> ApiResult<()> {
    site.database.run("DELETE FROM delivery WHERE created < ?", vec![(now_ms - KEPT_MS).into()])?;
    Ok(())
}

fn require_active(webhook: &Webhook) -> ApiResult<()> {
    if webhook.paused.is_none() { Ok(()) } else { Err(Problem::conflict(PAUSED)) }
}

fn test_body(site: &SiteState, webhook: &Webhook) -> ApiResult<String> {
    let settings = site.settings()?;
    let body = match webhook.payload_format() {
        Format::Slack => {
            json!({ "text": format!("This is a test from Grapevine. {} is connected.", settings.name) })
        }
        Format::Json => json!({
            "type": "test",
            "timestamp": iso(now_ms()),
            "site": { "id": site.site_id()?.as_str(), "name": settings.name },
            "data": { "message": "This is a test. Nothing happened." },
        }),
    };
    Ok(body.to_string())
}
