//! Summaries: one message for a chat instead of many that wait.

use collector_core::webhook::{MAX_CHAT_BACKLOG, Summary};

use super::queue::{NewDelivery, enqueue};
use super::store::Webhook;
use crate::http::ApiResult;
use crate::site::state::SiteState;

/// SQL of the category of a delivery. Older rows have none; the event tells that of most.
const CATEGORY: &str = "ifnull(category, iif(event IN ('detractor', 'promoter'), event, NULL))";

/// Replaces the responses that wait for a chat by one summary, where there are too many. They stay
/// in the list as `summarized`, and each may be replayed.
///
/// A summary that waits itself is counted in the new one, so there is one at most.
pub fn summarize_backlog(site: &SiteState, webhook: &Webhook) -> ApiResult<()> {
    let id = || webhook.id.as_str().into();
    let waiting = format!(
        "SELECT json_array(count(*)) FROM delivery \
            WHERE webhook = ? AND state IN ('pending', 'sending') AND state = 'pending' \
              AND {CATEGORY} IS NOT NULL"
    );
    if site.database.count(&waiting, vec![id()])? <= u64::from(MAX_CHAT_BACKLOG) {
        return Ok(());
    }
    let (event, _) = Summary::NAMES;
    let summary = enqueue(site, webhook, &NewDelivery { event, subject: "", body: "", category: None })?;
    let reason = format!("Counted in the summary {summary}.");
    for condition in [
        "state = 'summarized' AND summary IN (SELECT id FROM delivery \
            WHERE webhook = ?1 AND state = 'pending' AND event = 'summary')"
            .to_owned(),
        format!("state = 'pending' AND ({CATEGORY} IS NOT NULL OR event = 'summary')"),
    ] {
        let update = format!(
            "UPDATE delivery SET state = 'summarized', summary = ?2, reason = ?3 \
                WHERE webhook = ?1 AND id <> ?2 AND {condition}"
        );
        site.database.run(&update, vec![id(), summary.into(), reason.as_str().into()])?;
    }
    let counts = format!(
        "SELECT json_array( \
            ifnull(sum({CATEGORY} = 'detractor'), 0), ifnull(sum({CATEGORY} = 'passive'), 0), \
            ifnull(sum({CATEGORY} = 'promoter'), 0), ifnull(min(created), 0), ifnull(max(created), 0)) \
         FROM delivery WHERE webhook = ? AND state = 'summarized' AND summary = ? AND event <> 'summary'"
    );
    let (detractors, passives, promoters, from_ms, to_ms): (u64, u64, u64, i64, i64) =
        site.database.json(&counts, vec![id(), summary.into()])?;
    let counted = Summary { detractors, passives, promoters, from_ms, to_ms };
    let body = counted.slack(&site.settings()?.name);
    site.database.run("UPDATE delivery SET body = ? WHERE id = ?", vec![body.into(), summary.into()])?;
    Ok(())
}
