//! Imports of the site: each file that was read, with what became of its rows.
//!
//! An import is `incomplete` until its last page is stored. The same file with the same options
//! continues it. It is `deleting` while [`undo`] goes through its responses, and gone afterwards.

pub mod row_secret;
pub mod undo;

use std::sync::LazyLock;

use collector_core::id::new_id;

use super::clock::{iso_sql, now_ms};
use super::database::Database;
use super::jobs;
use super::request::{ApiRequest, parse_digits};
use super::scheduler::Task;
use super::state::SiteState;
use crate::environment::random;
use crate::http::request_url::query_reader;
use crate::http::{ApiResult, Problem, Response, response};
use crate::protocol::{BeginImport, ImportPageReply};

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 100;

/// SQL of an import as the owner sees it. Where the same file was sent twice at once, or completed,
/// rows were met more than once: what was stored or changed is not there already.
static IMPORT_JSON: LazyLock<String> = LazyLock::new(|| {
    format!(
        "json_object('id', id, 'created_at', {}, 'state', state, \
            'key', json_object('id', key, 'name', key_name), 'options', details -> 'options', \
            'rows', details -> 'rows', 'without_score', details -> 'without_score', \
            'without_date', details -> 'without_date', 'rejected', details -> 'rejected', \
            'older_than_kept', details -> 'older_than_kept', 'marked', ifnull(details ->> 'marked', 0), \
            'stored', stored, 'changed', changed, \
            'already_there', min(already_there, max(0, details ->> 'rows' - details ->> 'rejected' - stored \
                - changed - erased_before)), 'erased_before', erased_before, \
            'same_id', json(ifnull(details -> 'same_id', json_object('count', 0, 'lines', json('[]')))), \
            'changes_kept_until', iif(changed > 0, {}, NULL))",
        iso_sql("at"),
        iso_sql(&format!("(at + {})", undo::KEPT_MS))
    )
});

/// `GET …/imports`: the imports, newest first.
pub fn list(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let pairs = request.query();
    let mut query = query_reader(&pairs, &["limit", "cursor"]);
    let limit = query.parse("limit", &format!("a number from 1 to {MAX_LIMIT}"), |text| {
        parse_digits(text).filter(|limit| (1..=MAX_LIMIT).contains(limit))
    });
    let cursor = query.parse("cursor", "a `next_cursor` of an earlier page, unchanged", |text| {
        parse_digits::<i64>(text).filter(|number| *number > 0)
    });
    let (limit, cursor) = query.finish((limit.unwrap_or(DEFAULT_LIMIT), cursor))?;
    let select = format!(
        "SELECT json_object('imports', json_group_array(json(import)), 'next_cursor', \
            iif(count(*) = ?2, CAST(min(number) AS TEXT), NULL)) \
         FROM (SELECT number, {} AS import FROM import WHERE number < ?1 ORDER BY number DESC LIMIT ?2)",
        *IMPORT_JSON
    );
    site.database.json_response(
        200,
        &select,
        vec![cursor.unwrap_or(i64::MAX).into(), f64::from(limit).into()],
    )
}

/// `GET …/imports/ID`
pub fn get(site: &SiteState, id: &str) -> ApiResult<Response> {
    let select = format!("SELECT {} FROM import WHERE id = ?", *IMPORT_JSON);
    let import = site.database.text(&select, vec![id.into()])?;
    Ok(response::json_text(200, import.ok_or_else(missing)?))
}

fn missing() -> Problem {
    Problem::not_found("import with this id")
}

/// Begins an import, or continues the incomplete one of the same file. The reply has its id.
pub fn begin(site: &SiteState, new: &BeginImport, details: &str) -> ApiResult<Response> {
    check_idle(site)?;
    let database = &site.database;
    let state = if new.is_empty { "complete" } else { "incomplete" };
    let update = "UPDATE import SET details = ?, already_there = ?, erased_before = 0, state = ? \
        WHERE file = ? AND state = 'incomplete'";
    let incomplete = "SELECT id FROM import WHERE file = ? AND state = 'incomplete'";
    if let Some(id) = database.text(incomplete, vec![new.file.as_str().into()])? {
        let values = vec![details.into(), new.repeated.into(), state.into(), new.file.as_str().into()];
        database.run(update, values)?;
        return begun(&id);
    }
    let id = new_id(&random()?);
    database.run(
        "INSERT INTO import (id, at, file, key, key_name, details, state, already_there) \
         SELECT ?, ?, ?, substr(digest, 1, 12), name, ?, ?, ? FROM key WHERE digest = ?",
        vec![
            id.as_str().into(),
            now_ms().into(),
            new.file.as_str().into(),
            details.into(),
            state.into(),
            new.repeated.into(),
            new.key.clone().into(),
        ],
    )?;
    begun(&id)
}

/// Refuses rows while an import is being undone, or a selection erased or marked.
pub fn check_idle(site: &SiteState) -> ApiResult<()> {
    jobs::check_none_of(site, &[Task::Bulk, Task::UndoImport])
}

fn begun(id: &str) -> ApiResult<Response> {
    Ok(response::json_text(200, format!("\"{id}\"")))
}

/// Import that takes further pages.
pub struct RunningImport {
    pub number: i64,
    /// Row of the full-text index for the next new response.
    pub search_row: i64,
}

/// Rows of the full-text index for one import: more than a file may have lines.
const SEARCH_ROWS: i64 = 1 << 21;

/// Returns an import that takes further pages.
pub fn find_running(database: &Database, id: &str) -> ApiResult<RunningImport> {
    let query = "SELECT json_array(number, stored) FROM import WHERE id = ? AND state = 'incomplete'";
    let found = database.text(query, vec![id.into()])?.ok_or_else(|| {
        let detail = "This import was deleted, or another request completed the same file meanwhile. List \
                      the imports, and send the file again if you want it.";
        Problem::conflict(detail)
    })?;
    let (number, stored): (i64, i64) = serde_json::from_str(&found).map_err(Problem::internal)?;
    Ok(RunningImport { number, search_row: number * SEARCH_ROWS + stored })
}

/// Adds what became of a page.
pub fn add_counts(database: &Database, number: i64, page: &ImportPageReply, is_last: bool) -> ApiResult<()> {
    let state = if is_last { "complete" } else { "incomplete" };
    database.run(
        "UPDATE import SET stored = stored + ?, changed = changed + ?, already_there = already_there + ?, \
            erased_before = erased_before + ?, state = ? WHERE number = ?",
        vec![
            page.stored.into(),
            page.changed.into(),
            page.already_there.into(),
            page.erased_before.into(),
            state.into(),
            number.into(),
        ],
    )?;
    Ok(())
}
