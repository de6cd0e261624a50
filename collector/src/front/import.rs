//! `POST /v1/sites/SITE/import`: answers from another tool, as CSV or NDJSON.
//!
//! The file is read whole before any of it is stored, so a broken one leaves nothing behind. It is then stored in
//! pages, each at once. If the way breaks between two pages, the same file again completes it: ids make that safe.
//!
//! Everybody else in the isolate waits while lines are read or stored. So after some of them the import waits a turn of the event
//! loop: what only awaits an object comes back before others get in.

use std::collections::BTreeMap;
use std::time::Duration;

use api::ValidationError;
use collector_core::Zone;
use collector_core::import::{Counts, Options, Reader};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::{Date, Delay, Response};

use super::object::Ask;
use super::{Call, body};
use crate::reply::{self, Outcome, Problem};
use crate::row;

const LIMIT: usize = 16 * 1024 * 1024;
/// How many answers are stored at once, while everybody else waits, and how many bytes: a value of SQLite in an object has at most
/// 2 MB.
const PAGE: usize = 2_000;
const PAGE_BYTES: usize = 1_000_000;
/// What is read as CSV, as is a file without a content type.
const CSV: [&str; 5] = [
    "text/csv",
    "text/plain",
    "application/csv",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
];

#[derive(Deserialize)]
struct Stored {
    stored: u64,
    already_there: u64,
}

pub async fn post(call: &mut Call, site: &str) -> Outcome<Response> {
    let site = call.site(site)?;
    let key = call.bearer();
    let mut zone = Ask::new(&site, "_zone").with_key(key.clone())?.send(&call.env).await?;
    if zone.status_code() != 200 {
        return Ok(zone);
    }
    let (zone, first_kept): (Zone, Option<i64>) =
        serde_json::from_str(&zone.text().await?).map_err(Problem::internal)?;
    let pairs = call.address.pairs();
    let options = Options::parse(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())), &zone)?;

    let body = body::read(&mut call.request, LIMIT).await?;
    let now = i64::try_from(Date::now().as_millis()).unwrap_or(i64::MAX);
    let broken =
        |wrong: ValidationError| Problem::invalid(wrong).titled("broken-file", "File cannot be imported");
    let kind = call.header("content-type").unwrap_or_default();
    let ndjson = is(&kind, &["application/x-ndjson", "application/ndjson", "application/jsonl"]);
    if !ndjson && !kind.is_empty() && !is(&kind, &CSV) {
        let kind: String = kind.chars().take(60).collect();
        return Err(Problem::bad_request(format!(
            "Content-Type is {kind}; send text/csv or application/x-ndjson."
        )));
    }
    let reader = if ndjson { Reader::ndjson } else { Reader::csv };
    let mut reader = reader(&body, &options, &zone, now).map_err(broken)?;
    // In the order of the database's key, so that a page of them goes to few of its pages; those of one id in the order of the file.
    let (mut rows_by_id, mut too_old) = (BTreeMap::new(), 0);
    while let Some(answers) = reader.next_answers().map_err(broken)? {
        for answer in answers {
            too_old += u64::from(first_kept.is_some_and(|first| answer.at < first));
            let place = (answer.update.id, rows_by_id.len());
            rows_by_id.insert(place, row::of_import(answer, &zone).into_boxed_str());
        }
        others().await;
    }
    let Counts { rows, without_score, rejected, errors } = reader.into_counts();
    let errors = serde_json::to_value(&errors).map_err(Problem::internal)?;
    drop(body);
    if rows_by_id.is_empty() && rejected > 0 {
        let detail = format!("None of the {rows} lines can be imported; see errors.");
        return Err(broken(ValidationError::new("", detail))
            .with("rows", rows)
            .with("rejected", rejected)
            .with("errors", errors));
    }

    let (mut stored, mut already_there) = (0, 0);
    while !rows_by_id.is_empty() {
        let mut reply = Ask::new(&site, format!("_import?{}", zone.name()))
            .with_key(key.clone())?
            .with_body(page(&mut rows_by_id))
            .send(&call.env)
            .await?;
        if reply.status_code() != 200 {
            return Ok(reply);
        }
        let page: Stored = serde_json::from_str(&reply.text().await?).map_err(Problem::internal)?;
        stored += page.stored;
        already_there += page.already_there;
        others().await;
    }
    let answer: Value = json!({
        "rows": rows,
        "stored": stored,
        "already_there": already_there,
        "without_score": without_score,
        "rejected": rejected,
        "older_than_kept": too_old,
        "errors": errors,
    });
    reply::json(200, &answer)
}

/// Waits for a turn of the event loop, in which the isolate answers others.
async fn others() {
    Delay::from(Duration::ZERO).await;
}

/// Takes the next rows that fit into a page, as one array.
fn page<K: Ord>(rows: &mut BTreeMap<K, Box<str>>) -> String {
    let (mut page, mut count) = (String::from("["), 0);
    while let Some(row) = rows.first_entry() {
        if count > 0 && (count == PAGE || page.len() + row.get().len() >= PAGE_BYTES) {
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

/// Whether a content type is one of these, whatever its parameters.
fn is(kind: &str, names: &[&str]) -> bool {
    let bare = kind.split(';').next().unwrap_or_default().trim();
    names.iter().any(|name| bare.eq_ignore_ascii_case(name))
}
