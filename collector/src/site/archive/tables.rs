//! Tables of an archive, read and written by what the database says of their columns.
//!
//! A blob is text of hexadecimal digits in an archive. Numbers never leave the text: some have more
//! digits than JavaScript's can hold.

use serde_json::Value;

use crate::http::ApiResult;
use crate::site::database::Database;

/// The most rows of a page.
pub const PAGE: usize = 500;

/// Every table, in the order in which rows are restored. Properties and their values come before
/// the responses that are counted by them, and a contact comes after its response.
pub const ALL: [&str; 18] = [
    "key",
    "survey",
    "published",
    "property",
    "value",
    "response",
    "contact",
    "import",
    "import_key",
    "import_change",
    "erased_row",
    "note",
    "webhook",
    "delivery",
    "attempt",
    "audit",
    "due",
    "meta",
];

/// Position in an archive.
#[derive(Default)]
pub struct Position {
    /// Index of the table in [`ALL`].
    table: usize,
    /// JSON array of the table's name and the key of the row before; `None` at the first row.
    after: Option<String>,
}

impl Position {
    /// Parses a cursor: a JSON array of the name of a table and, but for its first row, a key.
    pub fn parse(text: &str) -> Option<Self> {
        let cursor: Value = serde_json::from_str(text).ok()?;
        let (name, key) = cursor.as_array()?.split_first()?;
        let table = ALL.iter().position(|table| name == table)?;
        Some(Self { table, after: (!key.is_empty()).then(|| text.to_owned()) })
    }

    /// Returns the cursor of the first row of the next table.
    pub fn next_table(&self) -> Option<String> {
        ALL.get(self.table + 1).map(|table| ["[\"", table, "\"]"].concat())
    }

    /// Reads a page of rows of the table. Each is its cursor, a line feed, and its line of the
    /// archive.
    pub fn read(&self, database: &Database) -> ApiResult<Vec<String>> {
        let Some(table) = ALL.get(self.table) else { return Ok(Vec::new()) };
        let query = database.text(READ, vec![(*table).into(), i32::from(self.after.is_some()).into()])?;
        let values = self.after.iter().map(|after| after.as_str().into()).collect();
        database.texts(&query.unwrap_or_default(), values)
    }
}

/// Inserts rows of one table, given a JSON array of lines; those of other tables are left out. Rows
/// that a new site has already stay as they are.
pub fn insert(database: &Database, table: &str, lines: &str) -> ApiResult<()> {
    let insert = database.text(INSERT, vec![table.into()])?;
    database.run(&insert.unwrap_or_default(), vec![lines.into()]).map(|_| ())
}

/// Returns the SQL that reads a page of a table, given its name and whether the page is after a
/// row, whose cursor is the parameter of that SQL. It writes a line of the archive itself: a call
/// of `json_object` takes fewer arguments than the largest table has columns.
const READ: &str = include_str!("read_rows.sql");

/// Returns the SQL that inserts the rows of a table, given its name.
const INSERT: &str = include_str!("insert_rows.sql");

/// Describes the first line that is no row of these tables. The parameters are a JSON array of
/// lines, one of the tables, and the number of the line before.
pub const FIND_INVALID: &str = include_str!("find_invalid.sql");
