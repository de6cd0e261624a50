//! Pages of an import.

use std::sync::LazyLock;

use collector_core::stored_response::statement;
use worker::Response;

use super::{merge, strip_brackets};
use crate::http::{ApiResult, Problem, response};
use crate::json_object;
use crate::protocol::{ImportContext, ImportPageReply};
use crate::site::jobs::{places, retention};
use crate::site::responses::erasure::erase_responses;
use crate::site::state::SiteState;

/// Returns what the Worker needs to read a file.
pub fn context(site: &SiteState) -> ApiResult<Response> {
    let zone = site.settings()?.zone.clone();
    let context = ImportContext { zone, first_kept_ms: retention::first_kept_ms(site)? };
    response::json_text(200, serde_json::to_vec(&context).map_err(Problem::internal)?)
}

/// Stores a page whose local days are of that zone: all of it, or nothing and an error.
pub async fn store_page(site: &SiteState, zone: &str, rows: &str) -> ApiResult<Response> {
    // Days of another zone would stay wrong where the job that recomputes them has already passed.
    if zone != site.settings()?.zone.name() {
        let detail = "The site's time zone was changed while this file was read. Send the file again; \
                      what is stored counts once.";
        return Err(Problem::conflict(detail));
    }
    let [total, new]: [i64; 2] = site.transaction(|| {
        erase_replaced(site, rows)?;
        let counts = site.database.json(&COUNT_NEW, vec![rows.into()])?;
        merge::merge(site, strip_brackets(rows)).map_err(|_| Problem::busy())?;
        Ok(counts)
    })?;
    places::schedule(site).await?;
    let reply = ImportPageReply { stored: new, already_there: (total - new).max(0) };
    response::json_text(200, json_object::to_json(&reply).into_bytes())
}

/// Erases what strangers have stored under the ids of imported responses. What an import stored
/// before stays.
fn erase_replaced(site: &SiteState, rows: &str) -> ApiResult<()> {
    site.database.run(&DELETE_REPLACED_CONTACTS, vec![rows.into()])?;
    let ids: Vec<String> = site.database.json(&SELECT_REPLACED, vec![rows.into()])?;
    if ids.is_empty() { Ok(()) } else { erase_responses(&site.database, &ids) }
}

/// Counts all rows and those whose id is new.
static COUNT_NEW: LazyLock<String> = LazyLock::new(|| {
    statement(
        "value",
        "SELECT json_array(count(*), count(DISTINCT unhex({id})) FILTER (WHERE response.id IS NULL))
            FROM json_each(?) LEFT JOIN response ON response.id = unhex({id})",
    )
});

/// Selects responses that the import replaces; see `stored_response::Replaces`.
static SELECT_REPLACED: LazyLock<String> = LazyLock::new(|| {
    statement(
        "value",
        "SELECT json_group_array(lower(hex(response.id)))
    FROM json_each(?) JOIN response ON response.id = unhex({id})
    WHERE channel <> 'import' AND ({replaces} = 1 OR ({replaces} = 2 AND response.at <> {at}))",
    )
});

/// Deletes contacts that go with a digest of a line, which are nobody's. A contact may be there
/// before its response.
static DELETE_REPLACED_CONTACTS: LazyLock<String> = LazyLock::new(|| {
    statement(
        "value",
        "DELETE FROM contact WHERE id IN (SELECT unhex({id}) FROM json_each(?) WHERE {replaces} = 1)",
    )
});
