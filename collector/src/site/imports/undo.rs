//! `DELETE …/imports/ID`: undoes an import, a page at a time.
//!
//! - Responses that the import created go, with their tags, notes and cases.
//! - Responses that it changed get their earlier content back. Their tags, notes and cases stay.
//!   Columns that a later import has set stay as they are, and that import gets the content that it
//!   would have found without this one.
//!
//! Until it is done, imports are refused: a row that is found would go with its response.
//!
//! Earlier content is kept for 30 days. After that, an import that changed responses can no longer
//! be undone; one that only created responses can.

use std::sync::LazyLock;

use collector_core::stored_response::IMPORTED_CONTENT;
use serde_json::{Value, json};
use worker::SqlStorageValue;

use super::{get, missing};
use crate::http::{ApiResult, Problem, Response, response};
use crate::site::clock::{DAY_MS, iso, now_ms};
use crate::site::database::Database;
use crate::site::jobs::{self, PAGE};
use crate::site::properties;
use crate::site::responses::erasure::erase_responses;
use crate::site::scheduler::Task;
use crate::site::state::SiteState;

/// Time for which the earlier content of changed responses is kept.
pub const KEPT_MS: i64 = 30 * DAY_MS;

/// `DELETE …/imports/ID`: 204 where all is undone, or 202 with the import, which is being deleted.
pub async fn delete(site: &SiteState, id: &str) -> ApiResult<Response> {
    let query = "SELECT json_array(number, at, changed, state = 'deleting') FROM import WHERE id = ?";
    let found = site.database.text(query, vec![id.into()])?.ok_or_else(missing)?;
    let (number, at_ms, changed, is_deleting): (i64, i64, i64, i64) =
        serde_json::from_str(&found).map_err(Problem::internal)?;
    if is_deleting == 0 {
        jobs::check_none_of(site, &[Task::Bulk])?;
        let kept_until_ms = at_ms + KEPT_MS;
        if changed > 0 && now_ms() >= kept_until_ms {
            let detail = format!(
                "This import changed {changed} responses, whose earlier content was kept until {}. It can \
                 no longer be undone. Delete the responses that you do not want.",
                iso(kept_until_ms)
            );
            return Err(Problem::conflict(detail));
        }
        let subject = number.to_string();
        site.transaction(|| {
            let update = "UPDATE import SET state = 'deleting' WHERE number = ?";
            site.database.run(update, vec![number.into()])?;
            undo_page(site, &subject)
        })?;
        site.scheduler.set_alarm().await?;
    }
    match site.database.text(query, vec![id.into()])? {
        None => Ok(response::empty(204)),
        Some(_) => Ok(get(site, id)?.with_status(202)),
    }
}

/// Undoes a page of the import with that number: first what it created, then what it changed.
pub fn undo_page(site: &SiteState, subject: &str) -> ApiResult<()> {
    let number: i64 = subject.parse().map_err(Problem::internal)?;
    let has_more = erase_created(&site.database, number)? || restore_changed(site, number)?;
    if has_more {
        return site.scheduler.reschedule(Task::UndoImport, subject, now_ms());
    }
    properties::free_places(&site.database)?;
    site.database.run("DELETE FROM import WHERE number = ?", vec![number.into()])?;
    site.scheduler.cancel(Task::UndoImport, subject)
}

/// Deletes the earlier content that is no longer kept.
pub fn delete_old_changes(database: &Database, now_ms: i64) -> ApiResult<()> {
    let delete = "DELETE FROM import_change WHERE import IN \
        (SELECT number FROM import WHERE at < ? AND state <> 'deleting')";
    database.run(delete, vec![(now_ms - KEPT_MS).into()]).map(|_| ())
}

/// Erases a page of the responses that an import created. Returns whether there may be more.
fn erase_created(database: &Database, number: i64) -> ApiResult<bool> {
    let page = "SELECT json_group_array(lower(hex(response))) FROM (SELECT response FROM import_key \
        WHERE import = ?1 AND response > (SELECT upto FROM import WHERE number = ?1) \
        ORDER BY response LIMIT ?2)";
    let ids: Vec<String> = database.json(page, vec![number.into(), PAGE.into()])?;
    let Some(last) = ids.last() else { return Ok(false) };
    let update = "UPDATE import SET upto = unhex(?) WHERE number = ?";
    database.run(update, vec![last.as_str().into(), number.into()])?;
    erase_responses(database, &ids)?;
    Ok(ids.len() == PAGE as usize)
}

/// Restores a page of the responses that an import changed. Returns whether there may be more.
fn restore_changed(site: &SiteState, number: i64) -> ApiResult<bool> {
    let database = &site.database;
    let page = "SELECT json_group_array(json_array(hex(response), before ->> 'at')) FROM \
        (SELECT response, before FROM import_change WHERE import = ? LIMIT ?)";
    let changed: Vec<(String, i64)> = database.json(page, vec![number.into(), PAGE.into()])?;
    let zone = &site.settings()?.zone;
    let days: Vec<Value> = changed.iter().map(|(id, at)| json!([id, zone.day_of(*at).number()])).collect();
    let values = || -> Vec<SqlStorageValue> { vec![json!(days).to_string().into(), number.into()] };
    database.run(&RESTORE, values())?;
    database.run(&HAND_DOWN, values())?;
    database.run(DELETE_CHANGES, values())?;
    Ok(changed.len() == PAGE as usize)
}

/// Returns the names in `import_change.before` of what an import may change of a response.
fn changed_names() -> impl Iterator<Item = &'static str> {
    ["at", "timed"].into_iter().chain(IMPORTED_CONTENT)
}

/// Returns SQL of the condition that an import after this one has set a column of the response,
/// where `until` says before which.
fn is_set_later(name: &str, until: &str) -> String {
    let place = if matches!(name, "at" | "timed") { "dated" } else { name };
    [
        "EXISTS (SELECT 1 FROM import_change AS later WHERE later.response = change.response \
            AND later.import > ?2 ",
        until,
        " AND ifnull(later.before -> '$.columns.",
        place,
        "', iif(later.before -> 'columns' IS NULL, '1', '0')) NOT IN ('0', '{}'))",
    ]
    .concat()
}

/// Restores what no later import has set.
static RESTORE: LazyLock<String> = LazyLock::new(|| {
    let set: Vec<String> = changed_names()
        .map(|name| {
            let is_set = is_set_later(name, "");
            format!("{name} = iif({is_set}, response.{name}, change.before ->> '{name}'), ")
        })
        .collect();
    format!(
        "UPDATE response SET {}day = iif({}, day, given.value ->> 1) \
         FROM json_each(?1) AS given JOIN import_change AS change \
            ON change.import = ?2 AND change.response = unhex(given.value ->> 0) \
         WHERE response.id = change.response",
        set.concat(),
        is_set_later("at", "")
    )
});

/// Gives the earlier content of a response to the later imports that have found it.
static HAND_DOWN: LazyLock<String> = LazyLock::new(|| {
    let set: Vec<String> = changed_names()
        .map(|name| {
            let is_set = is_set_later(name, "AND later.import < next.import");
            format!(", '$.{name}', iif({is_set}, next.before, change.before) ->> '{name}'")
        })
        .collect();
    format!(
        "UPDATE import_change AS next SET before = json_set(next.before{}) \
         FROM json_each(?1) AS given JOIN import_change AS change \
            ON change.import = ?2 AND change.response = unhex(given.value ->> 0) \
         WHERE next.response = change.response AND next.import > ?2",
        set.concat()
    )
});

const DELETE_CHANGES: &str = "DELETE FROM import_change WHERE import = ?2 \
    AND response IN (SELECT unhex(value ->> 0) FROM json_each(?1))";
