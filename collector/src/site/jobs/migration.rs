//! Rows of a migration: a page at a time, from the alarm and from requests.
//!
//! [`schema::migrations`](crate::site::schema::migrations) argues why that is right.

use crate::http::{ApiResult, Problem};
use crate::protocol::Command;
use crate::site::scheduler::Task;
use crate::site::schema::migrations;
use crate::site::state::SiteState;

/// Prepares for a command while rows are left to be moved: nothing is stored beside a row that
/// still has to be moved, and nothing is read that is not whole.
pub async fn prepare(site: &SiteState, command: &Command, body: &str) -> ApiResult<()> {
    site.scheduler.set_alarm().await?;
    match command {
        // Single values only, which are whole.
        Command::ReadConfig(_) => Ok(()),
        Command::Ingest(_) => migrations::move_received(&site.database, body),
        _ => {
            move_page(site)?;
            if site.is_migrating() { Err(Problem::migrating()) } else { Ok(()) }
        }
    }
}

/// Moves one more page of rows.
pub fn move_page(site: &SiteState) -> ApiResult<()> {
    let has_more = site.transaction(|| {
        let has_more = migrations::move_page(&site.database)?;
        match has_more {
            true => site.scheduler.reschedule(Task::Migrate, "", migrations::FIRST_OF_ALL_MS)?,
            false => site.scheduler.cancel(Task::Migrate, "")?,
        }
        Ok(has_more)
    })?;
    if !has_more {
        site.set_migrated();
    }
    Ok(())
}
