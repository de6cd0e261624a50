//! A response as the owner sees it, in JSON and in CSV. SQLite writes both: text crosses from
//! JavaScript once and is sent on unparsed.

use serde::Deserialize;
use worker::SqlStorageValue;

use crate::cursor::Cursor;
use crate::hex::parse_hex_id;
use crate::site::clock::iso_sql;
use crate::site::stored_names;

/// Names of the states of a case, by their number in the database.
pub const STATES: [&str; 3] = ["open", "in_progress", "done"];

/// Response that a page may hold: its time, its hexadecimal id and its approximate size in bytes.
#[derive(Deserialize)]
pub struct ListedRow(i64, String, usize);

/// SQL of the approximate size of a response in bytes. It reads lengths only, which lie in the head
/// of a row.
pub const SIZE: &str = "(500 + ifnull(octet_length(comment), 0) + ifnull(octet_length(page), 0)
    + ifnull(octet_length(properties), 0) + ifnull(octet_length(answers), 0)
    + ifnull(octet_length(tags), 0) + ifnull(octet_length(note), 0))";

impl ListedRow {
    /// Returns the position of the row in the list.
    pub fn cursor(&self) -> Cursor {
        Cursor { at_ms: self.0, id: parse_hex_id(&self.1) }
    }

    /// Returns the id as hexadecimal digits.
    pub fn hex_id(&self) -> &str {
        &self.1
    }

    /// Returns the approximate size in bytes.
    pub fn size_bytes(&self) -> usize {
        self.2
    }
}

/// Format of a row, as SQL.
pub struct RowFormat {
    /// SQL of the text of a row.
    pub text: String,
    /// Values in it.
    pub values: Vec<SqlStorageValue>,
}

/// SQL of the column `id` as a UUID with its hyphens.
const ID: &str =
    "lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) || '-' ||
    substr(hex(id), 17, 4) || '-' || substr(hex(id), 21))";
const CATEGORY: &str = "CASE WHEN score IS NULL THEN NULL WHEN score <= 6 THEN 'detractor'
    WHEN score <= 8 THEN 'passive' ELSE 'promoter' END";
const STATE: &str = "CASE state WHEN 0 THEN 'open' WHEN 1 THEN 'in_progress' WHEN 2 THEN 'done' END";
const DISMISSED: &str = "dismissed AND score IS NULL";
const CONTACT: &str = "(SELECT contact FROM contact WHERE contact.id = response.id)";

/// Returns the format of a JSON object. A function of SQL takes at most 32 arguments in an object,
/// so two objects are joined.
pub fn json() -> RowFormat {
    let text = format!(
        "rtrim(json_object(
            'properties', json(ifnull(properties, '{{}}')), 'answers', json(ifnull(answers, '{{}}')),
            'consents', json(ifnull(consents, '[]')), 'tags', json(ifnull(tags, '[]')),
            'note', note, 'state', {STATE}, 'assignee', assignee,
            'due_at', {}, 'contacted_at', {}, 'contact', {CONTACT}), '}}')
         || ',' ||
         ltrim(json_object('id', {ID}, 'at', {}, 'score', score, 'category', {CATEGORY}, 'comment', comment,
            'shown', json(iif(shown, 'true', 'false')), 'dismissed', json(iif({DISMISSED}, 'true', 'false')),
            'seconds', score_ms / 1000.0, 'channel', {}, 'variant', variant,
            'lang', lang, 'page', page, 'user', user), '{{')",
        iso_sql("due"),
        iso_sql("contacted"),
        iso_sql("at"),
        stored_names::channel_sql("channel"),
    );
    RowFormat { text, values: Vec::new() }
}

/// Columns of a CSV before those of the declared properties. An import reads columns with its own
/// names again.
const COLUMNS: [(&str, &str); 22] = [
    ("id", ID),
    ("at", "at"),
    ("score", "score"),
    ("comment", "comment"),
    ("variant", "variant"),
    ("lang", "lang"),
    ("page", "page"),
    ("category", CATEGORY),
    ("shown", "iif(shown, 'true', 'false')"),
    ("dismissed", "iif(dismissed AND score IS NULL, 'true', 'false')"),
    ("seconds", "score_ms / 1000.0"),
    ("channel", "channel"),
    ("user", "user"),
    ("consents", "(SELECT group_concat(value, ' ') FROM json_each(consents))"),
    ("contact", CONTACT),
    ("tags", "(SELECT group_concat(value, ' ') FROM json_each(tags))"),
    ("note", "note"),
    ("state", STATE),
    ("assignee", "assignee"),
    ("due_at", "due"),
    ("contacted_at", "contacted"),
    ("answers", "answers"),
];

/// Returns the first line of a CSV. Declared properties have a column each; `properties` has the
/// others as JSON.
pub fn csv_header(declared: &[String]) -> String {
    let safe = |name: &str| if name.starts_with(FORMULA) { format!("'{name}") } else { name.to_owned() };
    let quoted = with_column(declared).map(|name| format!("\"{}\"", safe(name)));
    let names = COLUMNS.iter().map(|(name, _)| (*name).to_owned()).chain(quoted).chain(["properties".into()]);
    names.collect::<Vec<_>>().join(",") + "\r\n"
}

/// Returns the format of a line of CSV (RFC 4180).
pub fn csv(declared: &[String]) -> RowFormat {
    let cells = COLUMNS.iter().map(|(name, column)| match *name {
        "at" | "due_at" | "contacted_at" => format!("ifnull({}, '')", iso_sql(column)),
        "score" | "seconds" => format!("ifnull({column}, '')"),
        "channel" => cell(&stored_names::channel_sql(column)),
        _ => cell(column),
    });
    let paths: Vec<SqlStorageValue> =
        with_column(declared).map(|name| format!("$.\"{name}\"").into()).collect();
    let properties = paths.iter().map(|_| cell("properties ->> ?"));
    let others = format!("nullif(json_remove(properties{}), '{{}}')", ", ?".repeat(paths.len()));
    let cells: Vec<String> = cells.chain(properties).chain([cell(&others)]).collect();
    RowFormat {
        text: cells.join(" || ',' || ") + " || char(13, 10)",
        values: [paths.clone(), paths].concat(),
    }
}

/// Returns the declared properties that have no column yet. Their names hold no quotes.
fn with_column(declared: &[String]) -> impl Iterator<Item = &str> {
    let taken = |name: &str| name == "properties" || COLUMNS.iter().any(|(column, _)| *column == name);
    declared.iter().map(String::as_str).filter(move |name| !taken(name))
}

/// First letters of a text that a spreadsheet takes for a formula (OWASP, "CSV Injection").
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Returns SQL of a text in quotes. A text that begins like a formula gets an apostrophe in front,
/// so that no spreadsheet runs it.
fn cell(column: &str) -> String {
    format!(
        "ifnull((SELECT '\"' || iif(c <> '' AND instr('=+-@' || char(9, 13), substr(c, 1, 1)) > 0, '''', '')
            || replace(c, '\"', '\"\"') || '\"' FROM (SELECT {column} AS c) WHERE c IS NOT NULL), '')"
    )
}
