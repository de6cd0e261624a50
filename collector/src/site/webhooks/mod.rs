//! Webhooks: endpoints of the owner that receive events.
//!
//! An event becomes a delivery for each webhook that subscribes to it, in the order in which events
//! happened. Each webhook has one scheduled task, which sends the oldest delivery until it is
//! accepted, and only then the next, so a receiver gets events in order. A webhook that fails is
//! retried with growing delays, and after three days it is paused with a reason; its deliveries
//! wait. A delivery carries the same id at each attempt, so a receiver can recognize duplicates.
//!
//! Nothing secret is stored: the key that signs is made from the collector's secret, the webhook's
//! id and the number of rotations.

pub mod deliveries;
pub mod events;
pub mod sender;
pub mod store;

use api::ValidationError;
use collector_core::id::new_id;
use collector_core::webhook::format_secret;
use serde_json::{Map, Value, json};
use worker::Response;

use super::clock::{iso_sql, now_ms};
use super::request::ApiRequest;
use super::scheduler::Task;
use super::state::SiteState;
use crate::environment::random;
use crate::http::{ApiResult, Problem, response};

/// The most webhooks of a site.
const MAX_WEBHOOKS: usize = 20;
const PAUSED_BY_OWNER: &str = "Paused by the owner.";

/// SQL of a webhook as the owner sees it.
fn webhook_json() -> String {
    format!(
        "json_object('id', id, 'name', name, 'url', url, 'format', format, 'events', (
                SELECT json_group_array({}) FROM json_each(events)),
            'created_at', {},
            'status', CASE WHEN paused IS NOT NULL THEN 'paused' WHEN failures > 0 THEN 'failing'
                ELSE 'active' END,
            'failures', failures, 'paused_at', {}, 'paused_why', paused_why,
            'pending', (SELECT count(*) FROM delivery WHERE webhook = webhook.id AND state = 'pending'))",
        collector_core::stored_names::event_sql("value"),
        iso_sql("created"),
        iso_sql("paused")
    )
}

/// `GET …/webhooks`
pub fn list(site: &SiteState) -> ApiResult<Response> {
    let query = format!(
        "SELECT json_object('webhooks', json_group_array(json(row))) FROM (SELECT {} AS row FROM webhook
            ORDER BY created, id)",
        webhook_json()
    );
    site.database.json_response(200, &query, vec![])
}

/// `GET …/webhooks/ID`
pub fn get(site: &SiteState, id: &str) -> ApiResult<Response> {
    site.webhooks.find(id)?;
    view(site, 200, id, None)
}

/// `POST …/webhooks`
pub async fn create(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let endpoint = store::read_endpoint(site, &request.json()?)?;
    if site.webhooks.list()?.len() >= MAX_WEBHOOKS {
        let detail = format!("A site has at most {MAX_WEBHOOKS} webhooks. Delete an unused webhook first.");
        return Err(Problem::conflict(detail));
    }
    let id = new_id(&random()?);
    site.transaction(|| {
        site.webhooks.insert(&id, endpoint)?;
        reschedule_events(site)
    })?;
    site.scheduler.set_alarm().await?;
    request.set_created(&id);
    view(site, 201, &id, Some(signing_secret(site, &id)?))
}

/// `PATCH …/webhooks/ID`: changes the fields that are given and leaves the others; `"paused":
/// false` sends the deliveries that wait.
pub async fn patch(site: &SiteState, request: &ApiRequest, id: &str) -> ApiResult<Response> {
    let before = site.webhooks.find(id)?;
    let Value::Object(mut fields) = request.json()? else {
        return Err(ValidationError::new(
            "",
            "The body must be an object, for example `{\"paused\": false}`.",
        )
        .into());
    };
    let is_paused = match fields.remove("paused") {
        None => before.paused.is_some(),
        Some(Value::Bool(is_paused)) => is_paused,
        Some(_) => return Err(ValidationError::new("/paused", "`paused` must be true or false.").into()),
    };
    // Merged first, so that the fields that stay are checked together with those that change.
    let mut merged = Map::new();
    merged.insert("url".into(), before.url.clone().into());
    merged.insert("events".into(), json!(before.subscribed()));
    merged.insert("format".into(), before.format.clone().into());
    merged.insert("name".into(), before.name.clone().into());
    merged.extend(fields);
    let endpoint = store::read_endpoint(site, &Value::Object(merged))?;
    let paused = match (is_paused, before.paused) {
        (false, _) => None,
        (true, Some(since_ms)) => Some((since_ms, before.paused_why.clone())),
        (true, None) => Some((now_ms(), Some(PAUSED_BY_OWNER.to_owned()))),
    };
    let failures = if before.paused.is_some() && !is_paused { 0 } else { before.failures() };
    site.transaction(|| {
        site.webhooks.update(id, endpoint, paused, failures)?;
        if !is_paused {
            site.scheduler.reschedule(Task::Webhook, id, now_ms())?;
        }
        reschedule_events(site)
    })?;
    site.scheduler.set_alarm().await?;
    view(site, 200, id, None)
}

/// `DELETE …/webhooks/ID`
pub fn delete(site: &SiteState, id: &str) -> ApiResult<Response> {
    site.webhooks.find(id)?;
    site.transaction(|| {
        site.scheduler.cancel(Task::Webhook, id)?;
        site.webhooks.delete(id)
    })?;
    response::empty(204)
}

/// `POST …/webhooks/ID/rotate`: replaces the key that signs. For a day both keys sign.
pub fn rotate(site: &SiteState, id: &str) -> ApiResult<Response> {
    site.webhooks.find(id)?;
    site.webhooks.rotate_key(id)?;
    view(site, 200, id, Some(signing_secret(site, id)?))
}

/// Responds with a webhook, and with its secret where that is new.
fn view(site: &SiteState, status: u16, id: &str, secret: Option<String>) -> ApiResult<Response> {
    let query = format!(
        "SELECT json_patch({}, iif(?2 IS NULL, '{{}}', json_object('secret', ?2))) FROM webhook
            WHERE id = ?1",
        webhook_json()
    );
    site.database.json_response(status, &query, vec![id.into(), secret.into()])
}

/// Returns the key that signs, in the form in which the owner sees it.
fn signing_secret(site: &SiteState, id: &str) -> ApiResult<String> {
    let generation = site.webhooks.find(id)?.generation();
    Ok(format_secret(&site.secret()?.webhook_key(&site.site_id()?, id, generation)))
}

/// Schedules the tasks that depend on subscriptions.
fn reschedule_events(site: &SiteState) -> ApiResult<()> {
    events::schedule_digest(site)?;
    events::schedule_overdue(site)
}
