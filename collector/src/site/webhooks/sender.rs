//! Sends deliveries: each attempt is recorded, and decides about its delivery and its webhook.

use std::time::Duration;

use collector_core::webhook::{
    AttemptOutcome, Failure, MAX_FAILING_MS, PausedBy, Target, Verdict, headers, hold_ms, location_host,
};
use web_sys::{RequestInit, RequestRedirect};
use worker::{Error, Headers};

use super::queue::{self, ClaimedDelivery};
use super::store::{self, Webhook};
use crate::fetch::{ExternalResponse, FetchError, Fetcher, fetch_external};
use crate::http::{ApiResult, Problem};
use crate::metrics::{self, Counter};
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

/// Result of an attempt.
struct Attempt {
    outcome: AttemptOutcome,
    status: Option<u16>,
    error: Option<String>,
    retry_after: Option<String>,
    /// Host of a redirect.
    moved_to: Option<String>,
    duration_ms: i64,
}

impl Attempt {
    /// Describes the failure for the owner.
    fn last(&self) -> String {
        match (self.status, &self.error) {
            (Some(status), _) => format!("the last response was {status}"),
            (None, error) => error.clone().unwrap_or_else(|| "the receiver did not respond".into()),
        }
    }
}

/// Sends a delivery and records what came of it.
pub async fn deliver(site: &SiteState, delivery: &ClaimedDelivery) -> ApiResult<()> {
    let Ok(webhook) = site.webhooks.find(&delivery.webhook) else { return Ok(()) };
    let target = match store::target(site, &webhook) {
        Ok(target) => target,
        Err(error) => {
            return site.transaction(|| {
                stop(site, delivery, PausedBy::Collector, &error.detail)?;
                site.scheduler.schedule(Task::Webhook, &webhook.id, now_ms())
            });
        }
    };
    // Should the process end meanwhile, the claim runs out, and the same id is sent again.
    let attempt = send(site, &webhook, &target, delivery).await;
    site.transaction(|| record_result(site, delivery, &attempt))
}

/// Records an attempt and schedules the next.
fn record_result(site: &SiteState, delivery: &ClaimedDelivery, attempt: &Attempt) -> ApiResult<()> {
    record(site, delivery, attempt)?;
    metrics::add(
        match attempt.outcome {
            AttemptOutcome::Delivered => Counter::DeliveredEvents,
            _ => Counter::FailedAttempts,
        },
        1,
    );
    // The webhook may have been changed or deleted while the receiver took its time.
    let Ok(webhook) = site.webhooks.find(&delivery.webhook) else { return Ok(()) };
    match attempt.outcome {
        AttemptOutcome::Delivered => {
            let update = "UPDATE delivery SET state = 'delivered', attempts = attempts + 1 WHERE id = ?";
            site.database.run(update, vec![delivery.id.into()])?;
            site.webhooks.reset_failures(&webhook)?;
            if webhook.ends_pause_with_success() { resume(site, &webhook.id) } else { Ok(()) }
        }
        AttemptOutcome::Gone => {
            let reason = "The receiver responded with 410 Gone: it wants no more events.";
            stop(site, delivery, PausedBy::Receiver, reason)
        }
        AttemptOutcome::Moved => stop(site, delivery, PausedBy::Collector, &moved_reason(attempt)),
        AttemptOutcome::Refused | AttemptOutcome::Failed => record_failure(site, &webhook, delivery, attempt),
    }?;
    // A place is free: the next claim finds what is due, if anything is.
    site.scheduler.schedule(Task::Webhook, &webhook.id, now_ms())
}

/// Ends the pause of a webhook. What waited is sent, with a new schedule of retries.
pub fn resume(site: &SiteState, id: &str) -> ApiResult<()> {
    site.webhooks.resume(id)?;
    queue::make_due(site, id, true)
}

fn record_failure(
    site: &SiteState,
    webhook: &Webhook,
    delivery: &ClaimedDelivery,
    attempt: &Attempt,
) -> ApiResult<()> {
    if delivery.probe != 0 || webhook.paused.is_some() {
        let reason = format!("The test of the paused webhook failed; {}.", attempt.last());
        return return_to_queue(site, delivery, &reason);
    }
    let id = webhook.id.as_str();
    site.webhooks.count_failure(id)?;
    let retry_after = attempt.retry_after.as_deref();
    let hold_ms = hold_ms(attempt.status, retry_after.unwrap_or_default());
    if hold_ms > 0 {
        site.webhooks.hold(id, hold_ms)?;
    }
    let failing_since_ms = webhook.failing_since.unwrap_or_else(now_ms);
    let failing_for_ms = now_ms() - failing_since_ms;
    let is_long = failing_for_ms >= MAX_FAILING_MS;
    let failure = Failure {
        outcome: attempt.outcome,
        attempts: u32::try_from(delivery.attempts).unwrap_or(u32::MAX).saturating_add(1),
        failing_for_ms,
        others_fail: is_long && others_fail(site, delivery, failing_since_ms)?,
        retry_after,
    };
    let (state, next_ms, reason) = match failure.verdict() {
        Verdict::Retry { delay_ms } => ("pending", now_ms() + delay_ms, None),
        Verdict::Pause => {
            let reason = format!("Attempts failed for three days; {}.", attempt.last());
            site.webhooks.pause(id, PausedBy::Collector, &reason)?;
            ("pending", now_ms(), None)
        }
        Verdict::GiveUp => {
            if is_long {
                // The message was to blame, so the next one that fails begins anew.
                site.webhooks.restart_failing(id)?;
            }
            ("failed", now_ms(), Some(format!("{} attempts failed; {}.", failure.attempts, attempt.last())))
        }
    };
    let update = "UPDATE delivery SET state = ?, next = ?, reason = ?, attempts = attempts + 1 \
        WHERE id = ? AND state = 'sending'";
    site.database.run(update, vec![state.into(), next_ms.into(), reason.into(), delivery.id.into()])?;
    Ok(())
}

/// Whether another delivery has failed since then, and nothing has arrived.
fn others_fail(site: &SiteState, delivery: &ClaimedDelivery, since_ms: i64) -> ApiResult<bool> {
    let others = "SELECT json_array(count(*)) FROM delivery AS d \
        WHERE d.webhook = ? AND d.state IN ('pending', 'sending', 'failed') AND d.id <> ? \
          AND EXISTS (SELECT 1 FROM attempt WHERE delivery = d.id AND at >= ?)";
    let values = vec![delivery.webhook.as_str().into(), delivery.id.into(), since_ms.into()];
    Ok(site.database.count(others, values)? > 0)
}

/// Pauses a webhook whose delivery cannot arrive.
fn stop(site: &SiteState, delivery: &ClaimedDelivery, cause: PausedBy, reason: &str) -> ApiResult<()> {
    return_to_queue(site, delivery, reason)?;
    site.webhooks.pause(&delivery.webhook, cause, reason)
}

/// Puts a delivery back that waits for the end of a pause. The test of a paused webhook waits for
/// nothing: it has failed, for that reason.
fn return_to_queue(site: &SiteState, delivery: &ClaimedDelivery, reason: &str) -> ApiResult<()> {
    let update = "UPDATE delivery SET state = iif(probe, 'failed', 'pending'), next = ?, \
        reason = iif(probe, ?, NULL), attempts = attempts + 1 WHERE id = ? AND state = 'sending'";
    site.database.run(update, vec![now_ms().into(), reason.into(), delivery.id.into()])?;
    Ok(())
}

fn moved_reason(attempt: &Attempt) -> String {
    let status = attempt.status.unwrap_or_default();
    let to = match &attempt.moved_to {
        Some(host) => format!("to `{host}`"),
        None => "to another path of its host".into(),
    };
    format!("The receiver responded with {status}, a redirect {to}. Set `url` to the new address.")
}

fn record(site: &SiteState, delivery: &ClaimedDelivery, attempt: &Attempt) -> ApiResult<()> {
    // The response may have been erased meanwhile, and its deliveries with it.
    site.database.run(
        "INSERT INTO attempt (delivery, number, at, status, error, ms) \
            SELECT id, (SELECT ifnull(max(number), 0) + 1 FROM attempt WHERE delivery = delivery.id), \
                ?, ?, ?, ? \
            FROM delivery WHERE id = ?",
        vec![
            now_ms().into(),
            attempt.status.map(i32::from).into(),
            attempt.error.clone().into(),
            attempt.duration_ms.into(),
            delivery.id.into(),
        ],
    )?;
    Ok(())
}

async fn send(site: &SiteState, webhook: &Webhook, target: &Target, delivery: &ClaimedDelivery) -> Attempt {
    let started_ms = now_ms();
    let response = post(site, webhook, target, delivery).await;
    let duration_ms = now_ms() - started_ms;
    let call = match response {
        Ok(call) => call,
        Err(error) => {
            let error = Some(error.chars().take(MAX_ERROR).collect());
            let outcome = AttemptOutcome::from_status(None);
            return Attempt { outcome, status: None, error, retry_after: None, moved_to: None, duration_ms };
        }
    };
    let status = call.response.status();
    let header = |name: &str| call.response.headers().get(name).ok().flatten();
    let outcome = AttemptOutcome::from_status(Some(status));
    let is_redirect = (300..400).contains(&status) && outcome != AttemptOutcome::Delivered;
    Attempt {
        outcome,
        status: Some(status),
        error: is_redirect.then(|| "Redirects are not followed.".to_owned()),
        retry_after: header("retry-after"),
        moved_to: header("location").and_then(|location| location_host(&location).map(str::to_owned)),
        duration_ms,
    }
}

/// Posts a delivery. Returns the receiver's response, whose body is not read.
async fn post(
    site: &SiteState,
    webhook: &Webhook,
    target: &Target,
    delivery: &ClaimedDelivery,
) -> Result<ExternalResponse, String> {
    let failed = |error: Error| error.to_string();
    let init = signed_request(site, webhook, delivery)?;
    // The service of the private network is there for the hosts that the operator allows, and for
    // nothing else. Without it only public addresses can be reached, whatever a name resolves to.
    let intranet = match target.is_allowed() {
        true => Some(site.env.service("INTRANET").map_err(failed)?.into_rpc::<Fetcher>()),
        false => None,
    };
    match fetch_external(intranet.as_ref(), target.url(), &init, RECEIVER_TIMEOUT).await {
        Ok(response) => Ok(response),
        Err(FetchError::Failed(error)) => Err(failed(error)),
        Err(FetchError::TimedOut) => {
            Err(format!("The receiver did not respond within {} s.", RECEIVER_TIMEOUT.as_secs()))
        }
    }
}

fn signed_request(
    site: &SiteState,
    webhook: &Webhook,
    delivery: &ClaimedDelivery,
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
