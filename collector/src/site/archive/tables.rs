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
const READ: &str = r#"
    WITH col AS (
        SELECT pk, type, '"' || name || '"' AS name,
            iif(type = 'BLOB', 'iif("' || name || '" IS NULL, NULL, hex("' || name || '"))', '"' || name || '"')
                AS encoded
        FROM pragma_table_info(?1)
    ), part AS (
        SELECT group_concat('''' || name || ':'' || json_quote(' || encoded || ')', ' || '','' || ') AS row,
            group_concat(encoded, ', ' ORDER BY pk) FILTER (WHERE pk > 0) AS cursor,
            group_concat(name, ', ' ORDER BY pk) FILTER (WHERE pk > 0) AS keys,
            group_concat(iif(type = 'BLOB', 'unhex(?1 ->> ' || pk || ')', '?1 ->> ' || pk), ', ' ORDER BY pk)
                FILTER (WHERE pk > 0) AS after
        FROM col
    )
    SELECT 'SELECT json_array(''' || ?1 || ''', ' || cursor || ') || char(10)
            || ''{"table":"' || ?1 || '","row":{'' || ' || row || ' || ''}}'' FROM ' || ?1
        || iif(?2, ' WHERE (' || keys || ') > (' || after || ')', '') || ' ORDER BY ' || keys || ' LIMIT 500'
    FROM part"#;

/// Returns the SQL that inserts the rows of a table, given its name.
const INSERT: &str = r#"
    WITH col AS (
        SELECT '"' || name || '"' AS name, type, 'value ->> ''$.row.' || name || '''' AS archived
        FROM pragma_table_info(?1)
    )
    SELECT 'INSERT INTO ' || ?1 || ' (' || group_concat(name, ', ') || ') SELECT '
        || group_concat(iif(type = 'BLOB', 'unhex(' || archived || ')', archived), ', ')
        || ' FROM json_each(?1) WHERE value ->> ''$.table'' = ''' || ?1 || ''' ON CONFLICT DO NOTHING'
    FROM col"#;

/// Describes the first line that is no row of these tables. The parameters are a JSON array of
/// lines, one of the tables, and the number of the line before.
pub const FIND_INVALID: &str = r#"
    WITH line AS MATERIALIZED (
        SELECT key AS number, iif(type = 'object', value ->> '$.table', NULL) AS name,
            iif(type = 'object', value -> '$.row', NULL) AS row FROM json_each(?1)
    ), declared AS MATERIALIZED (
        SELECT t.value AS tbl, i.name, i.type, i."notnull" OR i.pk AS required
        FROM json_each(?2) AS t, pragma_table_info(t.value) AS i
    )
    SELECT 'Line ' || CAST(?3 + number + 2 AS INTEGER) || ' is not a row of an archive. Table `'
        || substr(ifnull(tbl, ''), 1, 60) || '`, column `' || substr(ifnull(col, ''), 1, 60)
        || '`: it is unknown in this schema version, or its value has another type.'
    FROM (
        SELECT number, name AS tbl, NULL AS col FROM line
        WHERE row IS NULL OR name IS NULL OR name NOT IN (SELECT tbl FROM declared)
        UNION ALL
        SELECT number, line.name, cell.key FROM line, json_each(line.row) AS cell
        WHERE NOT EXISTS (SELECT 1 FROM declared WHERE tbl = line.name AND declared.name = cell.key)
        UNION ALL
        SELECT number, line.name, declared.name FROM line JOIN declared ON tbl = line.name
        WHERE CASE ifnull(json_type(row, '$.' || declared.name), 'null')
            WHEN 'null' THEN required
            WHEN 'integer' THEN declared.type <> 'INTEGER'
            WHEN 'text' THEN declared.type = 'INTEGER'
                OR (declared.type = 'BLOB' AND unhex(row ->> declared.name) IS NULL)
            ELSE 1 END
    ) LIMIT 1"#;
