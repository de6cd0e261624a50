//! Declared properties: those whose daily totals are kept.

use super::clock::now_ms;
use super::database::Database;
use super::scheduler::Task;
use super::state::SiteState;
use crate::http::ApiResult;
use crate::json_object::json_object;

json_object! {
    /// Property whose totals are kept.
    Property {
        /// Number of the property in the totals, such as [`CHANNEL_SLOT`].
        slot: i64,
        name: String,
        /// Whether every response is counted.
        is_complete: bool,
    }
}

/// Slot of the channel, which every response has.
pub const CHANNEL_SLOT: i64 = 0;

/// Returns the properties whose totals are kept, the channel first.
pub fn list(database: &Database) -> ApiResult<Vec<Property>> {
    database.objects(
        "SELECT json_group_array(json_object('slot', slot, 'name', name,
            'is_complete', json(iif(length(upto) > 16, 'true', 'false'))))
         FROM (SELECT * FROM property ORDER BY slot)",
        vec![],
    )
}

/// Keeps the totals of these properties, and of no others besides the channel.
pub fn set_tracked_properties(site: &SiteState, names: &[String]) -> ApiResult<()> {
    let tracked = list(&site.database)?;
    for removed in tracked.iter().filter(|known| known.slot > CHANNEL_SLOT && !names.contains(&known.name)) {
        for statement in [
            "DELETE FROM day WHERE property = ?",
            "DELETE FROM value WHERE property = ?",
            "DELETE FROM property WHERE slot = ?",
        ] {
            site.database.run(statement, vec![removed.slot.into()])?;
        }
        site.scheduler.cancel(Task::Backfill, &removed.name)?;
    }
    for name in names.iter().filter(|name| tracked.iter().all(|known| known.name != **name)) {
        // An `upto` below every id: a response that comes in meanwhile is counted when the backfill
        // gets there.
        site.database.run(
            "INSERT INTO property (name, path, upto) VALUES (?, ?, x'')",
            vec![name.as_str().into(), format!("$.\"{name}\"").into()],
        )?;
        site.scheduler.schedule(Task::Backfill, name, now_ms())?;
    }
    Ok(())
}
