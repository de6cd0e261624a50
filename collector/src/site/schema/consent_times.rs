//! Step to version 11: times of consents, by which the later of two lists stays.
//!
//! Consents that were stored before have none, so any later list replaces them.

use crate::http::ApiResult;
use crate::site::database::Database;

/// Adds the column.
pub fn run(database: &Database) -> ApiResult<()> {
    database.run("ALTER TABLE response ADD COLUMN consents_ms INTEGER", vec![])?;
    Ok(())
}
