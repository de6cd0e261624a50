//! Archive of a site: all its rows as text, from which another collector with the same secret makes
//! the same site.
//!
//! An archive is NDJSON. The first line is the header, each further line is a row as
//! `{"table":…,"row":{…}}`, in the order of [`tables::ALL`], and the last line is [`END`]. Triggers
//! make the rest: the totals, the index of words and the list of marked responses.
//!
//! The header has the schema version of the tables. An archive of an earlier version is restored
//! into tables of that version, which are then migrated like those of any other site.

pub mod restore;
mod tables;

use api::Role;
use serde_json::{Value, json};

use self::tables::Position;
use super::audit;
use super::clock::{iso, now_ms};
use super::request::ApiRequest;
use super::responses::page::fitting;
use super::schema::migrations::VERSION;
use super::state::SiteState;
use crate::http::request_url::query_reader;
use crate::http::{ApiResult, Response};

/// Member of the header with the version of the form of an archive, and that version.
const FORMAT: (&str, u64) = ("grapevine_archive", 1);
/// The last line of an archive. A page before the last ends with the cursor of the next instead.
const END: &str = r#"{"next_cursor":null}"#;

/// `GET …/archive`: a page of the archive. The pages after each other, without the lines that end
/// them, are the archive.
pub fn read(site: &SiteState, request: &ApiRequest, role: Option<Role>) -> ApiResult<Response> {
    let pairs = request.query();
    let mut query = query_reader(&pairs, &["cursor"]);
    let expected = "a `next_cursor` of an earlier page, unchanged";
    let after = query.parse("cursor", expected, Position::parse);
    let after = query.finish(after)?;
    let mut text = String::new();
    if after.is_none() {
        audit::record(&site.database, (role, request.call.key.as_ref()), "site.archived", None)?;
        let header = json!({
            FORMAT.0: FORMAT.1, "schema": VERSION, "site": site.site_id()?.as_str(),
            "archived_at": iso(now_ms()),
        });
        text = format!("{header}\n");
    }
    let position = after.unwrap_or_default();
    let mut rows = position.read(&site.database)?;
    let is_whole = rows.len() < tables::PAGE;
    let fits = fitting(rows.iter().map(String::len));
    let next = if is_whole && fits == rows.len() {
        position.next_table()
    } else {
        rows.truncate(fits);
        rows.last().and_then(|row| row.split('\n').next()).map(str::to_owned)
    };
    for (_, line) in rows.iter().filter_map(|row| row.split_once('\n')) {
        text.push_str(line);
        text.push('\n');
    }
    text.push_str(&next.map_or(END.to_owned(), |next| format!("{{\"next_cursor\":{}}}", Value::from(next))));
    text.push('\n');
    Ok(Response::new("application/x-ndjson", "private, no-store", text))
}
