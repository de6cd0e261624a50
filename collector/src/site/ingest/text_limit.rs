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

/// Admits the text of a batch: `text_bytes` in all, of which some may be stored already. Returns
/// the bytes that were counted as new, or what is left of the batch where the day has no room.
pub fn admit(site: &SiteState, text_bytes: i64, rows: &str) -> ApiResult<(u64, Option<Deferred>)> {
    if text_bytes == 0 {
        return Ok((0, None));
    }
    let new = site.database.count(&NEW_TEXT, vec![rows.into()])?;
    let (mut budget, limit) = (budget(site)?, u64::from(site.settings()?.text_mb_per_day) * MB);
    if new > 0 && budget.used(today()).saturating_add(new) > limit {
        let [rows, positions]: [String; 2] = site.database.json(&WITHOUT_NEW_TEXT, vec![rows.into()])?;
        return Ok((0, Some(Deferred { rows, positions })));
    }
    let stored = budget.add(today(), new, limit);
    site.text_budget.set(Some(budget));
    if let Some(text) = stored {
        meta::set(&site.database, meta::TEXT_BUDGET, &text)?;
    }
    Ok((new, None))
}

/// Gives back what was counted for a batch that is not stored.
pub fn give_back(site: &SiteState, bytes: u64) -> ApiResult<()> {
    let budget = budget(site)?.less(today(), bytes);
    site.text_budget.set(Some(budget));
    Ok(())
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
