//! Statements about the texts in rows that are to be stored.

use super::cells::cell_index;
use super::statement;
use crate::text_budget::TEXT_FIELDS;

/// Returns the query of the bytes of text in rows that are not stored yet, as a JSON array of one
/// number. The value is the JSON array of rows.
pub fn new_text_query() -> String {
    format!("SELECT json_array(ifnull(sum(bytes), 0)) FROM ({})", measured_rows())
}

/// Returns the query that takes the new texts out of rows: a JSON array of the rows that are left,
/// as text, and of the positions of those that had any, as text. The value is the JSON array of
/// rows.
pub fn without_new_text_query() -> String {
    let mut cells: Vec<usize> = TEXT_FIELDS.into_iter().filter_map(cell_index).collect();
    // The time of a comment goes with it.
    cells.extend(cell_index("comment_ms"));
    let nulls: String = cells.into_iter().map(|index| format!(", '$[{index}]', NULL")).collect();
    format!(
        "SELECT json_array( \
            '' || json_group_array(json(iif(bytes > 0, json_set(value{nulls}), value))), \
            '' || json_group_array(key) FILTER (WHERE bytes > 0)) \
         FROM ({})",
        measured_rows()
    )
}

/// Returns the query of the rows with the bytes of their new text.
fn measured_rows() -> String {
    let bytes = TEXT_FIELDS.map(|name| {
        let table = if name == "contact" { "contact" } else { "response" };
        format!(
            "iif({{{name}}} IS NULL OR {{{name}}} IS {table}.{name}, 0, length(CAST({{{name}}} AS BLOB)))"
        )
    });
    let template = format!(
        "SELECT key, value, {} AS bytes \
         FROM (SELECT key, value, jsonb(value) AS v FROM json_each(?1) LIMIT -1) \
         LEFT JOIN response ON response.id = unhex({{id}}) \
         LEFT JOIN contact ON contact.id = unhex({{id}})",
        bytes.join(" + ")
    );
    statement("v", &template)
}
