//! Pages of an import.
//!
//! A row is known by its key. A new row becomes a response with a random id. A row that is known
//! and has other content changes its response, whose earlier content is kept in `import_change`. A
//! visitor's response is never changed by an import, and one that was erased does not come back.

use std::sync::LazyLock;

use api::limits::MAX_PROPERTIES;
use collector_core::stored_response::{IMPORTED_CONTENT, statement};
use worker::SqlStorageValue;

use super::merge::{Source, merge};
use crate::http::{ApiResult, Problem, Response, response};
use crate::json_object;
use crate::protocol::{ImportContext, ImportPageReply, StoreImportPage};
use crate::site::database::Database;
use crate::site::imports::{self, RunningImport, row_secret};
use crate::site::jobs::{places, retention};
use crate::site::properties;
use crate::site::responses::erasure::erase_responses;
use crate::site::state::SiteState;

/// Returns what the Worker needs to read a file.
pub fn context(site: &SiteState) -> ApiResult<Response> {
    let zone = site.settings()?.zone.clone();
    let (row_secret, has_earlier) = row_secret::get_or_create(&site.database)?;
    let context =
        ImportContext { zone, first_kept_ms: retention::first_kept_ms(site)?, row_secret, has_earlier };
    Ok(response::json_text(200, serde_json::to_string(&context).map_err(Problem::internal)?))
}

/// Stores a page whose local days are of that zone: all of it, or nothing and an error.
pub async fn store_page(site: &SiteState, page: &StoreImportPage, rows: &str) -> ApiResult<Response> {
    // Days of another zone would stay wrong where the job that recomputes them has already passed.
    if page.zone != site.settings()?.zone.name() {
        let detail = "The site's time zone was changed while this file was read. Send the file again; \
                      what is stored counts once.";
        return Err(Problem::conflict(detail));
    }
    let reply = site.transaction(|| {
        imports::check_idle(site)?;
        let import = imports::find_running(&site.database, &page.import)?;
        let reply = store_rows(site, &import, page, rows)?;
        imports::add_counts(&site.database, import.number, &reply, page.is_last)?;
        Ok(reply)
    })?;
    places::schedule(site).await?;
    Ok(response::json_text(200, json_object::to_json(&reply)))
}

fn store_rows(
    site: &SiteState,
    import: &RunningImport,
    page: &StoreImportPage,
    rows: &str,
) -> ApiResult<ImportPageReply> {
    let database = &site.database;
    let erased_before = database.number(&COUNT_ERASED, vec![rows.into()])?.unwrap_or(0);
    let left =
        (erased_before > 0).then(|| database.text(&SELECT_LEFT, vec![rows.into()])).transpose()?.flatten();
    let rows = left.as_deref().unwrap_or(rows);
    if page.may_replace {
        erase_replaced(database, rows)?;
    }
    if page.may_adopt {
        database.run(&ADOPT, vec![rows.into()])?;
    }
    let values = || -> Vec<SqlStorageValue> { vec![rows.into(), page.content.as_str().into()] };
    let [total, stored, changed]: [i64; 3] = database.json(&COUNT, values())?;
    if changed > 0 {
        let mut kept = values();
        kept.push(import.number.into());
        database.run(&KEEP_EARLIER, kept)?;
        database.run(&CHANGE, values())?;
        properties::free_places(database)?;
    }
    if stored > 0 {
        let new =
            (stored < total).then(|| database.text(&SELECT_NEW, vec![rows.into()])).transpose()?.flatten();
        let new = new.as_deref().unwrap_or(rows);
        database.run(&INSERT_KEYS, vec![new.into(), import.number.into()])?;
        let source = Source::Import { search_row: import.search_row };
        merge(site, new, &source).map_err(|_| Problem::busy())?;
    }
    Ok(ImportPageReply { stored, changed, already_there: total - stored - changed, erased_before })
}

/// Erases what strangers have stored under the ids in an export. What an import stored before
/// stays.
fn erase_replaced(database: &Database, rows: &str) -> ApiResult<()> {
    let ids: Vec<String> = database.json(&SELECT_REPLACED, vec![rows.into()])?;
    if ids.is_empty() { Ok(()) } else { erase_responses(database, &ids) }
}

/// SQL of the response of a row `value`: by its key, or by its id.
const RESPONSE: &str = "ifnull((SELECT response FROM import_key WHERE key = unhex({row_key})), unhex({id}))";

/// Returns SQL of the value that a row `value` gives a column of the response `r`. Columns and
/// properties that the file does not have, by the JSON object `?2`, stay as they are.
///
/// Members of the properties stay in their places, so the same properties are the same text.
/// Properties beyond the most of a response change nothing.
fn given(name: &str) -> String {
    if name != "properties" {
        return format!("iif(?2 ->> '{name}', {{{name}}}, r.{name})");
    }
    format!(
        "(SELECT iif((SELECT count(*) FROM json_each(merged)) > {MAX_PROPERTIES}, r.properties, \
            nullif(merged, '{{}}')) FROM (SELECT json_patch(ifnull(r.properties, '{{}}'), json_patch( \
                iif(json_type(?2, '$.properties') = 'object', ?2 -> 'properties', \
                    (SELECT json_group_object(key, NULL) FROM json_each(r.properties))), \
                ifnull({{properties}}, '{{}}'))) AS merged))"
    )
}

/// Returns SQL of the condition under which a row `value` changes the response `r`.
fn differs() -> String {
    let stored: Vec<String> = IMPORTED_CONTENT.iter().map(|name| format!("r.{name}")).collect();
    let given: Vec<String> = IMPORTED_CONTENT.iter().map(|name| given(name)).collect();
    format!(
        "(r.channel = 'import' AND (({}) IS NOT ({}) OR r.at <> {{dated_at}}))",
        stored.join(", "),
        given.join(", ")
    )
}

/// Counts the rows whose responses were erased.
static COUNT_ERASED: LazyLock<String> = LazyLock::new(|| {
    statement(
        "value",
        "SELECT json_array(count(*)) FROM json_each(?) JOIN erased_row ON erased_row.key = unhex({row_key})",
    )
});

/// Selects the other rows.
static SELECT_LEFT: LazyLock<String> = LazyLock::new(|| {
    statement(
        "value",
        "SELECT json_group_array(json(value)) FROM json_each(?) \
            WHERE unhex({row_key}) NOT IN (SELECT key FROM erased_row)",
    )
});

/// Selects responses that the import replaces; see `VisitorRule::ReplaceOtherTime`.
static SELECT_REPLACED: LazyLock<String> = LazyLock::new(|| {
    statement(
        "value",
        "SELECT json_group_array(lower(hex(response.id))) \
    FROM json_each(?) JOIN response ON response.id = unhex({id}) \
    WHERE channel <> 'import' AND {visitor_rule} = 2 AND response.at <> {at}",
    )
});

/// Gives a key to responses that a collector of an earlier version has imported, and to those that
/// are meant by `VisitorRule::AdoptSameTime`.
static ADOPT: LazyLock<String> = LazyLock::new(|| {
    statement(
        "value",
        "INSERT INTO import_key (key, response, import) \
    SELECT unhex({row_key}), r.id, NULL FROM json_each(?) JOIN response AS r ON r.id = unhex({earlier_id}) \
    WHERE r.channel = 'import' OR ({visitor_rule} = 1 AND r.at = {at}) \
    ON CONFLICT DO NOTHING",
    )
});

/// Counts all rows, those that are new, and those that change their response.
static COUNT: LazyLock<String> = LazyLock::new(|| {
    let query = format!(
        "SELECT json_array(count(*), count(*) FILTER (WHERE r.id IS NULL), count(*) FILTER (WHERE {})) \
            FROM json_each(?1) LEFT JOIN response AS r ON r.id = {RESPONSE}",
        differs()
    );
    statement("value", &query)
});

/// Selects the rows that are new.
static SELECT_NEW: LazyLock<String> = LazyLock::new(|| {
    let query = format!(
        "SELECT json_group_array(json(value)) FROM json_each(?) \
            WHERE NOT EXISTS (SELECT 1 FROM response WHERE id = {RESPONSE})"
    );
    statement("value", &query)
});

/// Stores the keys of new rows.
static INSERT_KEYS: LazyLock<String> = LazyLock::new(|| {
    statement(
        "value",
        "INSERT INTO import_key (key, response, import) SELECT unhex({row_key}), unhex({id}), ?2 \
    FROM json_each(?1)",
    )
});

/// Keeps what the responses have that the rows will change.
static KEEP_EARLIER: LazyLock<String> = LazyLock::new(|| {
    let content: Vec<String> = IMPORTED_CONTENT.iter().map(|name| format!(", '{name}', r.{name}")).collect();
    let insert = format!(
        "INSERT INTO import_change (import, response, before) \
            SELECT ?3, r.id, json_object('at', r.at, 'timed', r.timed, 'columns', \
                json_set(?2, '$.dated', {{dated_at}} IS NOT NULL){}) \
            FROM json_each(?1) JOIN response AS r ON r.id = {RESPONSE} WHERE {} \
            ON CONFLICT DO NOTHING",
        content.concat(),
        differs()
    );
    statement("value", &insert)
});

/// Changes responses to the content of their rows. Where a time moves, the id no longer has it.
static CHANGE: LazyLock<String> = LazyLock::new(|| {
    let set: Vec<String> =
        IMPORTED_CONTENT.iter().map(|name| format!(", {name} = {}", given(name))).collect();
    let update = format!(
        "UPDATE response AS r SET timed = r.timed AND r.at IS ifnull({{dated_at}}, r.at), \
            day = iif(r.at IS ifnull({{dated_at}}, r.at), r.day, {{day}}), at = ifnull({{dated_at}}, r.at){} \
            FROM json_each(?1) WHERE r.id = {RESPONSE} AND {}",
        set.concat(),
        differs()
    );
    statement("value", &update)
});
