//! `POST /v1/sites/SITE/import`: responses from another tool, as CSV or NDJSON.
//!
//! The file is read whole before any of it is stored, so a broken one leaves nothing behind. It is
//! then stored in pages, each at once. If the connection breaks between two pages, the same file
//! again completes it: ids make that safe.
//!
//! Other requests of the isolate wait while lines are read or stored. So after some of them the
//! import yields one turn of the event loop: a future that only awaits an object comes back before
//! other requests are served.

use std::collections::BTreeMap;
use std::time::Duration;

use api::{ResponseId, ValidationError};
use collector_core::import::{Counts, Options, Reader};
use collector_core::stored_response::NewResponse;
use serde_json::json;
use worker::{Date, Delay, Response};

use super::context::RequestContext;
use super::site_client::SiteClient;
use crate::http::problem::quoted;
use crate::http::{ApiResult, Problem, body, response};
use crate::protocol::{Command, ImportContext, ImportPageReply, ReadImportContext, StoreImportPage};

/// The most responses that are stored at once, while other requests of the object wait.
const PAGE_ROWS: usize = 2_000;
/// The most bytes that are stored at once: a value of SQLite in an object has at most 2 MB.
const PAGE_BYTES: usize = 1_000_000;
/// Content types that are read as CSV, as is a file without a content type.
const CSV_TYPES: [&str; 5] = [
    "text/csv",
    "text/plain",
    "application/csv",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
];
const NDJSON_TYPES: [&str; 3] = ["application/x-ndjson", "application/ndjson", "application/jsonl"];

/// Rows by id and their position in the file: in the order of the database's key, so that a page of
/// them touches few of its pages, and rows of one id in the order of the file.
type RowsById = BTreeMap<(ResponseId, usize), Box<str>>;

/// Imports a file.
pub async fn post(context: &RequestContext, site: &str, body_limit: usize) -> ApiResult<Response> {
    let site = context.site(site)?;
    let (client, key) = (SiteClient::new(&context.env, &site), context.key());
    let command = Command::ReadImportContext(ReadImportContext { key: key.clone() });
    let reply = client.send(&command, None).await?;
    if reply.status() != 200 {
        return Ok(reply.into_response());
    }
    let ImportContext { zone, first_kept_ms } =
        serde_json::from_str(&reply.text().await?).map_err(Problem::internal)?;
    let pairs = context.url.pairs();
    let options = Options::parse(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())), &zone)?;

    let body = body::read(&context.request, body_limit).await?;
    let now_ms = i64::try_from(Date::now().as_millis()).unwrap_or(i64::MAX);
    let reader = if is_ndjson(context)? { Reader::ndjson } else { Reader::csv };
    let mut reader = reader(&body, &options, &zone, now_ms).map_err(broken_file)?;
    let (mut rows_by_id, mut too_old) = (RowsById::new(), 0);
    while let Some(answers) = reader.next_answers().map_err(broken_file)? {
        for answer in answers {
            too_old += u64::from(first_kept_ms.is_some_and(|first| answer.at < first));
            let position = (answer.update.id, rows_by_id.len());
            rows_by_id.insert(position, NewResponse::from_import(answer, &zone).to_row().into_boxed_str());
        }
        yield_turn().await;
    }
    let Counts { rows, without_score, rejected, errors } = reader.into_counts();
    let errors = serde_json::to_value(&errors).map_err(Problem::internal)?;
    drop(body);
    if rows_by_id.is_empty() && rejected > 0 {
        let detail = format!("None of the {rows} lines can be imported. `errors` has the reasons.");
        return Err(broken_file(ValidationError::new("", detail))
            .with("rows", rows)
            .with("rejected", rejected)
            .with("errors", errors));
    }

    let (mut stored, mut already_there, mut is_first) = (0, 0, true);
    while !rows_by_id.is_empty() {
        let command = StoreImportPage { key: key.clone(), zone: zone.name().to_owned(), is_first };
        let reply =
            client.send(&Command::StoreImportPage(command), Some(&take_page(&mut rows_by_id))).await?;
        if reply.status() != 200 {
            return Ok(reply.into_response());
        }
        let page: ImportPageReply = reply.json().await?;
        is_first = false;
        stored += page.stored;
        already_there += page.already_there;
        yield_turn().await;
    }
    let counts = json!({
        "rows": rows,
        "stored": stored,
        "already_there": already_there,
        "without_score": without_score,
        "rejected": rejected,
        "older_than_kept": too_old,
        "errors": errors,
    });
    response::json(200, &counts)
}

/// Waits for one turn of the event loop, in which the isolate serves other requests.
async fn yield_turn() {
    Delay::from(Duration::ZERO).await;
}

/// Takes the next rows that fit into a page, as a JSON array.
fn take_page(rows: &mut RowsById) -> String {
    let (mut page, mut count) = (String::from("["), 0);
    while let Some(row) = rows.first_entry() {
        if count > 0 && (count == PAGE_ROWS || page.len() + row.get().len() >= PAGE_BYTES) {
            break;
        }
        if count > 0 {
            page.push(',');
        }
        page.push_str(&row.remove());
        count += 1;
    }
    page.push(']');
    page
}

/// Whether the file is NDJSON, by its content type.
fn is_ndjson(context: &RequestContext) -> ApiResult<bool> {
    let content_type = context.header("content-type").unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let is_any = |types: &[&str]| types.iter().any(|name| media_type.eq_ignore_ascii_case(name));
    if is_any(&NDJSON_TYPES) {
        return Ok(true);
    }
    if content_type.is_empty() || is_any(&CSV_TYPES) {
        return Ok(false);
    }
    let detail = format!(
        "Content-Type {} cannot be imported. Send text/csv or application/x-ndjson.",
        quoted(media_type)
    );
    Err(Problem::bad_request(detail))
}

fn broken_file(error: ValidationError) -> Problem {
    Problem::invalid(error).titled("broken-file", "File cannot be imported")
}
