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
use collector_core::import::{Counts, ImportedResponse, Options, Reader};
use collector_core::stored_response::NewResponse;
use collector_core::{Secret, SiteId, Zone, iso8601};
use serde_json::{Map, Value, json};
use worker::{Date, Delay, Response};

use super::context::RequestContext;
use super::site_client::SiteClient;
use crate::environment;
use crate::http::problem::quoted;
use crate::http::{ApiResult, Problem, body, response};
use crate::protocol::{Command, ImportContext, ImportPageReply, ReadImportContext, StoreImportPage};

/// The most responses that are stored at once, while other requests of the object wait.
const PAGE_ROWS: usize = 2_000;
/// The most bytes that are stored at once: a value of SQLite in an object has at most 2 MB.
const PAGE_BYTES: usize = 1_000_000;
/// The number of rows that a dry run returns.
const FIRST_ROWS: usize = 5;
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
    let new_reader = if is_ndjson(context)? { Reader::ndjson } else { Reader::csv };
    let mut reader = new_reader(&body, &options, &zone, now_ms).map_err(broken_file)?;
    let mut read = ReadRows::new(context, &site, first_kept_ms)?;
    loop {
        let answers = reader.next_answers().map_err(|error| refused(error, reader.counts()))?;
        let Some(answers) = answers else { break };
        read.add(answers, &zone);
        yield_turn().await;
    }
    let counts = reader.counts();
    if read.rows_by_id.is_empty() && counts.rejected > 0 {
        let detail = format!("None of the {} lines can be imported. `errors` has the reasons.", counts.rows);
        return Err(refused(ValidationError::new("", detail), counts));
    }
    let found = [
        ("rows", counts.rows.into()),
        ("without_score", counts.without_score.into()),
        ("rejected", counts.rejected.into()),
        ("older_than_kept", read.too_old.into()),
        ("tool", reader.tool().into()),
        ("left_out", reader.left_out()),
        ("cut", json!(counts.cut)),
        ("errors", json!(counts.errors)),
    ];
    let mut reply: Map<String, Value> =
        found.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    if options.dry_run {
        reply.insert("dry_run".into(), true.into());
        reply.insert("file".into(), reader.description());
        reply.insert("first_rows".into(), read.first_rows.into());
        return response::json(200, &reply.into());
    }
    drop(reader);
    drop(body);
    let mut rows_by_id = read.rows_by_id;

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
    reply.insert("stored".into(), stored.into());
    reply.insert("already_there".into(), already_there.into());
    response::json(200, &reply.into())
}

/// Rows that were read and are not stored yet.
struct ReadRows {
    rows_by_id: RowsById,
    /// The first of them, as a person reads them.
    first_rows: Vec<Value>,
    /// Number of rows that retention will delete.
    too_old: u64,
    first_kept_ms: Option<i64>,
    secret: Secret,
    site: SiteId,
}

impl ReadRows {
    fn new(context: &RequestContext, site: &SiteId, first_kept_ms: Option<i64>) -> ApiResult<Self> {
        let secret = environment::secret(&context.env)?;
        let (rows_by_id, first_rows) = (RowsById::new(), Vec::new());
        Ok(Self { rows_by_id, first_rows, too_old: 0, first_kept_ms, secret, site: site.clone() })
    }

    fn add(&mut self, answers: Vec<ImportedResponse>, zone: &Zone) {
        for mut answer in answers {
            // Only a digest of a user is stored.
            answer.update.user = answer.update.user.map(|user| self.secret.hide_user(&self.site, &user));
            if self.first_rows.len() < FIRST_ROWS {
                self.first_rows.push(described(&answer));
            }
            self.too_old += u64::from(self.first_kept_ms.is_some_and(|first| answer.at < first));
            let position = (answer.update.id, self.rows_by_id.len());
            self.rows_by_id
                .insert(position, NewResponse::from_import(answer, zone).to_row().into_boxed_str());
        }
    }
}

/// Returns a row as it will be listed.
fn described(answer: &ImportedResponse) -> Value {
    let ImportedResponse { at, update, .. } = answer;
    json!({
        "at": iso8601::format(*at),
        "score": update.score.map(nps::Score::get),
        "comment": update.comment,
        "variant": update.variant,
        "lang": update.lang,
        "page": update.page,
        "user": update.user,
        "properties": update.properties,
    })
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

/// The error of a file that was read, with what was found in it.
fn refused(error: ValidationError, counts: &Counts) -> Problem {
    let problem = broken_file(error);
    if counts.rejected == 0 {
        return problem;
    }
    let errors = json!(counts.errors);
    problem.with("rows", counts.rows).with("rejected", counts.rejected).with("errors", errors)
}

fn broken_file(error: ValidationError) -> Problem {
    Problem::invalid(error).titled("broken-file", "File cannot be imported")
}
