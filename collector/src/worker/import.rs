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
use std::collections::btree_map::{Entry, IntoValues};
use std::iter::Peekable;

use api::{ResponseId, ValidationError};
use collector_core::import::{Counts, ImportedResponse, NotedLines, Options, Reader, RowSecret};
use collector_core::stored_response::NewResponse;
use collector_core::{Secret, SiteId, Zone, iso8601};
use serde_json::{Map, Value, json};
use web_sys::Response;
use worker::Date;

use super::context::RequestContext;
use super::site_client::SiteClient;
use super::turn;
use crate::environment;
use crate::http::problem::quoted;
use crate::http::{ApiResult, Problem, body, response};
use crate::json_object::JsonObject;
use crate::protocol::{
    BeginImport, Command, ImportContext, ImportPageReply, ReadImportContext, StoreImportPage,
};
use crate::time_zone;

/// The most responses that are stored at once, while other requests of the object wait.
const PAGE_ROWS: usize = 500;
/// The most bytes that are stored at once: a value of SQLite in an object has at most 2 MB.
const PAGE_BYTES: usize = 1_000_000;
/// A file is refused where more than one line in so many has the own id of another line and other
/// content: what it calls an id is none.
const MAX_SAME_ID: u64 = 100;
/// The number of rows that a dry run returns.
const FIRST_ROWS: usize = 5;
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
    let (client, key) = (SiteClient::new(context, &site), context.key());
    let command = Command::ReadImportContext(ReadImportContext { key: key.clone() });
    let reply = client.send(&command, None).await?;
    if reply.status() != 200 {
        return reply.into_runtime();
    }
    let ImportContext { zone, first_kept_ms, row_secret, has_earlier } =
        serde_json::from_str(reply.text()).map_err(Problem::internal)?;
    let secret = RowSecret::parse(&row_secret).ok_or_else(|| Problem::internal("no secret of rows"))?;
    let pairs = context.url.pairs();
    let options = Options::parse(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())), &zone)?;

    let body = body::read(context, body_limit).await?;
    let now_ms = i64::try_from(Date::now().as_millis()).unwrap_or(i64::MAX);
    let is_ndjson = is_ndjson(context)?;
    let new_reader = if is_ndjson { Reader::ndjson } else { Reader::csv };
    let mut reader = new_reader(&body, &options, &zone, now_ms).map_err(broken_file)?;
    if let Some(name) = reader.zone_to_find() {
        let stated = time_zone::parse(name).map_err(|mut error| {
            error.pointer.clear();
            broken_file(error)
        })?;
        reader.set_zone(stated);
    }
    let site_keys = SiteKeys { users: environment::secret(&context.env)?, rows: secret, site: site.clone() };
    let mut read = ReadRows::new(site_keys, first_kept_ms, has_earlier);
    loop {
        let answers = reader.next_answers().map_err(|error| refused(error, reader.counts()))?;
        let Some(answers) = answers else { break };
        read.add(answers, &zone);
        turn::pass().await;
    }
    let counts = reader.counts();
    if read.rows_by_id.is_empty() && counts.rejected > 0 {
        let detail = format!("None of the {} lines can be imported. `errors` has the reasons.", counts.rows);
        return Err(refused(ValidationError::new("", detail), counts));
    }
    let same_id = json!(read.same_id);
    if read.same_id.count.saturating_mul(MAX_SAME_ID) > counts.rows {
        let detail = format!(
            "Of {} lines, {} have the id of another line and other content. If the ids are of people, send \
             columns=user:NAME. Otherwise remove the column.",
            counts.rows, read.same_id.count
        );
        return Err(refused(ValidationError::new("", detail), counts).with("same_id", same_id));
    }
    let found = [
        ("rows", counts.rows.into()),
        ("without_score", counts.without_score.into()),
        ("without_date", counts.without_date.into()),
        ("marked", counts.marked.into()),
        ("rejected", counts.rejected.into()),
        ("older_than_kept", read.too_old.into()),
        ("tool", reader.tool().into()),
        ("left_out", reader.left_out()),
        ("same_id", same_id),
        ("cut", json!(counts.cut)),
        ("errors", json!(counts.errors)),
    ];
    let mut reply: Map<String, Value> =
        found.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    if options.dry_run {
        reply.insert("dry_run".into(), true.into());
        reply.insert("file".into(), reader.description());
        reply.insert("first_rows".into(), read.first_rows.into());
        return response::json(200, &reply.into()).into_runtime();
    }
    let content = reader.content();
    drop(reader);
    let mut listed: Map<String, Value> =
        pairs.into_iter().map(|(name, value)| (name, value.into())).collect();
    listed.insert("format".to_owned(), if is_ndjson { "ndjson" } else { "csv" }.into());
    let file = read.keys.rows.file_digest(&json!(listed).to_string(), &body);
    drop(body);
    for value in listed.values_mut() {
        let text: String = value.as_str().unwrap_or_default().chars().take(MAX_OPTION).collect();
        *value = text.into();
    }
    let ReadRows { rows_by_id, repeated, may_adopt, may_replace, .. } = read;
    let begin = BeginImport { key: key.clone(), file, repeated, is_empty: rows_by_id.is_empty() };
    let mut details = reply.clone();
    details.remove("errors");
    details.insert("options".to_owned(), listed.into());
    let begun = client.send(&Command::BeginImport(begin), Some(&json!(details).to_string())).await?;
    if begun.status() != 200 {
        return begun.into_runtime();
    }
    let import: String = serde_json::from_str(begun.text()).map_err(Problem::internal)?;

    let mut total = ImportPageReply { stored: 0, changed: 0, already_there: repeated, erased_before: 0 };
    let mut left = rows_by_id.into_values().peekable();
    while left.peek().is_some() {
        let rows = take_page(&mut left);
        let command = StoreImportPage {
            key: key.clone(),
            import: import.clone(),
            zone: zone.name().to_owned(),
            content: content.clone(),
            may_adopt,
            may_replace,
            is_last: left.peek().is_none(),
        };
        let stored = client.send(&Command::StoreImportPage(command), Some(&rows)).await?;
        if stored.status() != 200 {
            return stored.into_runtime();
        }
        let page: ImportPageReply = stored.json()?;
        total.stored += page.stored;
        total.changed += page.changed;
        total.already_there += page.already_there;
        total.erased_before += page.erased_before;
        turn::pass().await;
    }
    reply.insert("import".to_owned(), import.into());
    reply.append(&mut total.to_object());
    response::json(200, &reply.into()).into_runtime()
}

/// Secrets under which a site keeps what identifies rows and users.
struct SiteKeys {
    users: Secret,
    rows: RowSecret,
    site: SiteId,
}

/// Rows that were read and are not stored yet.
struct ReadRows {
    keys: SiteKeys,
    rows_by_id: RowsById,
    /// The first of them, as a person reads them.
    first_rows: Vec<Value>,
    /// Number of rows that retention will delete.
    too_old: u64,
    first_kept_ms: Option<i64>,
    /// Whether an earlier version has imported rows of the site.
    has_earlier: bool,
    /// Number of rows that came again, with their own id.
    repeated: i64,
    /// Lines with the own id of a line before and other content.
    same_id: NotedLines,
    may_adopt: bool,
    may_replace: bool,
}

impl ReadRows {
    fn new(keys: SiteKeys, first_kept_ms: Option<i64>, has_earlier: bool) -> Self {
        let (rows_by_id, first_rows) = (RowsById::new(), Vec::new());
        let (too_old, repeated, may_adopt, may_replace) = (0, 0, false, false);
        Self {
            keys,
            rows_by_id,
            first_rows,
            too_old,
            first_kept_ms,
            has_earlier,
            repeated,
            same_id: NotedLines::default(),
            may_adopt,
            may_replace,
        }
    }

    fn add(&mut self, answers: Vec<ImportedResponse>, zone: &Zone) {
        for mut answer in answers {
            // Only a digest of a user is stored.
            let SiteKeys { users, rows, site } = &self.keys;
            answer.update.user = answer.update.user.map(|user| users.hide_user(site, &user));
            if self.first_rows.len() < FIRST_ROWS {
                self.first_rows.push(described(&answer));
            }
            self.too_old += u64::from(self.first_kept_ms.is_some_and(|first| answer.at < first));
            let line = answer.line;
            let row = NewResponse::from_import(answer, zone, rows, self.has_earlier);
            self.may_adopt |= row.may_be_adopted();
            self.may_replace |= row.may_replace();
            let (id, text) = (row.id(), row.to_row().into_boxed_str());
            match self.rows_by_id.entry(id) {
                Entry::Occupied(before) if *before.get() == text => self.repeated += 1,
                Entry::Occupied(mut before) => {
                    self.same_id.add(line);
                    before.insert(text);
                }
                Entry::Vacant(free) => drop(free.insert(text)),
            }
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

/// Takes the next rows that fit into a page, as a JSON array.
fn take_page(rows: &mut Peekable<IntoValues<ResponseId, Box<str>>>) -> String {
    let (mut page, mut count) = (String::from("["), 0);
    while let Some(row) =
        rows.next_if(|row| count == 0 || (count < PAGE_ROWS && page.len() + row.len() < PAGE_BYTES))
    {
        if count > 0 {
            page.push(',');
        }
        page.push_str(&row);
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
