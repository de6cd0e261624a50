//! Local days of responses after the site's time zone was changed: a page at a time, in the order
//! of ids.

use serde_json::{Value, json};

use super::PAGE;
use crate::http::ApiResult;
use crate::site::clock::now_ms;
use crate::site::meta;
use crate::site::scheduler::Task;
use crate::site::state::SiteState;

/// The name in `meta` of the last id that was moved.
const UPTO: &str = "zone_upto";

/// Begins to recompute the local day of every response.
pub fn start(site: &SiteState) -> ApiResult<()> {
    meta::set(&site.database, UPTO, "")?;
    site.scheduler.schedule(Task::Rezone, "", now_ms())
}

/// Moves a page of responses to their day in the current time zone.
pub fn recompute_local_days(site: &SiteState) -> ApiResult<()> {
    let upto = meta::get(&site.database, UPTO)?.unwrap_or_default();
    let page = "SELECT json_group_array(json_array(hex(id), at)) FROM \
        (SELECT id, at FROM response WHERE id > unhex(?) ORDER BY id LIMIT ?)";
    let rows: Vec<(String, i64)> = site.database.json(page, vec![upto.into(), PAGE.into()])?;
    let settings = site.settings()?;
    let days: Vec<Value> =
        rows.iter().map(|(id, at)| json!([id, settings.zone.day_of(*at).number()])).collect();
    site.database.run(
        "UPDATE response SET day = given.value ->> 1 FROM json_each(?) AS given \
         WHERE response.id = unhex(given.value ->> 0) AND response.day IS NOT given.value ->> 1",
        vec![Value::Array(days).to_string().into()],
    )?;
    match rows.last().filter(|_| rows.len() == PAGE as usize) {
        Some((last, _)) => {
            meta::set(&site.database, UPTO, last)?;
            site.scheduler.reschedule(Task::Rezone, "", now_ms())
        }
        None => {
            meta::set(&site.database, UPTO, "")?;
            site.scheduler.cancel(Task::Rezone, "")
        }
    }
}
