//! `GET …/responses` and `GET …/responses/ID`: the responses, newest first.

pub mod bulk;
pub mod cases;
pub mod erasure;
pub mod export;
mod filter_sql;
pub mod marks;
mod matching;
pub mod page;
mod projection;
pub mod tags;

use api::{ResponseId, ValidationError};
use collector_core::Filter;
use collector_core::filter::Marked;
use worker::SqlStorageValue;

use super::database::Database;
use super::request::{ApiRequest, parse_digits};
use super::state::SiteState;
use crate::cursor::Cursor;
use crate::http::request_url::query_reader;
use crate::http::{ApiResult, Problem, Response, response};

pub use self::page::fitting;

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 200;

/// `GET …/responses`
pub fn list(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let pairs = request.query();
    let names = [&["limit", "cursor"][..], &Filter::PARAMETERS].concat();
    let mut query = query_reader(&pairs, &names);
    let limit = query.parse("limit", &format!("a number from 1 to {MAX_LIMIT}"), |text| {
        parse_digits(text).filter(|limit| (1..=MAX_LIMIT).contains(limit))
    });
    let cursor = query.parse("cursor", "a `next_cursor` of an earlier page, unchanged", Cursor::parse);
    let filter = Filter::read(&mut query, Marked::No);
    let (limit, cursor, filter) = query.finish((limit.unwrap_or(DEFAULT_LIMIT), cursor, filter))?;
    let page = page::read(site, &projection::json(), &filter, cursor, limit)?;
    let next = page.next.map_or("null".into(), |next| format!("\"{next}\""));
    // Later pages are of the same list.
    let matching = if cursor.is_none() { matching::count(site, &filter)? } else { None };
    let matching = matching.map_or("null".into(), |matching| matching.to_string());
    let rows = page.rows.join(",");
    let text = format!("{{\"responses\":[{rows}],\"next_cursor\":{next},\"matching\":{matching}}}");
    Ok(response::json_text(200, text))
}

/// `GET …/responses/ID`
pub fn get(site: &SiteState, request: &ApiRequest, id: &str) -> ApiResult<Response> {
    Ok(response::tagged(get_response(&site.database, id)?, request.if_none_match()))
}

/// Returns one response as JSON, as in the list; 404 where there is none with this id.
pub fn get_response(database: &Database, id: &str) -> ApiResult<String> {
    let missing = || Problem::not_found("response with this id");
    let id = ResponseId::parse(id).ok_or_else(missing)?;
    let query = format!("SELECT {} FROM response WHERE id = ?", projection::json().text);
    database.text(&query, vec![sql_id(id)])?.ok_or_else(missing)
}

/// The error for a cursor that no response had.
pub fn invalid_cursor() -> ValidationError {
    ValidationError::new("cursor", "`cursor` must be a `next_cursor` of an earlier page, unchanged.")
}

/// Returns an id as a value of SQL.
fn sql_id(id: ResponseId) -> SqlStorageValue {
    SqlStorageValue::Blob(id.bytes().to_vec())
}
