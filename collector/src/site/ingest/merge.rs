//! Merging rows into the table of responses. `collector_core::stored_response` has the rules of
//! each column.

use std::sync::LazyLock;

use collector_core::stored_response::merge_statement;

use crate::http::ApiResult;
use crate::site::clock::now_ms;
use crate::site::jobs::places;
use crate::site::state::SiteState;

static MERGE: LazyLock<String> = LazyLock::new(merge_statement);

/// Stores a JSON array of rows in one statement: all of them, or none and an error. Imported ones
/// have the rows from `search_row` on in the full-text index.
pub fn merge(site: &SiteState, rows: &str, search_row: Option<i64>) -> ApiResult<u64> {
    let (settings, now_ms) = (site.settings()?, now_ms());
    let (change, before, after) = settings.zone.around(now_ms);
    let values = vec![
        rows.into(),
        now_ms.into(),
        settings.survey.variant.as_str().into(),
        change.into(),
        before.into(),
        after.into(),
        search_row.into(),
    ];
    let written = site.database.run_frequent(&MERGE, values)?;
    places::check(site)?;
    Ok(written)
}
