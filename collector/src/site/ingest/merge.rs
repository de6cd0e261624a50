//! Merging rows into the table of responses. `collector_core::stored_response` has the rules of
//! each column.

use std::sync::LazyLock;

use collector_core::stored_response::merge_statement;

use crate::http::ApiResult;
use crate::site::clock::now_ms;
use crate::site::jobs::places;
use crate::site::state::SiteState;

static MERGE: LazyLock<String> = LazyLock::new(|| merge_statement(false));
static MERGE_SORTED: LazyLock<String> = LazyLock::new(|| merge_statement(true));

/// Source of rows.
pub enum Source {
    /// So many messages of visitors.
    Messages(u64),
    /// An import, whose responses have the rows from `search_row` on in the full-text index.
    Import { search_row: i64 },
}

/// Stores a JSON array of rows in one statement: all of them, or none and an error.
pub fn merge(site: &SiteState, rows: &str, source: &Source) -> ApiResult<u64> {
    let (statement, search_row) = match source {
        Source::Messages(0 | 1) => (&MERGE, None),
        Source::Messages(_) => (&MERGE_SORTED, None),
        Source::Import { search_row } => (&MERGE, Some(*search_row)),
    };
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
    let written = site.database.run_frequent(statement, values)?;
    places::check(site)?;
    Ok(written)
}
