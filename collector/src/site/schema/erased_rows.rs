//! Step to version 10: rows of files whose responses the owner has erased.
//!
//! No import brings such a response back. Its rows are known by their keys, of which an import
//! counts those that it has met in `import.erased_before`.

use crate::http::ApiResult;
use crate::site::database::Database;

const STATEMENTS: [&str; 2] = [
    "CREATE TABLE erased_row (key BLOB PRIMARY KEY) WITHOUT ROWID",
    "ALTER TABLE import ADD COLUMN erased_before INTEGER NOT NULL DEFAULT 0",
];

/// Changes the tables. What was erased before is not known.
pub fn run(database: &Database) -> ApiResult<()> {
    STATEMENTS.iter().try_for_each(|statement| database.run(statement, vec![]).map(|_| ()))
}
