//! Step to version 9: cells of days that share keys and the badge show; see `site::published`.
//!
//! A site without either has no rows here.

use crate::http::ApiResult;
use crate::site::database::Database;

/// Creates the table.
pub fn run(database: &Database) -> ApiResult<()> {
    let table = "CREATE TABLE published ( \
        variant TEXT NOT NULL, day INTEGER NOT NULL, cell TEXT NOT NULL, PRIMARY KEY (variant, day) \
    ) WITHOUT ROWID";
    database.run(table, vec![])?;
    Ok(())
}
