//! Declared properties: those whose daily totals are kept.

use worker::SqlStorageValue;

use super::clock::now_ms;
use super::database::Database;
use super::scheduler::Task;
use super::schema::daily_totals::{COMPLETE, MAX_VALUES, OTHER};
use super::site_settings::SiteSettings;
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
        /// Whether responses may be counted as other.
        is_full: bool,
        /// Whether the owner has set the values.
        is_listed: bool,
    }
}

/// Slot of the channel, which every response has.
pub const CHANNEL_SLOT: i64 = 0;

/// Returns the properties whose totals are kept, the channel first.
pub fn list(database: &Database) -> ApiResult<Vec<Property>> {
    database.objects(
        "SELECT json_group_array(json_object('slot', slot, 'name', name, \
            'is_complete', json(iif(length(upto) > 16, 'true', 'false')), \
            'is_full', json(iif(is_full, 'true', 'false')), \
            'is_listed', json(iif(is_listed, 'true', 'false')))) \
         FROM (SELECT * FROM property ORDER BY slot)",
        vec![],
    )
}

/// Frees the places of values to which no total refers any more: their responses were erased or
/// marked.
pub fn free_places(database: &Database) -> ApiResult<()> {
    let of_totals = "(property, number) NOT IN (SELECT DISTINCT property, value FROM day)";
    let free = format!(
        "DELETE FROM value WHERE length(upto) > 16 AND property IN (SELECT slot FROM property \
            WHERE slot > 0 AND NOT is_listed AND length(upto) > 16) AND {of_totals}"
    );
    database.run(&free, vec![])?;
    // Without responses that are counted as other, a new value has no older ones among them.
    let open = format!(
        "UPDATE property SET is_full = 0 WHERE is_full = 1 \
            AND (SELECT count(*) FROM value WHERE property = slot) < {MAX_VALUES} \
            AND NOT EXISTS (SELECT 1 FROM day WHERE property = slot AND value = {OTHER})"
    );
    database.run(&open, vec![]).map(|_| ())
}

/// Keeps the totals of the declared properties, and of no others besides the channel. A property
/// whose values were set anew is counted anew.
pub fn set_tracked_properties(
    site: &SiteState,
    before: Option<&SiteSettings>,
    after: &SiteSettings,
) -> ApiResult<()> {
    let was_changed =
        |name: &str| before.is_some_and(|before| before.values.get(name) != after.values.get(name));
    let names = &after.properties;
    let mut tracked = list(&site.database)?;
    for removed in tracked.extract_if(.., |known| {
        known.slot > CHANNEL_SLOT && (!names.contains(&known.name) || was_changed(&known.name))
    }) {
        for statement in [
            "DELETE FROM day WHERE property = ?",
            "DELETE FROM value WHERE property = ?",
            "DELETE FROM property WHERE slot = ?",
        ] {
            site.database.run(statement, vec![removed.slot.into()])?;
        }
        site.scheduler.cancel(Task::Backfill, &removed.name)?;
    }
    let has_responses =
        site.database.count("SELECT json_array(EXISTS (SELECT 1 FROM response))", vec![])? > 0;
    // An `upto` below every id: a response that comes in meanwhile is counted when the backfill
    // gets there. Without responses every one is counted already.
    let upto = if has_responses { Vec::new() } else { COMPLETE.to_vec() };
    for name in names.iter().filter(|name| tracked.iter().all(|known| known.name != **name)) {
        site.database.run(
            "INSERT INTO property (name, path, upto, is_listed) VALUES (?, ?, ?, ?)",
            vec![
                name.as_str().into(),
                format!("$.\"{name}\"").into(),
                SqlStorageValue::Blob(upto.clone()),
                i32::from(after.values.contains_key(name)).into(),
            ],
        )?;
        if let Some(values) = after.values.get(name) {
            site.database.run(
                "INSERT INTO value (property, number, text) SELECT slot, key + 1, value \
                    FROM property, json_each(?2) WHERE name = ?1",
                vec![name.as_str().into(), values.to_string().into()],
            )?;
        }
        if has_responses {
            site.scheduler.schedule(Task::Backfill, name, now_ms())?;
        }
    }
    Ok(())
}
