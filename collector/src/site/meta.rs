//! Single values of a site by name, in the table `meta`.

use super::database::Database;
use crate::http::ApiResult;

/// Version of the tables.
pub const SCHEMA: &str = "schema";
/// Id of the site.
pub const SITE: &str = "site";
/// Settings of the site, as JSON.
pub const SETTINGS: &str = "settings";
/// Origins whose pages requested the loader, and invalid invitations, as JSON.
pub const SIGHTINGS: &str = "sightings";
/// Bytes of text that a day has taken; see `TextBudget`.
pub const TEXT_BUDGET: &str = "text_budget";

/// Last response whose comment is in the index of words, as an upper-case hexadecimal id; absent
/// once all are.
pub const WORDS_UPTO: &str = "words_upto";

/// Last response whose tags are in the index of tags, likewise.
pub const TAGS_UPTO: &str = "tags_upto";

/// Returns a value.
pub fn get(database: &Database, name: &str) -> ApiResult<Option<String>> {
    database.text("SELECT value FROM meta WHERE name = ?", vec![name.into()])
}

/// Stores a value.
pub fn set(database: &Database, name: &str, value: &str) -> ApiResult<()> {
    let upsert = "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)";
    database.run(upsert, vec![name.into(), value.into()])?;
    Ok(())
}

/// Removes a value.
pub fn remove(database: &Database, name: &str) -> ApiResult<()> {
    database.run("DELETE FROM meta WHERE name = ?", vec![name.into()])?;
    Ok(())
}
