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

mod commit;
pub mod commit_queue;
pub mod import;
mod merge;
pub mod text_limit;

use std::rc::Rc;

use self::commit::{Batch, Committed};
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
pub async fn store(site: &Rc<SiteState>, batch: Ingest, rows: String) -> ApiResult<Stored> {
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
    let Ingest { has_contact, text_bytes, count, .. } = batch;
    let count = count.unsigned_abs();
    let committed = commit_queue::store(site, Batch { rows, has_contact, text_bytes, count }).await?;
    places::schedule(site).await?;
    if site.webhooks.has_any() {
        events::schedule_overdue(site)?;
        site.scheduler.set_alarm().await?;
    }
    Ok(match committed {
        Committed::Whole => Stored::Whole,
        Committed::Deferred(positions) => Stored::Deferred(positions),
    })
}

/// Returns the elements of a JSON array, with commas between.
fn strip_brackets(array: &str) -> &str {
    array.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(array)
}
