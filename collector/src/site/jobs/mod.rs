//! Long work, done by pages from the alarm.

pub mod backfill;
pub mod bulk;
pub mod migration;
pub mod places;
pub mod retention;
pub mod rezone;
pub mod tag_index;
pub mod word_index;

use super::scheduler::Task;
use super::state::SiteState;
use crate::http::{ApiResult, Problem};
use crate::site::database::Database;

/// The most responses of a page.
pub const PAGE: i32 = 1_000;

/// Refuses a change of many responses while one of these tasks goes through them. Its command was
/// acknowledged when it began, so it would take away what was acknowledged after it.
pub fn check_none_of(site: &SiteState, tasks: &[Task]) -> ApiResult<()> {
    for task in tasks {
        if site.scheduler.is_any_scheduled(*task)? {
            let detail = "Responses are being erased or marked, or an import undone; GET \
                          …/responses/bulk and GET …/imports show it. Send this again after that.";
            return Err(Problem::conflict(detail).retry_after(5));
        }
    }
    Ok(())
}

/// Returns the last of `size` responses after an id, both as upper-case hexadecimal; `None` where
/// there are fewer.
fn page_end(database: &Database, after: &str, size: i32) -> ApiResult<Option<String>> {
    let end = "SELECT hex(id) FROM response WHERE id > unhex(?) ORDER BY id LIMIT 1 OFFSET ?";
    database.text(end, vec![after.into(), (size - 1).into()])
}
