//! Deleting what is older than the owner wants to keep, once a day.
//!
//! A wrong clock cannot erase. A run goes by a moment of its own, which is kept in `meta` and follows the clock by at most
//! [`STEP_MS`] a run, forward and back; nothing goes that is not old by both. A site begins with the moment of its creation. So a
//! collector that was off for a month has its responses a month longer at first, and catches up by a day each day.

use api::ResponseId;
use worker::SqlStorageValue;

use super::Inner;
use super::clock::now;
use super::due::Task;
use crate::reply::Outcome;

const DAY_MS: i64 = 86_400_000;
/// How far a run may be from the one before it.
const STEP_MS: i64 = 2 * DAY_MS;
/// How often the plan is compared with the clock.
const CHECK_MS: i64 = 3_600_000;
/// How many responses are deleted at once.
const PAGE: i32 = 1_000;
/// The subject of the task that deletes a page; that of the daily run is empty.
const PAGES: &str = "pages";
/// The name in `meta` of the moment of the last run.
const LAST_RUN: &str = "retention_at";

impl Inner {
    /// Plans the first run of a new site.
    pub async fn plan_retention(&self) -> Outcome<()> {
        self.set_meta(LAST_RUN, &now().to_string())?;
        self.plan(Task::Retention, "", now() + DAY_MS).await
    }

    /// Plans the daily run for tomorrow where it lies further ahead, since the clock that planned it was wrong. A site of an
    /// earlier version gets its moment.
    pub async fn check_retention(&self) -> Outcome<()> {
        let now = now();
        if (now - self.checked.replace(now)).abs() < CHECK_MS {
            return Ok(());
        }
        if self.meta(LAST_RUN)?.is_none() {
            // Before a key that is used just now leaves the present clock behind.
            self.set_meta(LAST_RUN, &self.last_run()?.to_string())?;
        }
        match self.planned(Task::Retention, "")? {
            Some(at) if at <= now + DAY_MS => Ok(()),
            _ => {
                self.postpone(Task::Retention, "", now + DAY_MS)?;
                self.arm().await
            }
        }
    }

    /// The first instant that the next run keeps; `None` where all is kept.
    pub fn first_kept(&self) -> Outcome<Option<i64>> {
        let next = self.last_run()?.saturating_add(STEP_MS).min(now());
        Ok(self.settings()?.first_kept(next))
    }

    /// Does the daily run, or a page of it.
    pub fn retain(&self, subject: &str) -> Outcome<()> {
        if subject == PAGES {
            return self.delete_page();
        }
        // All of the plan is written before anything is deleted: should that fail, it is the same run that goes on.
        let (now, last) = (now(), self.last_run()?);
        let run = now.min(last.saturating_add(STEP_MS)).max(last.saturating_sub(STEP_MS));
        self.set_meta(LAST_RUN, &run.to_string())?;
        self.postpone(Task::Retention, PAGES, now)?;
        self.postpone(Task::Retention, "", now + DAY_MS)
    }

    /// Whether the run of this day is over.
    #[cfg(feature = "faults")]
    pub fn is_retained(&self) -> Outcome<bool> {
        let next = self.planned(Task::Retention, "")?;
        Ok(next.is_some_and(|at| at > now() + 60_000) && self.planned(Task::Retention, PAGES)?.is_none())
    }

    /// The moment of the last run.
    fn last_run(&self) -> Outcome<i64> {
        if let Some(at) = self.meta(LAST_RUN)?.and_then(|at| at.parse().ok()) {
            return Ok(at);
        }
        // A site of an earlier version: the latest moment that it knows of, since the clock may be wrong just now.
        let known = "SELECT json_array(max(
            (SELECT ifnull(max(at), 0) FROM survey),
            (SELECT ifnull(max(max(ifnull(created, 0), ifnull(used, 0))), 0) FROM key),
            ifnull((SELECT at FROM response WHERE timed = 1 ORDER BY id DESC LIMIT 1), 0)))";
        let [known]: [i64; 1] = self.database.json(known, vec![])?;
        Ok(known.min(now()))
    }

    /// Deletes a page of what is old at the moment of the run.
    fn delete_page(&self) -> Outcome<()> {
        let settings = self.settings()?;
        let run = self.last_run()?.min(now());
        let contact = run - i64::from(settings.retention.contact_days) * DAY_MS;
        self.database.run("DELETE FROM contact WHERE at < ?", vec![contact.into()])?;
        self.forget_deliveries(run)?;
        let mut more = false;
        if let Some(first) = settings.first_kept(run) {
            let old = "SELECT json_group_array(lower(hex(id))) FROM (
                    SELECT * FROM (SELECT id FROM response WHERE timed = 1 AND id < ? ORDER BY id LIMIT ?)
                    UNION ALL SELECT * FROM (SELECT id FROM response WHERE timed = 0 AND at < ? ORDER BY at LIMIT ?))";
            let below = ResponseId::from_time(u64::try_from(first).unwrap_or(0), &[0; 10]);
            let mut below = *below.bytes();
            // Only the time matters: no id of that very millisecond is below.
            below.iter_mut().skip(6).for_each(|byte| *byte = 0);
            let bound = SqlStorageValue::Blob(below.to_vec());
            let ids: Vec<String> =
                self.database.json(old, vec![bound, PAGE.into(), first.into(), PAGE.into()])?;
            more = ids.len() >= PAGE as usize;
            if !ids.is_empty() {
                self.erase_all(&ids)?;
            }
        }
        if more { self.postpone(Task::Retention, PAGES, now()) } else { self.cancel(Task::Retention, PAGES) }
    }
}
