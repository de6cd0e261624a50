//! Erasure of responses.
//!
//! Erased text is nowhere that a query reaches: not in the response, its contact, the deliveries
//! of its events, the index of words or the values of properties. It is overwritten before it is
//! deleted, since SQLite leaves the bytes of a deleted row where they were. What SQLite has copied
//! elsewhere meanwhile (free pages, the log, the spare room of a page) stays until the file is
//! compacted.

use api::ResponseId;
use collector_core::import::RowSecret;
use serde_json::{Value, json};

use super::get_response;
use crate::http::{ApiResult, Problem, Response, response};
use crate::site::database::Database;
use crate::site::imports::row_secret;
use crate::site::properties;
use crate::site::state::SiteState;

/// Tables other than `response` that hold what belongs to a response, each with the condition on
/// its rows and the column with text. `given` has the hexadecimal ids.
const BELONGINGS: [(&str, &str, Option<&str>); 4] = [
    ("delivery", "subject IN (SELECT lower(value) FROM given)", Some("body")),
    ("due", "kind = 'response' AND subject IN (SELECT lower(value) FROM given)", None),
    ("import_change", "response IN (SELECT unhex(value) FROM given)", Some("before")),
    ("contact", "id IN (SELECT unhex(value) FROM given)", Some("contact")),
];
/// Columns of a response with text of a person, each with the brackets that keep it valid JSON.
const TEXTS: [(&str, &str, &str); 8] = [
    ("comment", "", ""),
    ("page", "", ""),
    ("note", "", ""),
    ("assignee", "", ""),
    ("properties", "{", "}"),
    ("answers", "{", "}"),
    ("tags", "[", "]"),
    ("consents", "[", "]"),
];

/// `DELETE …/responses/ID`: erases a response and everything that belongs to it.
pub fn delete(site: &SiteState, id: &str) -> ApiResult<Response> {
    get_response(&site.database, id)?;
    let id = ResponseId::parse(id).ok_or_else(|| Problem::not_found("response with this id"))?;
    erase_for_good(&site.database, &[id.to_hex()])?;
    Ok(response::empty(204))
}

/// Erases responses at the owner's command: no import brings them back. Of the rows that would,
/// only the keys are kept, which nobody can compute and which have no content.
pub fn erase_for_good(database: &Database, ids: &[String]) -> ApiResult<()> {
    let (secret, _) = row_secret::get_or_create(database)?;
    let secret = RowSecret::parse(&secret).ok_or_else(|| Problem::internal("no secret of rows"))?;
    let keys = ids.iter().filter_map(|id| ResponseId::from_hex(id)).flat_map(|id| secret.keys_of(id));
    let keys = Value::from_iter(keys).to_string();
    let insert = "INSERT INTO erased_row (key) \
        SELECT key FROM import_key WHERE response IN (SELECT unhex(value) FROM json_each(?)) \
        UNION SELECT unhex(value) FROM json_each(?) WHERE true ON CONFLICT DO NOTHING";
    database.transaction(|| {
        database.run(insert, vec![json!(ids).to_string().into(), keys.into()])?;
        erase_responses(database, ids)
    })
}

/// Erases responses by their hexadecimal ids, each with everything that belongs to it.
pub fn erase_responses(database: &Database, ids: &[String]) -> ApiResult<()> {
    let ids = json!(ids).to_string();
    let run = |statement: &str| {
        let statement = format!("WITH given AS (SELECT value FROM json_each(?)) {statement}");
        database.run(&statement, vec![ids.as_str().into()])
    };
    database.transaction(|| {
        for (table, condition, text) in BELONGINGS {
            if let Some(text) = text {
                run(&format!("UPDATE {table} SET {text} = {} WHERE {condition}", blank(text, "", "")))?;
            }
            run(&format!("DELETE FROM {table} WHERE {condition}"))?;
        }
        // The mark takes a response out of the totals before its properties are overwritten. It is
        // as long as none, so the row stays where it is, and its bytes are replaced.
        let blanks: Vec<String> = TEXTS
            .iter()
            .map(|(text, open, close)| format!("{text} = {}", blank(text, open, close)))
            .collect();
        let condition = "id IN (SELECT unhex(value) FROM given)";
        run(&format!(
            "UPDATE response SET mark = iif(mark IS NULL, 0, mark), {} WHERE {condition}",
            blanks.join(", ")
        ))?;
        run(&format!("DELETE FROM response WHERE {condition}"))?;
        properties::free_places(database)
    })
}

/// Returns SQL of spaces, as many as a text has bytes, between brackets.
fn blank(text: &str, open: &str, close: &str) -> String {
    let brackets = open.len() + close.len();
    format!("iif({text} IS NULL, NULL, printf('{open}%*s{close}', octet_length({text}) - {brackets}, ''))")
}
