//! Index of the comments that an earlier version of the collector stored: a page at a time, in the
//! order of ids.

use worker::SqlStorageValue;

use super::{PAGE, page_end};
use crate::http::ApiResult;
use crate::site::clock::now_ms;
use crate::site::database::Database;
use crate::site::meta;
use crate::site::scheduler::Task;
use crate::site::state::SiteState;

/// Indexes one more page.
pub fn index_comments(site: &SiteState) -> ApiResult<()> {
    match index_page(&site.database)? {
        true => site.scheduler.reschedule(Task::WordIndex, "", now_ms()),
        false => site.scheduler.cancel(Task::WordIndex, ""),
    }
}

/// Whether every comment is indexed.
pub fn is_complete(database: &Database) -> ApiResult<bool> {
    Ok(meta::get(database, meta::WORDS_UPTO)?.is_none())
}

/// Indexes a page of comments, in the order of their rows in the index, since FTS5 writes what it
/// has gathered whenever a row is below the one before. Returns whether there are more.
pub fn index_page(database: &Database) -> ApiResult<bool> {
    let Some(upto) = meta::get(database, meta::WORDS_UPTO)? else { return Ok(false) };
    let next = page_end(database, &upto, PAGE)?;
    let page = "FROM response \
        WHERE id > unhex(?1) AND (?2 IS NULL OR id <= unhex(?2)) AND comment IS NOT NULL \
        ORDER BY number";
    let values = || -> Vec<SqlStorageValue> { vec![upto.as_str().into(), next.clone().into()] };
    let index = format!("INSERT INTO words (rowid, comment) SELECT number, comment {page}");
    database.run(&index, values())?;
    let lead = format!("INSERT OR REPLACE INTO word_row (number, id) SELECT number, id {page}");
    database.run(&lead, values())?;
    match &next {
        Some(next) => meta::set(database, meta::WORDS_UPTO, next)?,
        None => meta::remove(database, meta::WORDS_UPTO)?,
    }
    Ok(next.is_some())
}
