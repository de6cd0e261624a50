//! `POST /v1/sites/SITE/import`: answers from another tool, as CSV or NDJSON.
//!
//! The file is read whole before any of it is stored, so a broken one leaves nothing behind. It is then stored in
//! pages, each at once. If the way breaks between two pages, the same file again completes it: ids make that safe.

use std::iter::Peekable;

use nps::import::{self, Options};
use nps::{Invalid, Zone};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::{Date, Response};

use super::object::Ask;
use super::{Call, body};
use crate::reply::{self, Outcome, Problem};
use crate::row;

const LIMIT: usize = 16 * 1024 * 1024;
/// How many answers are stored at once, and how many bytes: a value of SQLite in an object has at most 2 MB.
const PAGE: usize = 5_000;
const PAGE_BYTES: usize = 1_500_000;

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
    let broken = |wrong: Invalid| Problem::invalid(wrong).titled("broken-file", "File cannot be imported");
    let mut file = match call.header("content-type").unwrap_or_default() {
        kind if is(&kind, &["application/x-ndjson", "application/ndjson", "application/jsonl"]) => {
            import::ndjson(&body, &options, &zone, now)
        }
        kind if kind.is_empty()
            || is(
                &kind,
                &[
                    "text/csv",
                    "text/plain",
                    "application/csv",
                    "application/octet-stream",
                    "application/x-www-form-urlencoded",
                ],
            ) =>
        {
            import::csv(&body, &options, &zone, now)
        }
        kind => {
            let kind: String = kind.chars().take(60).collect();
            return Err(Problem::bad_request(format!(
                "Content-Type is {kind}; send text/csv or application/x-ndjson."
            )));
        }
    }
    .map_err(broken)?;
    drop(body);
    // In the order of the database's key, so that a page of them goes to few of its pages.
    file.answers.sort_by_key(|answer| answer.message.id);
    let errors = serde_json::to_value(&file.errors).map_err(Problem::internal)?;
    if file.answers.is_empty() && file.rejected > 0 {
        let detail = format!("None of the {} lines can be imported; see errors.", file.rows);
        return Err(broken(Invalid::at("", detail))
            .with("rows", file.rows)
            .with("rejected", file.rejected)
            .with("errors", errors));
    }

    let too_old =
        file.answers.iter().filter(|answer| first_kept.is_some_and(|first| answer.at < first)).count();
    let (mut stored, mut already_there) = (0, 0);
    let mut rows = file.answers.into_iter().map(|answer| row::of_import(answer, &zone)).peekable();
    while rows.peek().is_some() {
        let body = page(&mut rows);
        let mut reply = Ask::new(&site, format!("_import?{}", zone.name()))
            .with_key(key.clone())?
            .with_body(body)
            .send(&call.env)
            .await?;
        if reply.status_code() != 200 {
            return Ok(reply);
        }
        let page: Stored = serde_json::from_str(&reply.text().await?).map_err(Problem::internal)?;
        stored += page.stored;
        already_there += page.already_there;
    }
    let answer: Value = json!({
        "rows": file.rows,
        "stored": stored,
        "already_there": already_there,
        "without_score": file.without_score,
        "rejected": file.rejected,
        "older_than_kept": too_old,
        "errors": errors,
    });
    reply::json(200, &answer)
}

/// The next rows that fit into a page, as one array.
fn page(rows: &mut Peekable<impl Iterator<Item = String>>) -> String {
    let (mut page, mut count) = (String::from("["), 0);
    while let Some(row) =
        rows.next_if(|row| count == 0 || (count < PAGE && page.len() + row.len() < PAGE_BYTES))
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

/// Whether a content type is one of these, whatever its parameters.
fn is(kind: &str, names: &[&str]) -> bool {
    let bare = kind.split(';').next().unwrap_or_default().trim();
    names.iter().any(|name| bare.eq_ignore_ascii_case(name))
}
