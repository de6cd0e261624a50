//! The responses, newest first.
//!
//! Rows come from two places that are each in order, the ids that carry their time and the index of those that do
//! not, and are merged by time and id. A cursor is the time and id of the last row that was looked at, so pages stay right
//! while answers come in.
//!
//! A filter that an index can answer (a state, a user, rare words) begins with its few responses. Any other looks at no more than
//! [`SCAN`] rows for a page, so that one request cannot hold up the answers of visitors: a page may then be short or even
//! empty while `next_cursor` says that there is more.
//!
//! A page ends by bytes as well ([`PAGE_BYTES`]), since a value of SQLite has at most 2 MB and anybody may send long answers. So
//! the places of its rows are looked for first, and then the rows are written, each as a value of its own.

mod case;
mod condition;
mod listed;

use api::{ResponseId, ValidationError};
use collector_core::Filter;
use serde_json::Value;
use worker::{Response, ResponseBuilder, SqlStorageValue};

use self::condition::Condition;
use self::listed::{Form, Listed, SIZE};
use super::asked::Asked;
use super::{Inner, clock::now};
use crate::reply::{self, Outcome, Problem};
use crate::row::{hex, id_of};

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 200;
/// How many responses a piece of an export has.
const PIECE: usize = 500;
/// How many bytes the rows of a page have, unless one row alone has more.
pub const PAGE_BYTES: usize = 1_000_000;
/// Before every time there can be; numbers cross the border as f64, which holds this one.
const EVER: i64 = -(1 << 53) + 1;
/// How many rows of each of the two places are looked at for one page.
const SCAN: usize = 20_000;

/// A place in the list: what comes after it is older, or as old with a smaller id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    at: i64,
    id: ResponseId,
}

/// A page and where the next begins.
struct Page {
    rows: Vec<String>,
    next: Option<Place>,
}

/// Rows that a page may hold, in order, and the place up to which was looked where that is not the end.
struct Places {
    rows: Vec<Listed>,
    left: Option<Place>,
}

impl Inner {
    pub fn list(&self, asked: &Asked) -> Outcome<Response> {
        let (mut limit, mut cursor, mut filter) = (None, None, Filter::default());
        for (name, value) in asked.query() {
            match name.as_str() {
                "limit" => Asked::once(&mut limit, "limit", value)?,
                "cursor" => Asked::once(&mut cursor, "cursor", value)?,
                _ if filter.try_set(&name, &value)? => {}
                _ => return Err(Filter::unknown(&name, "limit, cursor").into()),
            }
        }
        let limit = limit.map_or(Ok(DEFAULT_LIMIT), |limit| limit_of(&limit))?;
        let place = cursor.map(|cursor| Place::parse(&cursor).ok_or_else(wrong_cursor)).transpose()?;
        let page = self.page(&listed::json(), &filter, place, limit)?;
        let next = page.next.map_or("null".into(), |next| format!("\"{}\"", next.text()));
        let text = format!("{{\"responses\":[{}],\"next_cursor\":{next}}}", page.rows.join(","));
        reply::json_text(200, text.into_bytes())
    }

    /// A piece of an export as text, with the cursor of the next in a header.
    pub fn export(&self, asked: &Asked) -> Outcome<Response> {
        let (mut format, mut filter) = (None, Filter::default());
        for (name, value) in asked.query() {
            match name.as_str() {
                "format" => Asked::once(&mut format, "format", value)?,
                _ if filter.try_set(&name, &value)? => {}
                _ => return Err(Filter::unknown(&name, "format").into()),
            }
        }
        let csv = match format.as_deref() {
            None | Some("csv") => true,
            Some("ndjson") => false,
            Some(_) => return Err(ValidationError::new("format", "Must be csv or ndjson.").into()),
        };
        let place = asked.cursor.as_deref().and_then(Place::parse);
        let properties = &self.settings()?.properties;
        let form = if csv { listed::csv(properties) } else { listed::json() };
        let page = self.page(&form, &filter, place, PIECE)?;
        let mut text = if csv && place.is_none() { listed::csv_header(properties) } else { String::new() };
        for row in &page.rows {
            text.push_str(row);
            if !csv {
                text.push('\n');
            }
        }
        piece(text, page.next)
    }

    /// Everything that is kept about one person, by pieces that make one JSON text together.
    pub fn person(&self, asked: &Asked, user: &str) -> Outcome<Response> {
        let place = asked.cursor.as_deref().and_then(Place::parse);
        let filter = Filter { user: Some(Self::named(user)?.to_owned()), ..Filter::default() };
        // However wrong a clock was: all of it.
        let page = self.page(&listed::json(), &filter, Some(place.unwrap_or(Place::first())), PIECE)?;
        let mut text = match place {
            None => format!("{{\"user\":{},\"responses\":[", Value::from(user)),
            Some(_) if page.rows.is_empty() => String::new(),
            Some(_) => ",".to_owned(),
        };
        text.push_str(&page.rows.join(","));
        if page.next.is_none() {
            text.push_str("]}");
        }
        piece(text, page.next)
    }

    /// One response as JSON, as the list has it.
    pub fn response(&self, id: &str) -> Outcome<String> {
        let missing = || Problem::not_found("response of this id");
        let id = ResponseId::parse(id).ok_or_else(missing)?;
        let query = format!("SELECT {} FROM response WHERE id = ?", listed::json().text);
        self.database.text(&query, vec![blob(id)])?.ok_or_else(missing)
    }

    fn page(&self, form: &Form, filter: &Filter, place: Option<Place>, limit: usize) -> Outcome<Page> {
        let Places { mut rows, left } = self.places(filter, place, limit)?;
        let found = rows.len();
        rows.truncate(fitting(rows.iter().take(limit).map(|row| row.2)));
        let ids = Value::from_iter(rows.iter().map(Listed::hex)).to_string();
        // In the order of the list, which CROSS JOIN keeps.
        let query = format!(
            "WITH given AS (SELECT unhex(value) AS given_id FROM json_each(?))
             SELECT {} FROM given CROSS JOIN response ON id = given_id",
            form.text
        );
        let mut values: Vec<SqlStorageValue> = vec![ids.into()];
        values.extend(form.values.clone());
        let mut texts = self.database.texts(&query, values)?;
        // What was reckoned from is not written yet: quotes and controls take more.
        texts.truncate(fitting(texts.iter().map(String::len)));
        rows.truncate(texts.len());
        let next = if rows.len() < found { rows.last().map(Listed::place) } else { left };
        Ok(Page { rows: texts, next })
    }

    /// The places of a page, and of one more row where there are more.
    fn places(&self, filter: &Filter, place: Option<Place>, limit: usize) -> Outcome<Places> {
        let zone = &self.settings()?.zone;
        let condition = Condition::of(self, filter)?;
        let start = |day: api::Day| zone.to_unix_ms(i64::from(day.number()) * 86_400);
        let mut begin = place.unwrap_or_else(Place::newest);
        if let Some(to) = filter.to {
            begin = begin.min(Place { at: start(to.plus(1)), id: ResponseId::from_bytes([0; 16]) });
        }
        let end = filter.from.map_or(EVER, start);
        if condition.narrow.is_some() {
            return self.narrow(&condition, begin, end, limit);
        }
        let timed = self.timed(&condition, begin, end, limit)?;
        let untimed = self.untimed(&condition, begin, end, limit)?;
        // Where one place was left before its end, nothing older may be shown yet.
        let left = timed.left.max(untimed.left);
        let mut rows = timed.rows;
        rows.extend(untimed.rows);
        rows.sort_by_key(|row| std::cmp::Reverse(row.place()));
        rows.retain(|row| left.is_none_or(|left| row.place() >= left));
        Ok(Places { rows, left })
    }

    /// From the few that an index names.
    fn narrow(&self, condition: &Condition, begin: Place, end: i64, limit: usize) -> Outcome<Places> {
        let query = format!(
            "SELECT json_group_array(json_array(at, hex, size)) FROM (SELECT at, hex(id) AS hex, {SIZE} AS size FROM response
                WHERE {} AND {} AND (at, id) < (?, ?) AND at >= ? ORDER BY at DESC, id DESC LIMIT ?)",
            condition.narrow.as_deref().unwrap_or("1"),
            condition.wide
        );
        let mut values = condition.values.clone();
        values.extend([begin.at.into(), blob(begin.id), end.into(), number(limit + 1)]);
        Ok(Places { rows: self.database.json(&query, values)?, left: None })
    }

    /// Rows whose id carries their time: the key is in order.
    fn timed(&self, condition: &Condition, begin: Place, end: i64, limit: usize) -> Outcome<Places> {
        let from = "timed = 1 AND id < ? AND id >= ? ORDER BY id DESC";
        let bounds = vec![
            SqlStorageValue::Blob(begin.bound().to_vec()),
            SqlStorageValue::Blob(prefix(end.max(0)).to_vec()),
        ];
        self.scan(from, bounds, condition, limit)
    }

    /// Rows whose id does not: the partial index is in order.
    fn untimed(&self, condition: &Condition, begin: Place, end: i64, limit: usize) -> Outcome<Places> {
        let from = "timed = 0 AND (at, id) < (?, ?) AND at >= ? ORDER BY at DESC, id DESC";
        self.scan(from, vec![begin.at.into(), blob(begin.id), end.into()], condition, limit)
    }

    fn scan(
        &self,
        from: &str,
        mut values: Vec<SqlStorageValue>,
        condition: &Condition,
        limit: usize,
    ) -> Outcome<Places> {
        // Without a condition each row counts, so more than a page need not be looked at.
        let scan = if condition.is_empty() { limit + 1 } else { SCAN };
        // The last row that was looked at comes first, if there may be more behind it.
        let query = format!(
            "WITH seen AS MATERIALIZED (SELECT id, at FROM response WHERE {from} LIMIT ?),
                  found AS (SELECT at, hex(id) AS hex, {SIZE} AS size FROM response WHERE id IN (SELECT id FROM seen) AND {}
                            ORDER BY at DESC, id DESC LIMIT ?)
             SELECT json_array(
                json((SELECT json_array(at, hex(id)) FROM seen WHERE (SELECT count(*) FROM seen) = ? ORDER BY at, id LIMIT 1)),
                (SELECT json_group_array(json_array(at, hex, size)) FROM found))",
            condition.wide
        );
        values.push(number(scan));
        values.extend(condition.values.clone());
        values.extend([number(limit + 1), number(scan)]);
        let (last, mut rows): (Option<(i64, String)>, Vec<Listed>) = self.database.json(&query, values)?;
        let mut left = last.map(|(at, id)| Place { at, id: id_of(&id) });
        if rows.len() > limit {
            rows.truncate(limit);
            left = rows.last().map(Listed::place);
        }
        Ok(Places { rows, left })
    }
}

/// How many rows of these bytes fit into a page: at least one, so that a list always goes on.
pub fn fitting(sizes: impl Iterator<Item = usize>) -> usize {
    let mut bytes = 0;
    let fits = sizes.enumerate().take_while(|(nth, size)| {
        bytes += size + 1;
        *nth == 0 || bytes <= PAGE_BYTES
    });
    fits.count()
}

/// A piece of what the Worker sends on, with the cursor of the next in a header.
fn piece(text: String, next: Option<Place>) -> Outcome<Response> {
    let headers = worker::Headers::new();
    if let Some(next) = next {
        headers.set("x-next", &next.text())?;
    }
    Ok(ResponseBuilder::new().with_headers(headers).fixed(text.into_bytes()))
}

fn limit_of(value: &str) -> Result<usize, ValidationError> {
    // A plus sign is no digit, though `parse` would take it.
    let digits = value.bytes().all(|byte| byte.is_ascii_digit()).then_some(value);
    digits
        .and_then(|digits| digits.parse().ok())
        .filter(|limit| (1..=MAX_LIMIT).contains(limit))
        .ok_or_else(|| ValidationError::new("limit", format!("Must be a number from 1 to {MAX_LIMIT}.")))
}

fn wrong_cursor() -> ValidationError {
    ValidationError::new("cursor", "Must be a next_cursor as it was answered.")
}

fn number(limit: usize) -> SqlStorageValue {
    SqlStorageValue::Integer(i64::try_from(limit).unwrap_or(i64::MAX))
}

fn blob(id: ResponseId) -> SqlStorageValue {
    SqlStorageValue::Blob(id.bytes().to_vec())
}

impl Place {
    /// Returns the place before every row there is, even one dated by a wrong clock. Numbers cross the border as f64.
    fn first() -> Self {
        Self { at: (1 << 53) - 1, id: ResponseId::from_bytes([0; 16]) }
    }

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
        (text.len() == 44).then(|| Self { at, id: id_of(id) })
    }

    fn text(self) -> String {
        format!("{:012x}{}", self.at, hex(self.id))
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
