//! Index of the tags that were given under an earlier version of the collector: a page at a time,
//! in the order of ids.

use super::{PAGE, page_end};
use crate::http::ApiResult;
use crate::site::clock::now_ms;
use crate::site::database::Database;
use crate::site::meta;
use crate::site::scheduler::Task;
use crate::site::state::SiteState;

/// Indexes one more page.
pub fn index_tags(site: &SiteState) -> ApiResult<()> {
    match index_page(&site.database)? {
        true => site.scheduler.reschedule(Task::TagIndex, "", now_ms()),
        false => site.scheduler.cancel(Task::TagIndex, ""),
    }
}

/// Whether every tag is indexed.
pub fn is_complete(database: &Database) -> ApiResult<bool> {
    Ok(meta::get(database, meta::TAGS_UPTO)?.is_none())
}

/// Indexes a page of tags. Returns whether there are more.
pub fn index_page(database: &Database) -> ApiResult<bool> {
    let Some(upto) = meta::get(database, meta::TAGS_UPTO)? else { return Ok(false) };
    let end = page_end(database, &upto, PAGE)?;
    let index = "INSERT OR IGNORE INTO tagged (tag, response) \
        SELECT given.value, response.id FROM response, json_each(response.tags) AS given \
        WHERE response.id > unhex(?1) AND (?2 IS NULL OR response.id <= unhex(?2)) \
            AND response.tags IS NOT NULL";
    database.run(index, vec![upto.into(), end.clone().into()])?;
    match &end {
        Some(end) => meta::set(database, meta::TAGS_UPTO, end)?,
        None => meta::remove(database, meta::TAGS_UPTO)?,
    }
    Ok(end.is_some())
}
