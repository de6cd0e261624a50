//! Pages of an export, which the Worker streams.

use collector_core::Filter;
use collector_core::filter::Marked;
use collector_core::stored_response::csv_header;
use serde_json::Value;

use super::{page, projection};
use crate::cursor::Cursor;
use crate::http::request_url::{query_pairs, query_reader};
use crate::http::{ApiResult, Response};
use crate::json_object;
use crate::protocol::{ExportPageReply, REPLY_HEADER};
use crate::site::state::SiteState;
use crate::site::users;

/// The most responses of a page of an export.
const EXPORT_PAGE: usize = 500;

/// Returns a page of the export as text.
pub fn page(site: &SiteState, query: &str, cursor: Option<Cursor>) -> ApiResult<Response> {
    let pairs = query_pairs(query);
    let names = [&["format", "bom"][..], &Filter::PARAMETERS].concat();
    let mut query = query_reader(&pairs, &names);
    let is_csv = query.parse("format", "csv or ndjson", |format| match format {
        "csv" => Some(true),
        "ndjson" => Some(false),
        _ => None,
    });
    let is_csv = is_csv.unwrap_or(true);
    // The Worker writes the mark, since reading a page as text takes it off.
    query.parse("bom", "1, which is for CSV only, or 0", |bom| match bom {
        "1" => is_csv.then_some(()),
        "0" => Some(()),
        _ => None,
    });
    let filter = Filter::read(&mut query, Marked::Any);
    let filter = query.finish(filter)?;
    let settings = site.settings()?;
    let declared = &settings.properties;
    let format = if is_csv { projection::csv(declared) } else { projection::json() };
    let page = page::read(site, &format, &filter, cursor, EXPORT_PAGE)?;
    let is_first = cursor.is_none();
    let mut text = if is_csv && is_first { csv_header(declared) } else { String::new() };
    for row in &page.rows {
        text.push_str(row);
        if !is_csv {
            text.push('\n');
        }
    }
    reply(text, page.next)
}

/// Returns a page of everything about one user; the pages make one JSON text together.
pub fn user_page(site: &SiteState, user: &str, cursor: Option<Cursor>) -> ApiResult<Response> {
    let filter = Filter { user: Some(users::check_name(user)?.to_owned()), ..Filter::default() };
    let page = page::read(site, &projection::json(), &filter, cursor, EXPORT_PAGE)?;
    let mut text = match cursor {
        None => format!("{{\"user\":{},\"responses\":[", Value::from(user)),
        Some(_) if page.rows.is_empty() => String::new(),
        Some(_) => ",".to_owned(),
    };
    text.push_str(&page.rows.join(","));
    if page.next.is_none() {
        text.push_str("]}");
    }
    reply(text, page.next)
}

fn reply(text: String, next: Option<Cursor>) -> ApiResult<Response> {
    let reply = json_object::to_json(&ExportPageReply { next });
    Ok(Response::empty(200, "no-store").with_header(REPLY_HEADER, &reply).with_body(text))
}
