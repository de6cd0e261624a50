//! A response as the owner sees it, in JSON and in CSV. SQLite writes both: text crosses the border once and is sent on as it came.

use api::ResponseId;
use serde::Deserialize;
use worker::SqlStorageValue;

use super::Place;
use crate::row::id_of;
use crate::site::clock::iso_of;

/// The words for the states of a case, by their number.
pub const STATES: [&str; 3] = ["open", "in_progress", "done"];

/// Response that a page may hold: its time, its id and about how many bytes it has.
#[derive(Deserialize)]
pub struct Listed(i64, String, pub usize);

/// SQL of about how many bytes a response has. It reads lengths only, which lie in the head of a row.
pub const SIZE: &str = "(ifnull(octet_length(comment), 0) + ifnull(octet_length(page), 0) + ifnull(octet_length(properties), 0)
    + ifnull(octet_length(answers), 0) + ifnull(octet_length(tags), 0) + ifnull(octet_length(note), 0) + 500)";

impl Listed {
    pub fn place(&self) -> Place {
        Place { at: self.0, id: self.id() }
    }

    /// Its id, in hexadecimal digits.
    pub fn hex(&self) -> &str {
        &self.1
    }

    fn id(&self) -> ResponseId {
        id_of(&self.1)
    }
}

/// How rows are to be written.
#[derive(Clone)]
pub struct Form {
    /// The SQL of one row's text.
    pub text: String,
    /// The values in it.
    pub values: Vec<SqlStorageValue>,
}

/// A UUID of the column `id` with its hyphens.
const ID: &str =
    "lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) || '-' ||
    substr(hex(id), 17, 4) || '-' || substr(hex(id), 21))";
const CATEGORY: &str = "CASE WHEN score IS NULL THEN NULL WHEN score <= 6 THEN 'detractor' WHEN score <= 8 THEN 'passive' ELSE 'promoter' END";
const STATE: &str = "CASE state WHEN 0 THEN 'open' WHEN 1 THEN 'in_progress' WHEN 2 THEN 'done' END";
const DISMISSED: &str = "dismissed AND score IS NULL";
const CONTACT: &str = "(SELECT contact FROM contact WHERE contact.id = response.id)";

/// One JSON object. A function takes at most 32 arguments in an object, so it is joined from two.
pub fn json() -> Form {
    let text = format!(
        "rtrim(json_object('properties', json(ifnull(properties, '{{}}')), 'answers', json(ifnull(answers, '{{}}')),
            'consents', json(ifnull(consents, '[]')), 'tags', json(ifnull(tags, '[]')), 'note', note, 'state', {STATE},
            'assignee', assignee, 'due_at', {}, 'contacted_at', {}, 'contact', {CONTACT}), '}}') || ',' ||
         ltrim(json_object('id', {ID}, 'at', {}, 'score', score, 'category', {CATEGORY}, 'comment', comment,
            'shown', json(iif(shown, 'true', 'false')), 'dismissed', json(iif({DISMISSED}, 'true', 'false')),
            'seconds', score_ms / 1000.0, 'channel', channel, 'variant', variant, 'lang', lang, 'page', page, 'user', user), '{{')",
        iso_of("due"),
        iso_of("contacted"),
        iso_of("at"),
    );
    Form { text, values: Vec::new() }
}

/// The columns of a CSV before those of the declared properties. An import reads those of its own names again.
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

/// The first line of a CSV. Declared properties have a column each; `properties` has the others as JSON.
pub fn csv_header(declared: &[String]) -> String {
    let safe = |name: &str| if name.starts_with(FORMULA) { format!("'{name}") } else { name.to_owned() };
    let quoted = own(declared).map(|name| format!("\"{}\"", safe(name)));
    let names = COLUMNS.iter().map(|(name, _)| (*name).to_owned()).chain(quoted).chain(["properties".into()]);
    names.collect::<Vec<_>>().join(",") + "\r\n"
}

/// One line of CSV (RFC 4180).
pub fn csv(declared: &[String]) -> Form {
    let cells = COLUMNS.iter().map(|(name, column)| match *name {
        "at" | "due_at" | "contacted_at" => format!("ifnull({}, '')", iso_of(column)),
        "score" | "seconds" => format!("ifnull({column}, '')"),
        _ => cell(column),
    });
    let paths: Vec<SqlStorageValue> = own(declared).map(|name| format!("$.\"{name}\"").into()).collect();
    let properties = paths.iter().map(|_| cell("properties ->> ?"));
    let others = format!("nullif(json_remove(properties{}), '{{}}')", ", ?".repeat(paths.len()));
    let cells: Vec<String> = cells.chain(properties).chain([cell(&others)]).collect();
    Form { text: cells.join(" || ',' || ") + " || char(13, 10)", values: [paths.clone(), paths].concat() }
}

/// The declared properties that are no columns anyway. Their names hold no quotes.
fn own(declared: &[String]) -> impl Iterator<Item = &str> {
    let taken = |name: &str| name == "properties" || COLUMNS.iter().any(|(column, _)| *column == name);
    declared.iter().map(String::as_str).filter(move |name| !taken(name))
}

/// The first letters of what a spreadsheet takes for a formula (OWASP, "CSV Injection").
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell of text in quotes. What begins like a formula gets an apostrophe in front, so that no spreadsheet runs it.
fn cell(column: &str) -> String {
    format!(
        "ifnull((SELECT '\"' || iif(c <> '' AND instr('=+-@' || char(9, 13), substr(c, 1, 1)) > 0, '''', '')
            || replace(c, '\"', '\"\"') || '\"' FROM (SELECT {column} AS c) WHERE c IS NOT NULL), '')"
    )
}
