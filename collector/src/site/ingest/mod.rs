//! Storing responses: messages of visitors and pages of an import.
//!
//! **Imported responses** are changed by their owner only. Their ids are random, but an export has
//! them, and those of earlier versions are digests that anybody who knows a line can compute.
//! - A message under such an id changes nothing: not the row, not the contact, and no webhook is
//!   sent. Its sender reads `stored`, as for any message that comes again. To refuse it would tell
//!   strangers which lines were imported, and no browser shows the survey under such an id.
//! - Where a message was first under an id in an export, the import replaces what it left.
//!
//! **Contact details** go to a table of their own, in one transaction with the response: an erased
//! or refused response leaves no contact behind.

pub mod commit_queue;
pub mod import;
mod merge;
pub mod text_limit;

use std::sync::LazyLock;

use collector_core::category;
use collector_core::stored_response::statement;
use nps::Category;

use super::clock::now_ms;
use super::jobs::places;
use super::sightings;
use super::state::SiteState;
use super::webhooks::events;
use crate::http::ApiResult;
use crate::identity::IdentityRule;
use crate::protocol::Ingest;

/// Result of storing a batch.
pub enum Stored {
    Whole,
    /// The texts of some messages are left out; a JSON array of their positions.
    Deferred(String),
    /// Nothing is stored, since users count by this rule and were checked by another.
    Refused(IdentityRule),
}

/// Stores a batch of messages, a JSON array of rows. Returns when the database has them; the
/// runtime holds the reply back until they are on disk.
///
/// Where the site takes no more text today, new texts are left out.
pub async fn store(site: &SiteState, batch: &Ingest, rows: &str) -> ApiResult<Stored> {
    let settings = site.settings()?;
    settings.check_origin(batch.origin.as_deref()).inspect_err(|_| {
        sightings::count_refused(site, batch.origin.as_deref().unwrap_or_default(), batch.count);
    })?;
    if let Some(checked_by) = &batch.identity {
        let rule = IdentityRule::new(&settings, now_ms());
        if !rule.agrees_with(checked_by) {
            return Ok(Stored::Refused(rule));
        }
    }
    site.limits.check_messages(batch.visitor, batch.count.unsigned_abs())?;
    let (new_text, deferred) = text_limit::admit(site, batch.text_bytes, rows)?;
    let rows = deferred.as_ref().map_or(rows, |deferred| deferred.rows.as_str());
    let stored =
        site.commits.store(&site.database, strip_brackets(rows), batch.has_contact, |rows, has_contact| {
            match has_contact {
                true => site.transaction(|| {
                    let contacts = vec![format!("[{rows}]").into(), now_ms().into()];
                    site.database.run(&UPSERT_CONTACTS, contacts)?;
                    merge::merge(site, rows, None)
                }),
                false => merge::merge(site, rows, None),
            }
        });
    if let Err(problem) = stored.await {
        text_limit::give_back(site, new_text)?;
        return Err(problem);
    }
    places::schedule(site).await?;
    if site.webhooks.has_any() {
        site.database.run(&SCHEDULE_EVENTS, vec![rows.into(), now_ms().into()])?;
        events::schedule_overdue(site)?;
        site.scheduler.set_alarm().await?;
    }
    let deferred = deferred.map(|deferred| deferred.positions).filter(|positions| positions != "[]");
    Ok(deferred.map_or(Stored::Whole, Stored::Deferred))
}

/// Returns the elements of a JSON array, with commas between.
fn strip_brackets(array: &str) -> &str {
    array.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(array)
}

/// Stores contact details; the latest ones count.
static UPSERT_CONTACTS: LazyLock<String> = LazyLock::new(|| {
    statement(
        "value",
        "INSERT INTO contact (id, contact, at)
    SELECT unhex({id}), {contact}, ?2 FROM json_each(?1) WHERE {contact} IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM response WHERE id = unhex({id}) AND channel = 'import')
    ON CONFLICT (id) DO UPDATE SET contact = excluded.contact WHERE contact <> excluded.contact",
    )
});

/// Schedules the webhook events of responses: ten seconds after a comment, or forty after a score,
/// so that one event has both. An event that was sent is not sent again, unless a promoter has
/// agreed to be named since (see `webhooks::events`).
static SCHEDULE_EVENTS: LazyLock<String> = LazyLock::new(|| {
    let is_promoter = category::is_sql(Category::Promoter, "response.");
    let template = "INSERT INTO due (kind, subject, at)
    SELECT 'response', lower({id}), ?2 + iif({comment} IS NULL, 40000, 10000)
    FROM json_each(?1) JOIN response ON response.id = unhex({id})
    WHERE ({score} IS NOT NULL OR {comment} IS NOT NULL OR {consents} IS NOT NULL)
      AND channel <> 'import' AND response.mark IS NULL
      AND (told & 1 = 0 OR (told & 2 = 0 AND response.consents IS NOT NULL AND {is_promoter}))
    ON CONFLICT (kind, subject) DO UPDATE SET at = min(at, excluded.at)";
    statement("value", &template.replace("{is_promoter}", &is_promoter))
});
