//! Places of the values of a property: at most [`MAX_VALUES`] values are counted by themselves.
//!
//! While places are free a new value takes one at once, by a trigger. Once all are taken, new
//! values are counted as other, and this task looks through the latest responses for values that
//! deserve a place: those with at least [`MIN_RESPONSES`] take the places of those with fewer. So
//! made-up values lose their places to real ones as soon as these come in.
//!
//! The totals of the value that loses its place join those of the others in one statement. Those
//! of the new value are moved by pages, in the order of ids: raising `value.upto` moves them, by a
//! trigger. Until all are moved the value is reported as other.

use api::ResponseId;
use worker::SqlStorageValue;

use super::PAGE;
use crate::http::ApiResult;
use crate::site::clock::now_ms;
use crate::site::database::Database;
use crate::site::properties;
use crate::site::scheduler::Task;
use crate::site::schema::daily_totals::{COMPLETE, FREE_NUMBER, MAX_VALUES, demote, value_text};
use crate::site::state::SiteState;

/// The fewest responses of a value that takes the place of another.
const MIN_RESPONSES: u64 = 5;
/// The latest responses among which values are counted.
const LATEST: i32 = 20_000;
/// The most values that get a place at once.
const MAX_PROMOTED: i32 = 20;
/// Delay of the task: values that come in together are looked at together.
const MIN_DELAY_MS: i64 = 500;
/// Delay of the task after many runs without a change.
const MAX_DELAY_MS: i64 = 600_000;

/// Schedule of the task, as it is kept in memory.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// Whether a property has more values than places.
    is_open: bool,
    /// Time of the last task that was scheduled.
    next_ms: i64,
    /// Delay of the next one.
    delay_ms: i64,
}

impl Default for Schedule {
    fn default() -> Self {
        Self { is_open: false, next_ms: 0, delay_ms: MIN_DELAY_MS }
    }
}

/// SQL of the condition on a property that its values may change places.
const IS_OPEN: &str = "NOT is_listed AND length(upto) > 16 AND (is_full \
    OR slot IN (SELECT property FROM value WHERE length(value.upto) <= 16))";

/// Looks whether a property has more values than places now, after a commit of responses.
pub fn check(site: &SiteState) -> ApiResult<()> {
    let schedule = site.places.get();
    if schedule.is_open || site.settings()?.properties.is_empty() {
        return Ok(());
    }
    let is_open = format!("SELECT 'yes' FROM property WHERE {IS_OPEN} LIMIT 1");
    if site.database.text(&is_open, vec![])?.is_some() {
        site.places.set(Schedule { is_open: true, ..schedule });
    }
    Ok(())
}

/// Schedules the task after responses were stored. Each is followed by a task; the longer nothing
/// changes, the later.
pub async fn schedule(site: &SiteState) -> ApiResult<()> {
    let (schedule, now_ms) = (site.places.get(), now_ms());
    let is_scheduled = (now_ms..=now_ms + MAX_DELAY_MS).contains(&schedule.next_ms);
    if !schedule.is_open || is_scheduled {
        return Ok(());
    }
    let (next_ms, delay_ms) = (now_ms + schedule.delay_ms, (schedule.delay_ms * 2).min(MAX_DELAY_MS));
    site.places.set(Schedule { is_open: true, next_ms, delay_ms });
    site.scheduler.schedule(Task::Places, "", next_ms)?;
    site.scheduler.set_alarm().await
}

/// Moves a page of totals to a value that has a place, or else gives values places.
pub fn assign(site: &SiteState) -> ApiResult<()> {
    let open = format!("SELECT json_group_array(slot) FROM property WHERE {IS_OPEN}");
    let slots: Vec<i64> = site.database.json(&open, vec![])?;
    for slot in slots {
        if fill_page(&site.database, slot)? || promote(&site.database, slot)? {
            site.places.set(Schedule { delay_ms: MIN_DELAY_MS, ..site.places.get() });
            return site.scheduler.reschedule(Task::Places, "", now_ms());
        }
    }
    // Values that come from now on are looked at by the next task.
    site.places.set(Schedule { next_ms: 0, ..site.places.get() });
    site.scheduler.cancel(Task::Places, "")
}

/// Moves the totals of a page of responses to the values that have a place and are not complete.
/// Returns whether there was such a value.
fn fill_page(database: &Database, slot: i64) -> ApiResult<bool> {
    let upto = "SELECT json_array(lower(hex(min(upto)))) FROM value WHERE property = ? \
        AND length(upto) <= 16 HAVING count(*) > 0";
    let Some(upto) = database.text(upto, vec![slot.into()])? else { return Ok(false) };
    let next = "SELECT lower(hex(id)) FROM response WHERE id > unhex(?1 ->> 0) \
        ORDER BY id LIMIT 1 OFFSET ?2";
    let next = database.text(next, vec![upto.as_str().into(), (PAGE - 1).into()])?;
    let next = next.as_deref().and_then(ResponseId::from_hex);
    let next = next.map_or(COMPLETE.to_vec(), |id| id.bytes().to_vec());
    let is_complete = next.len() > 16;
    let raise = "UPDATE value SET upto = ? WHERE property = ? AND upto = unhex(? ->> 0)";
    database.run(raise, vec![SqlStorageValue::Blob(next), slot.into(), upto.into()])?;
    if is_complete {
        properties::free_places(database)?;
    }
    Ok(true)
}

/// Gives places to values that are counted as other. Returns whether any got one.
fn promote(database: &Database, slot: i64) -> ApiResult<bool> {
    let taken =
        database.count("SELECT json_array(count(*)) FROM value WHERE property = ?", vec![slot.into()])?;
    let mut free = (MAX_VALUES as u64).saturating_sub(taken);
    let text = value_text("r");
    let found = format!(
        "SELECT json_group_array(json_array(text, n)) FROM ( \
            SELECT {text} AS text, count(*) AS n \
            FROM property AS p, (SELECT * FROM response ORDER BY id DESC LIMIT ?2) AS r \
            WHERE p.slot = ?1 AND r.mark IS NULL AND {text} IS NOT NULL \
              AND {text} NOT IN (SELECT v.text FROM value AS v \
                WHERE v.property = ?1) \
            GROUP BY 1 HAVING n >= ?3 ORDER BY n DESC, text LIMIT ?4)"
    );
    let fewest_wanted = if free > 0 { 1 } else { MIN_RESPONSES };
    let values = vec![slot.into(), LATEST.into(), (fewest_wanted as i32).into(), MAX_PROMOTED.into()];
    let found: Vec<(String, u64)> = database.json(&found, values)?;
    let fewest = "SELECT json_group_array(json_array(number, n)) FROM ( \
        SELECT number, ifnull(counted.n, 0) AS n FROM value LEFT JOIN ( \
            SELECT value AS counted_number, sum(n) AS n FROM day WHERE property = ?1 GROUP BY value \
        ) AS counted ON counted_number = number \
        WHERE property = ?1 ORDER BY 2, number DESC LIMIT ?2)";
    let fewest: Vec<(i64, u64)> = match found.is_empty() {
        true => Vec::new(),
        false => database.json(fewest, vec![slot.into(), MAX_PROMOTED.into()])?,
    };
    let mut fewest = fewest.into_iter();
    let insert = format!(
        "INSERT INTO value (property, number, text, upto) SELECT slot, {FREE_NUMBER}, ?2, x'' \
            FROM property WHERE slot = ?1"
    );
    let mut any = false;
    for (text, responses) in found {
        if free > 0 {
            free -= 1;
        } else {
            let Some((number, theirs)) = fewest.next() else { break };
            if responses < MIN_RESPONSES || responses <= theirs {
                break;
            }
            for statement in demote() {
                database.run(&statement, vec![slot.into(), number.into()])?;
            }
        }
        database.run(&insert, vec![slot.into(), text.into()])?;
        any = true;
    }
    Ok(any)
}
