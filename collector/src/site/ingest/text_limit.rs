//! Limit of new text that the site takes in a day.

use std::sync::LazyLock;

use collector_core::Zone;
use collector_core::stored_response::{new_text_query, without_new_text_query};
use collector_core::text_budget::TextBudget;

use crate::http::ApiResult;
use crate::site::clock::now_ms;
use crate::site::meta;
use crate::site::state::SiteState;

/// Bytes of a megabyte.
const MB: u64 = 1_000_000;

static NEW_TEXT: LazyLock<String> = LazyLock::new(new_text_query);
static WITHOUT_NEW_TEXT: LazyLock<String> = LazyLock::new(without_new_text_query);

/// Rows whose new texts are taken out, and the positions of the rows that had any, as JSON.
pub struct Deferred {
    pub rows: String,
    pub positions: String,
}

/// Returns the bytes of a batch that are new: of `text_bytes` some may be stored already. `None`
/// where the day has no room for them.
pub fn admit(site: &SiteState, text_bytes: i64, rows: &str) -> ApiResult<Option<u64>> {
    if text_bytes == 0 {
        return Ok(Some(0));
    }
    let new = site.database.count(&NEW_TEXT, vec![rows.into()])?;
    let used = budget(site)?.used(today());
    Ok((new == 0 || used.saturating_add(new) <= limit(site)?).then_some(new))
}

/// Takes the new texts out of rows.
pub fn without_new_text(site: &SiteState, rows: &str) -> ApiResult<Deferred> {
    let [rows, positions]: [String; 2] = site.database.json(&WITHOUT_NEW_TEXT, vec![rows.into()])?;
    Ok(Deferred { rows, positions })
}

/// Counts new bytes that were stored.
pub fn count(site: &SiteState, bytes: u64) -> ApiResult<()> {
    let mut budget = budget(site)?;
    let stored = budget.add(today(), bytes, limit(site)?);
    site.text_budget.set(Some(budget));
    match stored {
        Some(text) => meta::set(&site.database, meta::TEXT_BUDGET, &text),
        None => Ok(()),
    }
}

/// Returns the bytes that a day takes.
fn limit(site: &SiteState) -> ApiResult<u64> {
    Ok(u64::from(site.settings()?.text_mb_per_day) * MB)
}

/// Returns the use of the budget, which is in memory and now and then in `meta`.
fn budget(site: &SiteState) -> ApiResult<TextBudget> {
    if let Some(budget) = site.text_budget.get() {
        return Ok(budget);
    }
    let stored = meta::get(&site.database, meta::TEXT_BUDGET)?;
    let budget = TextBudget::parse(&stored.unwrap_or_default());
    site.text_budget.set(Some(budget));
    Ok(budget)
}

/// Returns the day in UTC.
fn today() -> i32 {
    Zone::utc().day_of(now_ms()).number()
}
