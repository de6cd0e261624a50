//! Queue of the deliveries of each webhook.
//!
//! A delivery is `pending` until an attempt takes it, `sending` meanwhile, and then `delivered`,
//! `pending` again with a later time, or `failed`. A [`claim`] lasts for [`LEASE_MS`]: should the
//! process end, the delivery is taken again after it, under the same id.
//!
//! Order: first attempts before retries, so that what fails never delays what is new. Of those, the
//! newest detractor first, since an alert is worth most while it is new; a flood of made-up ones
//! then delays the others of the flood. Everything else goes oldest first.

use collector_core::webhook::Summary;
use nps::Category;
use worker::SqlStorageValue;

use super::store::Webhook;
use super::summaries;
use crate::http::ApiResult;
use crate::json_object::{self, json_object};
use crate::site::clock::{DAY_MS, now_ms};
use crate::site::scheduler::Task;
use crate::site::state::SiteState;

/// The most deliveries of a webhook that are being sent at once.
const MAX_IN_FLIGHT: i64 = 4;
/// Number of failures in a row after which a webhook is sent one delivery at a time, until one
/// arrives.
const FAILURES_UNTIL_SINGLE: u32 = 4;
/// Time after which an attempt counts as lost with its process. Longer than an attempt may take.
const LEASE_MS: i64 = 30_000;
/// Time for which deliveries are kept.
const KEPT_MS: i64 = 30 * DAY_MS;
/// The most deliveries of a webhook that wait.
const MAX_PENDING: i64 = 5_000;
/// The most finished deliveries of a webhook that are kept.
const MAX_FINISHED: i64 = 10_000;
/// Every delivery whose id is a multiple of this checks the two limits.
const TRIM_INTERVAL: i64 = 500;

/// Event that becomes a delivery.
pub struct NewDelivery<'a> {
    /// Stored name of the event.
    pub event: &'a str,
    /// Hexadecimal id of the response; empty for other events.
    pub subject: &'a str,
    pub body: &'a str,
    /// Category of the response.
    pub category: Option<Category>,
}

json_object! {
    /// Delivery that is being sent.
    ClaimedDelivery {
        id: i64,
        webhook: String,
        body: String,
        /// Number of attempts before this.
        attempts: i64,
        /// 1 for the test of a paused webhook.
        probe: i64,
    }
}

/// Enqueues a delivery and returns its id. The alarm is set by the caller.
pub fn enqueue(site: &SiteState, webhook: &Webhook, new: &NewDelivery) -> ApiResult<i64> {
    let now_ms = now_ms();
    let is_probe = webhook.paused.is_some() && new.event == "test";
    let insert = "INSERT INTO delivery (webhook, event, subject, body, created, state, next, category, probe) \
        VALUES (?1, ?2, ?3, ?4, ?5, 'pending', ?5, ?6, ?7) RETURNING json_array(id)";
    let values = vec![
        webhook.id.as_str().into(),
        new.event.into(),
        new.subject.into(),
        new.body.into(),
        now_ms.into(),
        new.category.map(Category::as_str).into(),
        i32::from(is_probe).into(),
    ];
    let id = site.database.number(insert, values)?.unwrap_or_default();
    if id % TRIM_INTERVAL == 0 {
        trim(site)?;
    }
    if webhook.paused.is_none() || is_probe {
        let at_ms = now_ms.max(webhook.held_until.unwrap_or(0));
        site.scheduler.schedule(Task::Webhook, &webhook.id, at_ms)?;
    }
    Ok(id)
}

/// Takes the deliveries of a webhook that are sent now, and schedules its next. Part of a
/// transaction.
pub fn claim(site: &SiteState, id: &str) -> ApiResult<Vec<ClaimedDelivery>> {
    let mut claimed = Vec::new();
    if let Ok(webhook) = site.webhooks.find(id)
        && webhook.held_until.is_none_or(|held_ms| held_ms <= now_ms())
    {
        if webhook.payload_format().is_chat() && webhook.paused.is_none() {
            summaries::summarize_backlog(site, &webhook)?;
        }
        claimed = take(site, &webhook)?;
    }
    schedule(site, id)?;
    Ok(claimed)
}

fn take(site: &SiteState, webhook: &Webhook) -> ApiResult<Vec<ClaimedDelivery>> {
    // A detractor's response may be sent as another event, and older rows have no category.
    let take = "UPDATE delivery SET state = 'sending', next = ?2 + ?5 WHERE id IN ( \
            SELECT id FROM ( \
                SELECT id, attempts, ifnull(category, event) IN ('detractor', 'test') AS urgent FROM delivery \
                WHERE webhook = ?1 AND state IN ('pending', 'sending') AND next <= ?2 AND probe >= ?3) \
            ORDER BY attempts > 0, urgent DESC, iif(urgent, -id, id) \
            LIMIT max(0, ?4 - (SELECT count(*) FROM delivery \
                WHERE webhook = ?1 AND state IN ('pending', 'sending') AND state = 'sending' AND next > ?2))) \
        RETURNING json_object('id', id, 'webhook', webhook, 'body', body, 'attempts', attempts, \
            'probe', probe)";
    let values = vec![
        webhook.id.as_str().into(),
        now_ms().into(),
        i32::from(webhook.paused.is_some()).into(),
        max_in_flight(webhook).into(),
        LEASE_MS.into(),
    ];
    let taken = site.database.texts(take, values)?;
    taken.iter().map(|delivery| json_object::from_json(delivery)).collect()
}

/// Schedules a webhook for its next delivery: when one is due and may be sent, or when an attempt
/// that is under way would be lost.
pub fn schedule(site: &SiteState, id: &str) -> ApiResult<()> {
    let Ok(webhook) = site.webhooks.find(id) else { return site.scheduler.cancel(Task::Webhook, id) };
    let query = "SELECT json_array(count(*) FILTER (WHERE is_live), \
            min(next) FILTER (WHERE is_live), min(next) FILTER (WHERE NOT is_live AND probe >= ?3)) \
        FROM (SELECT next, probe, state = 'sending' AND next > ?2 AS is_live FROM delivery \
            WHERE webhook = ?1 AND state IN ('pending', 'sending'))";
    let is_paused = i32::from(webhook.paused.is_some());
    let values = vec![id.into(), now_ms().into(), is_paused.into()];
    let (live, lost_ms, due_ms): (i64, Option<i64>, Option<i64>) = site.database.json(query, values)?;
    let due_ms = due_ms.map(|due_ms| due_ms.max(webhook.held_until.unwrap_or(0)));
    let due_ms = due_ms.filter(|_| live < max_in_flight(&webhook));
    match [lost_ms, due_ms].into_iter().flatten().min() {
        Some(at_ms) => site.scheduler.reschedule(Task::Webhook, id, at_ms),
        None => site.scheduler.cancel(Task::Webhook, id),
    }
}

fn max_in_flight(webhook: &Webhook) -> i64 {
    if webhook.failures() < FAILURES_UNTIL_SINGLE { MAX_IN_FLIGHT } else { 1 }
}

/// Makes every delivery of a webhook that waits due now. `restarts` gives them a new schedule of
/// retries.
pub fn make_due(site: &SiteState, id: &str, restarts: bool) -> ApiResult<()> {
    let update = "UPDATE delivery SET next = ?2, attempts = iif(?3, 0, attempts) \
        WHERE webhook = ?1 AND state = 'pending'";
    site.database.run(update, vec![id.into(), now_ms().into(), i32::from(restarts).into()])?;
    schedule(site, id)
}

/// Bounds the deliveries of each webhook. Of too many that wait, the oldest fail, those of
/// detractors last. Of too many finished, the oldest are deleted, the failed last.
fn trim(site: &SiteState) -> ApiResult<()> {
    let give_up = "UPDATE delivery SET state = 'failed', reason = ?2 WHERE id IN ( \
        SELECT id FROM ( \
            SELECT id, row_number() OVER (PARTITION BY webhook \
                ORDER BY ifnull(category, event) IN ('detractor', ?3) DESC, id DESC) AS place \
            FROM delivery WHERE state = 'pending' AND state IN ('pending', 'sending')) \
        WHERE place > ?1)";
    let reason = "Not sent: more than 5,000 deliveries of this webhook were waiting.";
    let (summary, _) = Summary::NAMES;
    let values: Vec<SqlStorageValue> = vec![MAX_PENDING.into(), reason.into(), summary.into()];
    site.database.run(give_up, values)?;
    let delete = "DELETE FROM delivery WHERE id IN ( \
        SELECT id FROM ( \
            SELECT id, row_number() OVER (PARTITION BY webhook ORDER BY state = 'failed' DESC, id DESC) \
                AS place \
            FROM delivery WHERE state IN ('delivered', 'failed', 'summarized')) \
        WHERE place > ?)";
    site.database.run(delete, vec![MAX_FINISHED.into()])?;
    Ok(())
}

/// Deletes deliveries that were created long ago, whether they were sent or not.
pub fn delete_old(site: &SiteState, now_ms: i64) -> ApiResult<()> {
    site.database.run("DELETE FROM delivery WHERE created < ?", vec![(now_ms - KEPT_MS).into()])?;
    Ok(())
}
