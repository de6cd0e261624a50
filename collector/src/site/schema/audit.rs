//! Step after which a site has an audit log.

use crate::http::ApiResult;
use crate::site::database::Database;

/// Creates the table. `key` is the id of a key; it is null for the operator.
pub fn run(database: &Database) -> ApiResult<()> {
    database.run(
        "CREATE TABLE audit ( \
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, role TEXT NOT NULL, key TEXT, name TEXT, \
            action TEXT NOT NULL, object TEXT \
        )",
        vec![],
    )?;
    database.run("CREATE INDEX audit_action ON audit (action)", vec![])?;
    Ok(())
}
