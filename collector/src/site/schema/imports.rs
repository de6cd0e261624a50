//! Step that adds the tables of imports: what each file brought, and by which key its rows are
//! known.

use crate::http::ApiResult;
use crate::site::database::Database;

/// Tables of imports.
const TABLES: [&str; 6] = [
    // `number` orders the imports and is never given twice. `file` is the digest of a file with its
    // options, `details` what was read from it. `upto` is the last response that an undo passed.
    "CREATE TABLE import ( \
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, \
        file TEXT NOT NULL, key TEXT, key_name TEXT, details TEXT NOT NULL, state TEXT NOT NULL, \
        stored INTEGER NOT NULL DEFAULT 0, changed INTEGER NOT NULL DEFAULT 0, \
        already_there INTEGER NOT NULL DEFAULT 0, upto BLOB NOT NULL DEFAULT x'' \
    )",
    // Several keys may lead to one response. `import` is the import that created the response; null
    // where another did, or a collector of an earlier version.
    "CREATE TABLE import_key (key BLOB PRIMARY KEY, response BLOB NOT NULL, import INTEGER) WITHOUT ROWID",
    "CREATE INDEX import_key_response ON import_key (response, import)",
    // What a response had before an import changed it.
    "CREATE TABLE import_change ( \
        import INTEGER NOT NULL, response BLOB NOT NULL, before TEXT NOT NULL, \
        PRIMARY KEY (import, response) \
    ) WITHOUT ROWID",
    "CREATE INDEX import_change_response ON import_change (response)",
    // Nothing of an erased response stays.
    "CREATE TRIGGER import_removed AFTER DELETE ON response BEGIN \
        DELETE FROM import_key WHERE response = OLD.id; \
        DELETE FROM import_change WHERE response = OLD.id; \
     END",
];

/// Creates the tables. Responses that were imported before get their keys when their file is
/// imported again.
pub fn run(database: &Database) -> ApiResult<()> {
    TABLES.iter().try_for_each(|statement| database.run(statement, vec![]).map(|_| ()))
}
