//! The responses, newest first.
//!
//! Rows come from two places that are each in order, the ids that carry their time and the index of those that do
//! not, and are merged by time and id. A cursor is the time and id of the last row of a page, so pages stay right
//! while answers come in.

use std::collections::BTreeMap;

use nps::{Category, Invalid, ResponseId, Score};
use serde::{Deserialize, Serialize};
use worker::{Response, SqlStorageValue, Url};

use super::{Inner, now};
use crate::reply::{self, Outcome};

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 200;

/// A place in the list: what comes after it is older, or as old with a smaller id.
#[derive(Clone, Copy)]
struct Place {
    at: i64,
    id: ResponseId,
}

/// A row as the query gives it.
#[derive(Deserialize)]
struct Row {
    id: String,
    at: i64,
    score: Option<Score>,
    comment: Option<String>,
    dismissed: u8,
    variant: String,
    channel: String,
    lang: Option<String>,
    page: Option<String>,
    user: Option<String>,
    properties: Option<BTreeMap<String, String>>,
    score_ms: Option<u32>,
}

/// A response as the owner sees it.
#[derive(Serialize)]
struct Listed {
    id: String,
    at: String,
    score: Option<Score>,
    category: Option<Category>,
    comment: Option<String>,
    dismissed: bool,
    seconds: Option<f64>,
    channel: String,
    variant: String,
    lang: Option<String>,
    page: Option<String>,
    user: Option<String>,
    properties: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Page {
    responses: Vec<Listed>,
    next_cursor: Option<String>,
}

const COLUMNS: &str =
    "json_object('id', lower(hex(id)), 'at', at, 'score', score, 'comment', comment, 'dismissed', dismissed,
    'variant', variant, 'channel', channel, 'lang', lang, 'page', page, 'user', user,
    'properties', json(properties), 'score_ms', score_ms)";

impl Inner {
    pub fn list(&self, url: &Url) -> Outcome<Response> {
        let (mut limit, mut place) = (DEFAULT_LIMIT, None);
        for (name, value) in url.query_pairs() {
            match name.as_ref() {
                "limit" => {
                    // A plus sign is no digit, though `parse` would take it.
                    let digits = value.bytes().all(|byte| byte.is_ascii_digit()).then_some(value);
                    limit = digits
                        .and_then(|digits| digits.parse().ok())
                        .filter(|limit| (1..=MAX_LIMIT).contains(limit))
                        .ok_or_else(|| {
                            Invalid::at("limit", format!("Must be a number from 1 to {MAX_LIMIT}."))
                        })?;
                }
                "cursor" => {
                    let wrong = || Invalid::at("cursor", "Must be a next_cursor as it was answered.");
                    place = Some(Place::parse(&value).ok_or_else(wrong)?);
                }
                _ => {
                    return Err(Invalid::at(
                        name,
                        "There is no such parameter here. There are limit and cursor.",
                    )
                    .into());
                }
            }
        }
        let place = place.unwrap_or_else(Place::newest);
        let mut rows = self.timed(place, limit + 1)?;
        rows.extend(self.untimed(place, limit + 1)?);
        // Hexadecimal digits sort as the bytes do.
        rows.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|last| format!("{:012x}{}", last.at, last.id));
        reply::json(200, &Page { responses: rows.into_iter().map(Listed::from).collect(), next_cursor })
    }

    /// Rows whose id carries their time: the key is in order.
    fn timed(&self, place: Place, limit: usize) -> Outcome<Vec<Row>> {
        let query = format!(
            "SELECT json_group_array(json(row)) FROM
                (SELECT {COLUMNS} AS row FROM response WHERE timed = 1 AND id < ? ORDER BY id DESC LIMIT ?)"
        );
        self.database.json(&query, vec![SqlStorageValue::Blob(place.bound().to_vec()), number(limit)])
    }

    /// Rows whose id does not: the partial index is in order.
    fn untimed(&self, place: Place, limit: usize) -> Outcome<Vec<Row>> {
        let query = format!(
            "SELECT json_group_array(json(row)) FROM
                (SELECT {COLUMNS} AS row FROM response WHERE timed = 0 AND (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?)"
        );
        let id = SqlStorageValue::Blob(place.id.bytes().to_vec());
        self.database.json(&query, vec![place.at.into(), id, number(limit)])
    }
}

fn number(limit: usize) -> SqlStorageValue {
    SqlStorageValue::Integer(i64::try_from(limit).unwrap_or(i64::MAX))
}

impl Place {
    /// Before every row there can be.
    fn newest() -> Self {
        // Imports may be dated a day ahead.
        Self { at: now() + 2 * 86_400_000, id: ResponseId::from_bytes([0; 16]) }
    }

    /// Twelve hexadecimal digits of the time, 32 of the id.
    fn parse(text: &str) -> Option<Self> {
        // `from_str_radix` would take signs too.
        let (at, id) = text.split_at_checked(12).filter(|_| text.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let at = i64::from_str_radix(at, 16).ok()?;
        let id: Vec<u8> =
            (0..32).step_by(2).filter_map(|i| u8::from_str_radix(id.get(i..i + 2)?, 16).ok()).collect();
        (text.len() == 44).then_some(Self { at, id: ResponseId::from_bytes(id.try_into().ok()?) })
    }

    /// The smallest key that no timed row after this place reaches: such a row is older, or as old and its id smaller.
    fn bound(self) -> [u8; 16] {
        let lowest = prefix(self.at);
        (*self.id.bytes()).clamp(lowest, prefix(self.at.saturating_add(1)).max(lowest))
    }
}

/// The smallest id of that time.
fn prefix(at: i64) -> [u8; 16] {
    let mut id = [0; 16];
    id.iter_mut().zip(at.to_be_bytes().into_iter().skip(2)).for_each(|(to, from)| *to = from);
    id
}

impl From<Row> for Listed {
    fn from(row: Row) -> Self {
        Self {
            id: hyphenated(row.id),
            at: iso(row.at),
            score: row.score,
            category: row.score.map(Score::category),
            comment: row.comment,
            dismissed: row.dismissed == 1 && row.score.is_none(),
            seconds: row.score_ms.map(|ms| f64::from(ms) / 1000.0),
            channel: row.channel,
            variant: row.variant,
            lang: row.lang,
            page: row.page,
            user: row.user,
            properties: row.properties.unwrap_or_default(),
        }
    }
}

/// A UUID with its hyphens.
fn hyphenated(mut text: String) -> String {
    for at in [20, 16, 12, 8] {
        if text.is_char_boundary(at) {
            text.insert(at, '-');
        }
    }
    text
}

/// Unix milliseconds as ISO 8601 in UTC.
fn iso(at: i64) -> String {
    String::from(worker::js_sys::Date::new(&(at as f64).into()).to_iso_string())
}
