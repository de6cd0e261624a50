//! `POST /v1/sites/SITE/import`: responses from another tool, as CSV or NDJSON.
//!
//! The file is read whole before any of it is stored, so a broken one leaves nothing behind. It is
//! then stored in pages, each at once. If the connection breaks between two pages, the same file
//! again completes it: the keys of its rows make that safe.
//!
//! Other requests of the isolate wait while lines are read or stored. So after some of them the
//! import yields one turn of the event loop: a future that only awaits an object comes back before
//! other requests are served.

use std::collections::BTreeMap;
use std::time::Duration;

use api::{ResponseId, ValidationError};
use collector_core::import::{Counts, Options, Reader, RowSecret};
use collector_core::stored_response::NewResponse;
use serde_json::{Map, Value, json};
use worker::{Date, Delay, Response};

use super::context::RequestContext;
use super::site_client::SiteClient;
use crate::http::problem::quoted;
use crate::http::{ApiResult, Problem, body, response};
use crate::json_object::JsonObject;
use crate::protocol::{
    BeginImport, Command, ImportContext, ImportPageReply, ReadImportContext, StoreImportPage,
};

/// The most responses that are stored at once, while other requests of the object wait.
const PAGE_ROWS: usize = 500;
/// The most bytes that are stored at once: a value of SQLite in an object has at most 2 MB.
const PAGE_BYTES: usize = 1_000_000;
/// The most characters of an option that the list of imports repeats.
const MAX_OPTION: usize = 500;
/// Content types that are read as CSV, as is a file without a content type.
const CSV_TYPES: [&str; 5] = [
    "text/csv",
    "text/plain",
    "application/csv",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
];
const NDJSON_TYPES: [&str; 3] = ["application/x-ndjson", "application/ndjson", "application/jsonl"];

/// Rows by the id that each has if it is new: in the order of the database's key, so that a page of
/// them touches few of its pages. Of rows with one own id the last stays.
type RowsById = BTreeMap<ResponseId, Box<str>>;

/// Imports a file.
pub async fn post(context: &RequestContext, site: &str, body_limit: usize) -> ApiResult<Response> {
    let site = context.site(site)?;
    let (client, key) = (SiteClient::new(&context.env, &site), context.key());
    let command = Command::ReadImportContext(ReadImportContext { key: key.clone() });
    let reply = client.send(&command, None).await?;
    if reply.status() != 200 {
        return Ok(reply.into_response());
    }
    let ImportContext { zone, first_kept_ms, row_secret, has_earlier } =
        serde_json::from_str(&reply.text().await?).map_err(Problem::internal)?;
    let secret = RowSecret::parse(&row_secret).ok_or_else(|| Problem::internal("no secret of rows"))?;
    let pairs = context.url.pairs();
    let options = Options::parse(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())), &zone)?;

    let body = body::read(&context.request, body_limit).await?;
    let now_ms = i64::try_from(Date::now().as_millis()).unwrap_or(i64::MAX);
    let is_ndjson = is_ndjson(context)?;
    let reader = if is_ndjson { Reader::ndjson } else { Reader::csv };
    let mut reader = reader(&body, &options, &zone, now_ms).map_err(broken_file)?;
    let (mut rows_by_id, mut too_old, mut repeated) = (RowsById::new(), 0, 0);
    let (mut may_adopt, mut may_replace) = (false, false);
    while let Some(answers) = reader.next_answers().map_err(broken_file)? {
        for answer in answers {
            too_old += u64::from(first_kept_ms.is_some_and(|first| answer.at < first));
            let row = NewResponse::from_import(answer, &zone, &secret, has_earlier);
            may_adopt |= row.may_be_adopted();
            may_replace |= row.may_replace();
            repeated += i64::from(rows_by_id.insert(row.id(), row.to_row().into_boxed_str()).is_some());
        }
        yield_turn().await;
    }
    let Counts { rows, without_score, without_date, rejected, errors } = reader.into_counts();
    let errors = serde_json::to_value(&errors).map_err(Problem::internal)?;
    if rows_by_id.is_empty() && rejected > 0 {
        let detail = format!("None of the {rows} lines can be imported. `errors` has the reasons.");
        return Err(broken_file(ValidationError::new("", detail))
            .with("rows", rows)
            .with("rejected", rejected)
            .with("errors", errors));
    }

    let mut options: Map<String, Value> =
        pairs.into_iter().map(|(name, value)| (name, value.into())).collect();
    options.insert("format".to_owned(), if is_ndjson { "ndjson" } else { "csv" }.into());
    let file = secret.file_digest(&json!(options).to_string(), &body);
    for value in options.values_mut() {
        let listed: String = value.as_str().unwrap_or_default().chars().take(MAX_OPTION).collect();
        *value = listed.into();
    }
    drop(body);
    let mut reply = json!({
        "options": options,
        "rows": rows,
        "without_score": without_score,
        "without_date": without_date,
        "rejected": rejected,
        "older_than_kept": too_old,
    });
    let begin = BeginImport { key: key.clone(), file, repeated, is_empty: rows_by_id.is_empty() };
    let begun = client.send(&Command::BeginImport(begin), Some(&reply.to_string())).await?;
    if begun.status() != 200 {
        return Ok(begun.into_response());
    }
    let import: String = serde_json::from_str(&begun.text().await?).map_err(Problem::internal)?;

    let mut total = ImportPageReply { stored: 0, changed: 0, already_there: repeated };
    while !rows_by_id.is_empty() {
        let rows = take_page(&mut rows_by_id);
        let command = StoreImportPage {
            key: key.clone(),
            import: import.clone(),
            zone: zone.name().to_owned(),
            may_adopt,
            may_replace,
            is_last: rows_by_id.is_empty(),
        };
        let stored = client.send(&Command::StoreImportPage(command), Some(&rows)).await?;
        if stored.status() != 200 {
            return Ok(stored.into_response());
        }
        let page: ImportPageReply = stored.json().await?;
        total.stored += page.stored;
        total.changed += page.changed;
        total.already_there += page.already_there;
        yield_turn().await;
    }
    if let Value::Object(reply) = &mut reply {
        reply.remove("options");
        reply.insert("import".to_owned(), import.into());
        reply.insert("errors".to_owned(), errors);
        reply.append(&mut total.to_object());
    }
    response::json(200, &reply)
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
