//! Retention: deletes responses that are older than the owner keeps, once a day.
//!
//! A wrong clock cannot erase. A run goes by a time of its own, which is kept in `meta` and follows
//! the clock by at most [`MAX_STEP_MS`] a run, forward and back; nothing is deleted that is not old
//! by both. A site begins with the time of its creation. So a collector that was off for a month
//! keeps its responses a month longer at first, and catches up by a day each day.

use api::ResponseId;
use collector_core::object_size;
use worker::SqlStorageValue;

use super::PAGE;
use crate::http::ApiResult;
use crate::log;
use crate::site::audit;
use crate::site::clock::{DAY_MS, now_ms};
use crate::site::imports::undo;
use crate::site::meta;
use crate::site::responses::erasure::erase_responses;
use crate::site::scheduler::Task;
use crate::site::state::SiteState;
use crate::site::webhooks::queue;

/// The most by which the time of a run differs from that of the run before it.
const MAX_STEP_MS: i64 = 2 * DAY_MS;
/// Interval at which the schedule is compared with the clock.
const CHECK_INTERVAL_MS: i64 = 3_600_000;
/// Subject of the task that deletes a page. That of the daily run is empty.
const PAGES: &str = "pages";
/// The name in `meta` of the time of the last run.
const LAST_RUN: &str = "retention_at";

/// Schedules the first run of a new site.
pub fn start(site: &SiteState) -> ApiResult<()> {
    meta::set(&site.database, LAST_RUN, &now_ms().to_string())?;
    site.scheduler.schedule(Task::Retention, "", now_ms() + DAY_MS)
}

/// Moves the daily run to tomorrow where it is scheduled later: the clock that scheduled it was
/// wrong. Stores the time of the last run of a site that an earlier version created.
pub async fn check_schedule(site: &SiteState) -> ApiResult<()> {
    let now_ms = now_ms();
    if (now_ms - site.retention_checked_ms.replace(now_ms)).abs() < CHECK_INTERVAL_MS {
        return Ok(());
    }
    if meta::get(&site.database, LAST_RUN)?.is_none() {
        // Before the use of a key stores the current time, which may be wrong.
        meta::set(&site.database, LAST_RUN, &last_run_ms(site)?.to_string())?;
    }
    match site.scheduler.scheduled_at(Task::Retention, "")? {
        // A migration may have scheduled a task.
        Some(at_ms) if at_ms <= now_ms + DAY_MS => site.scheduler.set_alarm().await,
        _ => {
            site.scheduler.reschedule(Task::Retention, "", now_ms + DAY_MS)?;
            site.scheduler.set_alarm().await
        }
    }
}

/// Returns the first instant that the next run keeps; `None` where everything is kept.
pub fn first_kept_ms(site: &SiteState) -> ApiResult<Option<i64>> {
    let next_run_ms = last_run_ms(site)?.saturating_add(MAX_STEP_MS).min(now_ms());
    Ok(site.settings()?.first_kept_ms(next_run_ms))
}

/// Does the daily run, or a page of it.
pub fn apply_retention(site: &SiteState, subject: &str) -> ApiResult<()> {
    if subject == PAGES {
        return delete_page(site);
    }
    if object_size::is_nearly_full(site.database.size()) {
        let id = site.site_id()?;
        log::warning("nearly-full", id.as_str(), &"The site is nearly full. Shorten its retention.");
    }
    // The whole schedule is written before anything is deleted: should that fail, the same run goes
    // on.
    let (now_ms, last_ms) = (now_ms(), last_run_ms(site)?);
    let run_ms = now_ms.min(last_ms.saturating_add(MAX_STEP_MS)).max(last_ms.saturating_sub(MAX_STEP_MS));
    meta::set(&site.database, LAST_RUN, &run_ms.to_string())?;
    site.scheduler.reschedule(Task::Retention, PAGES, now_ms)?;
    site.scheduler.reschedule(Task::Retention, "", now_ms + DAY_MS)
}

/// Whether the run of this day is over.
#[cfg(feature = "faults")]
pub fn is_done(site: &SiteState) -> ApiResult<bool> {
    let next_ms = site.scheduler.scheduled_at(Task::Retention, "")?;
    let pages_ms = site.scheduler.scheduled_at(Task::Retention, PAGES)?;
    Ok(next_ms.is_some_and(|at_ms| at_ms > now_ms() + 60_000) && pages_ms.is_none())
}

/// Returns the time of the last run.
fn last_run_ms(site: &SiteState) -> ApiResult<i64> {
    if let Some(at_ms) = meta::get(&site.database, LAST_RUN)?.and_then(|at_ms| at_ms.parse().ok()) {
        return Ok(at_ms);
    }
    // A site of an earlier version: the latest time that its data has, since the clock may be wrong
    // just now.
    let latest = "SELECT json_array(max( \
        (SELECT ifnull(max(at), 0) FROM survey), \
        (SELECT ifnull(max(max(ifnull(created, 0), ifnull(used, 0))), 0) FROM key), \
        ifnull((SELECT at FROM response WHERE timed = 1 ORDER BY id DESC LIMIT 1), 0)))";
    let latest_ms = site.database.number(latest, vec![])?;
    Ok(latest_ms.unwrap_or(0).min(now_ms()))
}

/// Deletes a page of what is too old at the time of the run.
fn delete_page(site: &SiteState) -> ApiResult<()> {
    let settings = site.settings()?;
    let run_ms = last_run_ms(site)?.min(now_ms());
    let first_contact_ms = run_ms - i64::from(settings.retention.contact_days) * DAY_MS;
    site.database.run("DELETE FROM contact WHERE at < ?", vec![first_contact_ms.into()])?;
    queue::delete_old(site, run_ms)?;
    audit::delete_old(site, run_ms)?;
    undo::delete_old_changes(&site.database, run_ms)?;
    let mut has_more = false;
    if let Some(first_ms) = settings.first_kept_ms(run_ms) {
        let old = "SELECT json_group_array(lower(hex(id))) FROM ( \
                SELECT * FROM (SELECT id FROM response WHERE timed = 1 AND id < ? ORDER BY id LIMIT ?) \
                UNION ALL SELECT * FROM (SELECT id FROM response WHERE timed = 0 AND at < ? \
                    ORDER BY at LIMIT ?))";
        let bound = ResponseId::from_time(u64::try_from(first_ms).unwrap_or(0), &[0; 10]);
        let mut bound = *bound.bytes();
        // Only the time matters: no id of that very millisecond is below.
        bound.iter_mut().skip(6).for_each(|byte| *byte = 0);
        let bound = SqlStorageValue::Blob(bound.to_vec());
        let ids: Vec<String> =
            site.database.json(old, vec![bound, PAGE.into(), first_ms.into(), PAGE.into()])?;
        has_more = ids.len() >= PAGE as usize;
        if !ids.is_empty() {
            erase_responses(&site.database, &ids)?;
        }
    }
    match has_more {
        true => site.scheduler.reschedule(Task::Retention, PAGES, now_ms()),
        false => site.scheduler.cancel(Task::Retention, PAGES),
    }
}
