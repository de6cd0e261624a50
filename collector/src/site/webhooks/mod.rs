//! Webhooks: endpoints of the owner that receive events.
//!
//! An event becomes a delivery for each webhook that subscribes to it. Deliveries are independent:
//! each is tried until it is accepted or given up, on its own schedule of growing delays, and at
//! most four of a webhook are under way at once ([`queue`] has the order). A message that is
//! refused therefore stops no other. A webhook is paused, with a reason, only when nothing arrived
//! for three days, or when its receiver has moved or wants no more. A delivery carries the same id
//! at each attempt, so a receiver can recognize duplicates. What people read in a chat is summed up
//! when too much of it waits ([`summaries`]).
//!
//! Nothing secret is stored: the key that signs is made from the collector's secret, the webhook's
//! id and the number of rotations.

pub mod deliveries;
pub mod events;
pub mod queue;
pub mod sender;
pub mod store;
mod summaries;

use api::ValidationError;
use collector_core::id::new_id;
use collector_core::webhook::{PausedBy, format_secret};
use serde_json::{Map, Value, json};

use super::clock::iso_sql;
use super::request::ApiRequest;
use super::scheduler::Task;
use super::state::SiteState;
use crate::environment::random;
use crate::http::{ApiResult, Problem, Response, response};

/// The most webhooks of a site.
const MAX_WEBHOOKS: usize = 20;
const PAUSED_BY_OWNER: &str = "Paused by the owner.";

/// SQL of a webhook as the owner sees it.
fn webhook_json() -> String {
    format!(
        "json_object('id', id, 'name', name, 'url', url, 'format', format, 'events', ( \
                SELECT json_group_array({}) FROM json_each(events)), \
            'created_at', {}, \
            'status', CASE WHEN paused IS NOT NULL THEN 'paused' WHEN failures > 0 THEN 'failing' \
                ELSE 'active' END, \
            'failures', failures, 'paused_at', {}, 'paused_why', paused_why, \
            'pending', (SELECT count(*) FROM delivery \
                WHERE webhook = webhook.id AND state IN ('pending', 'sending')))",
        collector_core::stored_names::event_sql("value"),
        iso_sql("created"),
        iso_sql("paused")
    )
}

/// `GET …/webhooks`
pub fn list(site: &SiteState) -> ApiResult<Response> {
    let query = format!(
        "SELECT json_object('webhooks', json_group_array(json(row))) FROM (SELECT {} AS row FROM webhook \
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
    let mut is_resumed = false;
    let is_paused = match fields.remove("paused") {
        None => before.paused.is_some(),
        Some(Value::Bool(is_paused)) => {
            is_resumed = !is_paused;
            is_paused
        }
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
    let is_url_new = endpoint.url != before.url;
    site.transaction(|| {
        site.webhooks.update(id, endpoint)?;
        match (is_paused, before.paused.is_some()) {
            (true, false) => {
                site.webhooks.pause(id, PausedBy::Owner, PAUSED_BY_OWNER)?;
                queue::schedule(site, id)?;
            }
            (false, true) => sender::resume(site, id)?,
            // What failed may arrive now.
            (false, false) if is_url_new || is_resumed => queue::make_due(site, id, false)?,
            _ => {}
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
    Ok(response::empty(204))
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
        "SELECT json_patch({}, iif(?2 IS NULL, '{{}}', json_object('secret', ?2))) FROM webhook \
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
