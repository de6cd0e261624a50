//! SQL of an exported response, in JSON and in CSV.

use api::Mark;

use super::COLUMNS;
use super::column::{Column, Export};
use super::formula::{self, is_guarded};
use crate::iso8601;

/// The most members of one `json_object`: a function of SQL takes at most 32 arguments in an
/// object.
pub(super) const MAX_MEMBERS: usize = 16;

/// Returns SQL of the id as a UUID with its hyphens.
pub(super) fn uuid() -> String {
    "lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4)
        || '-' || substr(hex(id), 17, 4) || '-' || substr(hex(id), 21))"
        .to_owned()
}

/// Returns SQL of the contact, which is in a table of its own.
pub(super) fn contact() -> String {
    "(SELECT contact FROM contact WHERE contact.id = response.id)".to_owned()
}

/// Returns SQL of the name of a response's mark, null where it has none.
pub(super) fn mark() -> String {
    let cases = Mark::ALL.map(|mark| format!(" WHEN {} THEN '{}'", mark.number(), mark.as_str()));
    format!("CASE mark{} END", cases.concat())
}

/// Returns the exported columns with their formats.
pub(super) fn exported() -> impl Iterator<Item = (&'static str, Export)> {
    COLUMNS.iter().filter_map(|column: &Column| Some((column.name, column.export?)))
}

/// Returns SQL of a response as a JSON object.
///
/// Objects of at most [`MAX_MEMBERS`] members are joined. Each but the last ends with a member that
/// is no object, whose brace would be trimmed too; a test sees to it.
pub fn json() -> String {
    let members: Vec<String> =
        exported().map(|(name, export)| format!("'{name}', {}", json_value(name, export))).collect();
    let last = members.len().div_ceil(MAX_MEMBERS).saturating_sub(1);
    let objects = members.chunks(MAX_MEMBERS).enumerate().map(|(index, members)| {
        let object = format!("json_object({})", members.join(", "));
        let object = if index > 0 { format!("ltrim({object}, '{{')") } else { object };
        if index < last { format!("rtrim({object}, '}}')") } else { object }
    });
    objects.collect::<Vec<_>>().join(" || ',' || ")
}

fn json_value(name: &str, export: Export) -> String {
    match export {
        Export::Text => name.to_owned(),
        Export::TextOf(sql) => sql(),
        Export::Number(sql) => sql.to_owned(),
        Export::Time(sql) => iso8601::sql(sql),
        Export::Flag(sql) => format!("json(iif({sql}, 'true', 'false'))"),
        Export::Words => format!("json(ifnull({name}, '[]'))"),
        Export::Object | Export::Properties => format!("json(ifnull({name}, '{{}}'))"),
    }
}

/// Returns SQL of the approximate size of a response in bytes. It reads lengths only, which lie in
/// the head of a row.
pub fn size() -> String {
    let lengths = exported().filter_map(|(name, export)| match export {
        Export::Text | Export::Words | Export::Object | Export::Properties => {
            Some(format!(" + ifnull(octet_length({name}), 0)"))
        }
        Export::TextOf(_) | Export::Number(_) | Export::Time(_) | Export::Flag(_) => None,
    });
    format!("(500{})", lengths.collect::<String>())
}

/// Returns the first line of a CSV. Declared properties have a column each; `properties` has the
/// others as JSON.
pub fn csv_header(declared: &[String]) -> String {
    let safe = |name: &str| if is_guarded(name) { format!("'{name}") } else { name.to_owned() };
    let quoted = with_column(declared).map(|name| format!("\"{}\"", safe(name)));
    let fixed = fixed_cells().map(|(name, _)| name.to_owned());
    fixed.chain(quoted).chain(["properties".to_owned()]).collect::<Vec<_>>().join(",") + "\r\n"
}

/// Returns SQL of a line of CSV (RFC 4180). Its values are twice the [`csv_paths`].
pub fn csv_row(declared: &[String]) -> String {
    let declared = with_column(declared).count();
    let properties = (0..declared).map(|_| quoted_cell("properties ->> ?"));
    let others = format!("nullif(json_remove(properties{}), '{{}}')", ", ?".repeat(declared));
    let cells = fixed_cells().map(|(_, sql)| sql).chain(properties).chain([quoted_cell(&others)]);
    cells.collect::<Vec<_>>().join(" || ',' || ") + " || char(13, 10)"
}

/// Returns the JSON paths of the declared properties that have a column.
pub fn csv_paths(declared: &[String]) -> Vec<String> {
    with_column(declared).map(|name| format!("$.\"{name}\"")).collect()
}

/// Returns the columns before those of the properties, with the SQL of a cell.
fn fixed_cells() -> impl Iterator<Item = (&'static str, String)> {
    exported().filter_map(|(name, export)| {
        let sql = match export {
            Export::Text | Export::Object => quoted_cell(name),
            Export::TextOf(sql) => quoted_cell(&sql()),
            Export::Number(sql) => format!("ifnull({sql}, '')"),
            Export::Time(sql) => format!("ifnull({}, '')", iso8601::sql(sql)),
            Export::Flag(sql) => quoted_cell(&format!("iif({sql}, 'true', 'false')")),
            Export::Words => {
                quoted_cell(&format!("(SELECT group_concat(value, ' ') FROM json_each({name}))"))
            }
            Export::Properties => return None,
        };
        Some((name, sql))
    })
}

/// Returns the declared properties that have no column yet. Their names hold no quotes.
fn with_column(declared: &[String]) -> impl Iterator<Item = &str> {
    let is_taken = |name: &str| exported().any(|(column, _)| column == name);
    declared.iter().map(String::as_str).filter(move |name| !is_taken(name))
}

/// Returns SQL of a text in quotes. A text that begins like a formula gets an apostrophe in front,
/// so that no spreadsheet runs it.
fn quoted_cell(sql: &str) -> String {
    format!(
        "ifnull((SELECT '\"' || iif({}, '''', '') || replace(c, '\"', '\"\"') || '\"' \
            FROM (SELECT {sql} AS c) WHERE c IS NOT NULL), '')",
        formula::sql(),
    )
}
