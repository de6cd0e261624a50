//! Totals of a property that was declared later: a page at a time, in the order of ids.

use api::ResponseId;
use worker::SqlStorageValue;

use super::PAGE;
use crate::http::ApiResult;
use crate::site::clock::now_ms;
use crate::site::scheduler::Task;
use crate::site::schema::daily_totals::COMPLETE;
use crate::site::state::SiteState;

/// Counts one more page of responses for a property. Raising its `upto` counts them, by a trigger.
pub fn backfill_property(site: &SiteState, name: &str) -> ApiResult<()> {
    let next = "SELECT lower(hex(id)) FROM response \
            WHERE id > (SELECT upto FROM property WHERE name = ?) ORDER BY id LIMIT 1 OFFSET ?";
    let next = site.database.text(next, vec![name.into(), (PAGE - 1).into()])?;
    let (upto, has_more) = match next.as_deref().and_then(ResponseId::from_hex) {
        Some(id) => (id.bytes().to_vec(), true),
        None => (COMPLETE.to_vec(), false),
    };
    let values = vec![SqlStorageValue::Blob(upto), name.into()];
    site.database.run("UPDATE property SET upto = ? WHERE name = ?", values)?;
    match has_more {
        true => site.scheduler.reschedule(Task::Backfill, name, now_ms()),
        false => site.scheduler.cancel(Task::Backfill, name),
    }
}
