//! Entry of the site in the registry.
//!
//! The task is written in the transaction of the change that the registry has to know, and tried at
//! once. Where the registry does not reply, the alarm tries again. So a site is never half created,
//! and the list is right in the end.

use std::cell::Cell;

use super::clock::now_ms;
use super::scheduler::Task;
use super::state::SiteState;
use crate::http::{ApiResult, Problem};
use crate::json_object::to_json;
use crate::log;
use crate::registry::client;
use crate::registry::protocol::SiteEntry;

/// Delay after which the alarm registers the site, should the call that changed it not do so.
const ALARM_DELAY_MS: i64 = 5_000;

/// Guard of a registration under way.
struct Registering<'a>(&'a Cell<bool>);

impl Drop for Registering<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// Schedules the registration, in the transaction of a change.
pub fn schedule(site: &SiteState) -> ApiResult<()> {
    site.scheduler.reschedule(Task::Register, "", now_ms() + ALARM_DELAY_MS)
}

/// Sets the alarm for a registration that a migration has scheduled. Reads one row when the object
/// was just started, and later nothing.
pub async fn check_schedule(site: &SiteState) -> ApiResult<()> {
    if site.registration_checked.replace(true) || site.scheduler.scheduled_at(Task::Register, "")?.is_none() {
        return Ok(());
    }
    site.scheduler.set_alarm().await
}

/// Registers the site now, or leaves that to the alarm.
pub async fn try_now(site: &SiteState) {
    if let Err(problem) = register(site).await {
        log::problem("registration-failed", "", &problem);
    }
}

/// Registers the site. One registration is under way at a time, so that an earlier name never comes
/// after a later one.
pub async fn register(site: &SiteState) -> ApiResult<()> {
    if site.is_registering.replace(true) {
        return Ok(());
    }
    let _guard = Registering(&site.is_registering);
    let sent = entry(site)?;
    let text = to_json(&sent);
    client::put(&site.env, sent).await?;
    // Where the site was renamed meanwhile, the task stays.
    if to_json(&entry(site)?) == text {
        site.scheduler.cancel(Task::Register, "")?;
    }
    Ok(())
}

/// Returns the entry of a site that is not deleted. A site begins with its first survey.
pub fn entry(site: &SiteState) -> ApiResult<SiteEntry> {
    let name = site.settings()?.name.clone();
    let created = "SELECT json_array(min(at)) FROM survey";
    let created_ms = site.database.number(created, vec![])?;
    let id = site.site_id()?;
    Ok(SiteEntry {
        site: id.as_str().to_owned(),
        name,
        created_ms: created_ms.ok_or_else(|| Problem::internal("a site without a survey"))?,
        jurisdiction: id.jurisdiction().map(|it| it.as_str().to_owned()),
        deleted_ms: None,
    })
}
