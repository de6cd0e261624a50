//! Deletion of a site.
//!
//! The id of a site stays valid, since its MAC does. So the object keeps a tombstone: one row that
//! says when the site was deleted, and every command is refused with 410. The tombstone is written
//! first. Whatever is left to do then (erase the data, tell the registry) is done by the alarm, if
//! the process ends before.

use std::time::Duration;

use super::clock::{iso, now_ms};
use super::state::SiteState;
use super::{alarm, registration};
use crate::http::{ApiResult, Problem, Response, response};
use crate::json_object::{from_json, to_json};
use crate::log;
use crate::registry::client;
use crate::registry::protocol::SiteEntry;

/// Table whose existence says that the site is deleted.
pub const TABLE: &str = "tombstone";
/// Delay after which the alarm tries again what is left to do.
pub const RETRY: Duration = Duration::from_secs(5);

/// Deletes the site: its responses, settings, keys, webhooks and tasks.
pub async fn delete(site: &SiteState) -> ApiResult<Response> {
    // Fails for a site that was never created or is deleted.
    let mut entry = registration::entry(site)?;
    entry.deleted_ms = Some(now_ms());
    site.transaction(|| bury(site, &entry, false))?;
    site.set_deleted();
    alarm::reset(site).await?;
    finish(site).await?;
    alarm::reset(site).await?;
    Ok(response::empty(204))
}

/// Does what is left to do for a deleted site. [`is_finished`] says whether that was all of it.
pub async fn finish(site: &SiteState) -> ApiResult<()> {
    let (entry, mut is_registered) = read(site)?;
    if !is_registered {
        let stored = client::put(&site.env, entry.clone()).await;
        is_registered = stored.map_err(|problem| log::problem("registration-failed", "", &problem)).is_ok();
    }
    let data = "SELECT json_array(count(*)) FROM sqlite_master WHERE name = 'meta'";
    if site.database.count(data, vec![])? > 0 {
        site.delete_storage().await?;
    }
    site.transaction(|| bury(site, &entry, is_registered))
}

/// Whether the alarm has nothing left to do.
pub fn is_finished(site: &SiteState) -> ApiResult<bool> {
    Ok(read(site)?.1)
}

/// Returns the problem of every command to a deleted site.
pub fn problem(site: &SiteState) -> Problem {
    match read(site) {
        Ok((entry, _)) => Problem::site_deleted(&entry.deleted_ms.map(iso).unwrap_or_default()),
        Err(problem) => problem,
    }
}

/// Writes the tombstone. `is_registered` says that nothing is left to do.
fn bury(site: &SiteState, entry: &SiteEntry, is_registered: bool) -> ApiResult<()> {
    let create =
        "CREATE TABLE IF NOT EXISTS tombstone (id INTEGER PRIMARY KEY, entry TEXT, registered INTEGER)";
    site.database.run(create, vec![])?;
    let insert = "INSERT OR REPLACE INTO tombstone (id, entry, registered) VALUES (1, ?, ?)";
    site.database.run(insert, vec![to_json(entry).into(), i32::from(is_registered).into()])?;
    Ok(())
}

fn read(site: &SiteState) -> ApiResult<(SiteEntry, bool)> {
    let query = "SELECT json_array(entry, registered) FROM tombstone";
    let (entry, registered): (String, i32) = site.database.json(query, vec![])?;
    Ok((from_json(&entry)?, registered == 1))
}
