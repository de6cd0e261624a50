//! Erasure of responses.

use api::ResponseId;
use serde_json::json;
use worker::Response;

use super::get_response;
use crate::http::{ApiResult, Problem, response};
use crate::site::database::Database;
use crate::site::state::SiteState;

/// `DELETE …/responses/ID`: erases a response and everything that belongs to it.
pub fn delete(site: &SiteState, id: &str) -> ApiResult<Response> {
    get_response(&site.database, id)?;
    let id = ResponseId::parse(id).ok_or_else(|| Problem::not_found("response with this id"))?;
    erase_responses(&site.database, &[id.to_hex()])?;
    response::empty(204)
}

/// Erases responses by their hexadecimal ids, each with everything that belongs to it.
pub fn erase_responses(database: &Database, ids: &[String]) -> ApiResult<()> {
    let ids = json!(ids).to_string();
    database.transaction(|| {
        for statement in [
            "DELETE FROM delivery WHERE subject IN (SELECT lower(value) FROM json_each(?))",
            "DELETE FROM due WHERE kind = 'response' AND subject IN (SELECT lower(value) FROM json_each(?))",
            "DELETE FROM contact WHERE id IN (SELECT unhex(value) FROM json_each(?))",
            "DELETE FROM response WHERE id IN (SELECT unhex(value) FROM json_each(?))",
        ] {
            database.run(statement, vec![ids.as_str().into()])?;
        }
        erase_unused_values(database)
    })
}

/// Erases the values of properties that no response has any more. Their numbers stay taken.
pub fn erase_unused_values(database: &Database) -> ApiResult<()> {
    let erase = "UPDATE value SET text = NULL
        WHERE property > 0 AND text IS NOT NULL
          AND property IN (SELECT slot FROM property WHERE length(upto) > 16)
          AND (property, number) NOT IN (SELECT DISTINCT property, value FROM day)";
    database.run(erase, vec![]).map(|_| ())
}
