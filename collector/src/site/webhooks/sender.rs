//! Sends deliveries: one attempt at a time, each of them recorded.

use std::time::Duration;

use collector_core::webhook::{Target, delay_with_retry_after, headers, retry_delay_ms};
use web_sys::{RequestInit, RequestRedirect};
use worker::{Error, Headers};

use super::store::{self, Webhook};
use crate::fetch::{FetchError, Fetcher, fetch};
use crate::http::{ApiResult, Problem};
use crate::json_object::{self, json_object};
use crate::site::clock::{DAY_MS, now_ms};
use crate::site::scheduler::Task;
use crate::site::state::SiteState;

/// Time within which a receiver has to respond.
const RECEIVER_TIMEOUT: Duration = Duration::from_secs(15);
/// Time after a rotation during which the old key signs as well, so that the receiver need not
/// change in the same instant.
const BOTH_KEYS_MS: i64 = DAY_MS;
/// The longest error of an attempt, in characters.
const MAX_ERROR: usize = 200;

json_object! {
    /// Delivery that is to be sent.
    PendingDelivery {
        id: i64,
        body: String,
        /// Number of attempts so far.
        attempts: i64,
    }
}

/// Result of an attempt.
struct Attempt {
    status: Option<u16>,
    error: Option<String>,
    retry_after: Option<String>,
    duration_ms: i64,
}

/// Sends the oldest delivery of a webhook and schedules the next attempt.
pub async fn send_next(site: &SiteState, id: &str) -> ApiResult<()> {
    let Ok(webhook) = site.webhooks.find(id) else { return site.scheduler.cancel(Task::Webhook, id) };
    let next = "SELECT json_object('id', id, 'body', body,
            'attempts', (SELECT count(*) FROM attempt WHERE delivery = delivery.id))
        FROM delivery WHERE webhook = ? AND state = 'pending' ORDER BY id LIMIT 1";
    let next = site.database.text(next, vec![id.into()])?;
    let (Some(next), None) = (next, webhook.paused) else {
        return site.scheduler.cancel(Task::Webhook, id);
    };
    let delivery: PendingDelivery = json_object::from_json(&next)?;
    let target = match store::target(site, &webhook) {
        Ok(target) => target,
        Err(error) => return store::pause(site, &webhook, &error.detail),
    };
    // Should the process end meanwhile, the task is still there, and the same id is sent again.
    let attempt = send(site, &webhook, &target, &delivery).await;
    site.transaction(|| record_result(site, id, &delivery, attempt))
}

/// Records an attempt and schedules the next.
fn record_result(site: &SiteState, id: &str, delivery: &PendingDelivery, attempt: Attempt) -> ApiResult<()> {
    record(site, delivery, &attempt)?;
    // The webhook may have been changed or deleted while the receiver took its time.
    let Ok(webhook) = site.webhooks.find(id) else { return site.scheduler.cancel(Task::Webhook, id) };
    match attempt.status {
        Some(200..300) => {
            let update = "UPDATE delivery SET state = 'delivered' WHERE id = ?";
            site.database.run(update, vec![delivery.id.into()])?;
            site.webhooks.set_failures(id, 0)?;
            site.scheduler.reschedule(Task::Webhook, id, now_ms())
        }
        Some(410) => {
            store::pause(site, &webhook, "The receiver responded with 410 Gone: it wants no more events.")
        }
        _ => retry_later(site, &webhook, attempt),
    }
}

/// Schedules the next attempt after a failure, or pauses the webhook after the last.
fn retry_later(site: &SiteState, webhook: &Webhook, attempt: Attempt) -> ApiResult<()> {
    let failures = webhook.failures().saturating_add(1);
    site.webhooks.set_failures(&webhook.id, failures)?;
    let delay_ms = match &attempt.retry_after {
        Some(retry_after) => delay_with_retry_after(failures, retry_after),
        None => retry_delay_ms(failures),
    };
    match delay_ms {
        Some(delay_ms) => site.scheduler.reschedule(Task::Webhook, &webhook.id, now_ms() + delay_ms),
        None => {
            let last = match (attempt.status, attempt.error) {
                (Some(status), _) => format!("the last response was {status}"),
                (None, error) => error.unwrap_or_else(|| "the receiver did not respond".into()),
            };
            store::pause(site, webhook, &format!("Attempts failed for three days; {last}."))
        }
    }
}

fn record(site: &SiteState, delivery: &PendingDelivery, attempt: &Attempt) -> ApiResult<()> {
    site.database.run(
        "INSERT OR REPLACE INTO attempt (delivery, number, at, status, error, ms) VALUES (?, ?, ?, ?, ?, ?)",
        vec![
            delivery.id.into(),
            (delivery.attempts + 1).into(),
            now_ms().into(),
            attempt.status.map(i32::from).into(),
            attempt.error.clone().into(),
            attempt.duration_ms.into(),
        ],
    )?;
    Ok(())
}

async fn send(site: &SiteState, webhook: &Webhook, target: &Target, delivery: &PendingDelivery) -> Attempt {
    let started_ms = now_ms();
    let (status, error, retry_after) = match post(site, webhook, target, delivery).await {
        Ok((status, retry_after)) => {
            let is_redirect = (300..400).contains(&status);
            let error = is_redirect.then(|| "Redirects are not followed.".to_owned());
            (Some(status), error, retry_after)
        }
        Err(error) => (None, Some(error.chars().take(MAX_ERROR).collect()), None),
    };
    Attempt { status, error, retry_after, duration_ms: now_ms() - started_ms }
}

/// Posts a delivery. Returns the status of the receiver and its `Retry-After`.
async fn post(
    site: &SiteState,
    webhook: &Webhook,
    target: &Target,
    delivery: &PendingDelivery,
) -> Result<(u16, Option<String>), String> {
    let failed = |error: Error| error.to_string();
    let init = signed_request(site, webhook, delivery)?;
    // The service of the private network is there for the hosts that the operator allows, and for
    // nothing else. Without it only public addresses can be reached, whatever a name resolves to.
    let intranet = match target.is_allowed() {
        true => Some(site.env.service("INTRANET").map_err(failed)?.into_rpc::<Fetcher>()),
        false => None,
    };
    match fetch(intranet.as_ref(), target.url(), &init, RECEIVER_TIMEOUT).await {
        Ok(response) => Ok((response.status(), response.headers().get("retry-after").ok().flatten())),
        Err(FetchError::Failed(error)) => Err(failed(error)),
        Err(FetchError::TimedOut) => {
            Err(format!("The receiver did not respond within {} s.", RECEIVER_TIMEOUT.as_secs()))
        }
    }
}

fn signed_request(
    site: &SiteState,
    webhook: &Webhook,
    delivery: &PendingDelivery,
) -> Result<RequestInit, String> {
    let internal = |problem: Problem| problem.body().to_string();
    let failed = |error: Error| error.to_string();
    let (secret, site_id) = (site.secret().map_err(internal)?, site.site_id().map_err(internal)?);
    let key = secret.webhook_key(&site_id, &webhook.id, webhook.generation());
    let old_key = secret.webhook_key(&site_id, &webhook.id, webhook.generation().saturating_sub(1));
    let both_sign = webhook.rotated.is_some_and(|rotated_ms| now_ms() - rotated_ms < BOTH_KEYS_MS);
    let keys: Vec<&[u8]> = if both_sign { vec![&key, &old_key] } else { vec![&key] };
    let id = format!("msg_{}_{}", webhook.id, delivery.id);

    let fields = Headers::new();
    fields.set("content-type", "application/json").map_err(failed)?;
    fields.set("user-agent", "Grapevine-Webhooks/1").map_err(failed)?;
    for (name, value) in headers(&keys, &id, now_ms() / 1_000, &delivery.body) {
        fields.set(name, &value).map_err(failed)?;
    }
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&fields.0);
    init.set_redirect(RequestRedirect::Manual);
    init.set_body(&delivery.body.as_str().into());
    Ok(init)
}
