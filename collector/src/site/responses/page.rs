//! Pages of the list of responses.
//!
//! Rows come from two places that are each in order, the ids that carry their time and the index of
//! those that do not, and are merged by time and id. A cursor is the time and id of the last row
//! that was scanned, so pages stay right while responses come in.
//!
//! A filter that an index serves (a state, a user, rare words) begins with its few responses.
//! Any other scans no more than [`FilterSql::max_scanned`] rows for a page, so that one request
//! cannot hold up messages of visitors: a page may then be short or even empty while there is a
//! next one.
//!
//! A page ends by bytes as well ([`MAX_PAGE_BYTES`]), since a value of SQLite has at most 2 MB and
//! anybody may send long text. So the rows of a page are found first, and then written, each as a
//! value of its own.

use std::cmp::Reverse;

use api::Day;
use collector_core::Filter;
use serde_json::Value;
use worker::SqlStorageValue;

use super::filter_sql::FilterSql;
use super::projection::{ListedRow, RowFormat, SIZE};
use super::sql_id;
use crate::cursor::Cursor;
use crate::http::ApiResult;
use crate::site::clock::DAY_S;
use crate::site::database::Database;
use crate::site::state::SiteState;

/// The most bytes of the rows of a page, unless one row alone has more.
const MAX_PAGE_BYTES: usize = 1_000_000;
/// Time before every response. Numbers cross from JavaScript as f64, which holds this one.
const MIN_TIME_MS: i64 = -MAX_TIME_MS;
/// Time after every response, however wrong a clock was.
const MAX_TIME_MS: i64 = (1 << 53) - 1;

/// Page of rows, as text, and the cursor of the next page.
pub struct Page {
    pub rows: Vec<String>,
    pub next: Option<Cursor>,
}

/// Ids of a page of responses, as hexadecimal digits, and the cursor of the next page.
pub struct Selection {
    pub ids: Vec<String>,
    pub next: Option<Cursor>,
}

/// Rows that a page may hold, in order, and the position up to which was scanned where that is not
/// the end.
struct Found {
    rows: Vec<ListedRow>,
    scanned_to: Option<Cursor>,
}

/// Bounds of a page: after the cursor, and not before the time.
#[derive(Clone, Copy)]
struct Bounds {
    after: Cursor,
    from_ms: i64,
    limit: usize,
}

/// Returns the position before every response, whatever time it has.
fn start_of_all() -> Cursor {
    Cursor::before(MAX_TIME_MS)
}

/// Reads a page of the responses that match a filter.
pub fn read(
    site: &SiteState,
    format: &RowFormat,
    filter: &Filter,
    cursor: Option<Cursor>,
    limit: usize,
) -> ApiResult<Page> {
    let Found { mut rows, scanned_to } = find(site, filter, cursor, limit)?;
    let found = rows.len();
    rows.truncate(fitting(rows.iter().take(limit).map(ListedRow::size_bytes)));
    let ids = Value::from_iter(rows.iter().map(ListedRow::hex_id)).to_string();
    // In the order of the list, which CROSS JOIN keeps.
    let query = format!(
        "WITH given AS (SELECT unhex(value) AS given_id FROM json_each(?)) \
         SELECT {} FROM given CROSS JOIN response ON id = given_id",
        format.text
    );
    let mut values: Vec<SqlStorageValue> = vec![ids.into()];
    values.extend(format.values.clone());
    let mut texts = site.database.texts(&query, values)?;
    // The sizes were estimated before the rows were written: quotes and controls take more.
    texts.truncate(fitting(texts.iter().map(String::len)));
    rows.truncate(texts.len());
    let next = if rows.len() < found { rows.last().map(ListedRow::cursor) } else { scanned_to };
    Ok(Page { rows: texts, next })
}

/// Selects a page of the responses that match a filter, to be changed.
pub fn select(
    site: &SiteState,
    filter: &Filter,
    cursor: Option<Cursor>,
    limit: usize,
) -> ApiResult<Selection> {
    let Found { mut rows, scanned_to } = find(site, filter, cursor, limit)?;
    let found = rows.len();
    rows.truncate(limit);
    let next = if rows.len() < found { rows.last().map(ListedRow::cursor) } else { scanned_to };
    Ok(Selection { ids: rows.iter().map(|row| row.hex_id().to_lowercase()).collect(), next })
}

/// Returns how many rows of these bytes fit into a page: at least one, so that a list always goes
/// on.
pub fn fitting(sizes: impl Iterator<Item = usize>) -> usize {
    let mut bytes = 0;
    let fits = sizes.enumerate().take_while(|(index, size)| {
        bytes += size + 1;
        *index == 0 || bytes <= MAX_PAGE_BYTES
    });
    fits.count()
}

/// Finds the rows of a page, and one more where there are more.
fn find(site: &SiteState, filter: &Filter, cursor: Option<Cursor>, limit: usize) -> ApiResult<Found> {
    let settings = site.settings()?;
    let condition = FilterSql::new(site, filter)?;
    let start_ms = |day: Day| settings.zone.to_unix_ms(i64::from(day.number()) * DAY_S);
    let mut after = cursor.unwrap_or_else(start_of_all);
    if let Some(to) = filter.to {
        after = after.min(Cursor::before(start_ms(to.plus(1))));
    }
    let bounds = Bounds { after, from_ms: filter.from.map_or(MIN_TIME_MS, start_ms), limit };
    if let Some(indexed) = &condition.indexed {
        return find_indexed(&site.database, &condition, indexed, bounds);
    }
    let timed = scan_timed(&site.database, &condition, bounds)?;
    let untimed = scan_untimed(&site.database, &condition, bounds)?;
    // Where one place was left before its end, nothing older may be returned yet.
    let scanned_to = timed.scanned_to.max(untimed.scanned_to);
    let mut rows = timed.rows;
    rows.extend(untimed.rows);
    rows.sort_by_key(|row| Reverse(row.cursor()));
    rows.retain(|row| scanned_to.is_none_or(|end| row.cursor() >= end));
    Ok(Found { rows, scanned_to })
}

/// Finds rows among the few that an index names.
fn find_indexed(
    database: &Database,
    condition: &FilterSql,
    indexed: &str,
    bounds: Bounds,
) -> ApiResult<Found> {
    let query = format!(
        "SELECT json_group_array(json_array(at, hex, size)) FROM (SELECT at, hex(id) AS hex, {size} AS size \
            FROM response \
            WHERE {indexed} AND {} AND (at, id) < (?, ?) AND at >= ? ORDER BY at DESC, id DESC LIMIT ?)",
        condition.residual,
        size = *SIZE
    );
    let Bounds { after, from_ms, limit } = bounds;
    let mut values = condition.values.clone();
    values.extend([after.at_ms.into(), sql_id(after.id), from_ms.into(), sql_limit(limit + 1)]);
    Ok(Found { rows: database.json(&query, values)?, scanned_to: None })
}

/// Scans rows whose id carries their time, in the order of the key.
fn scan_timed(database: &Database, condition: &FilterSql, bounds: Bounds) -> ApiResult<Found> {
    let range = "timed = 1 AND id < ? AND id >= ? ORDER BY id DESC";
    let values = vec![
        SqlStorageValue::Blob(timed_bound(bounds.after).to_vec()),
        SqlStorageValue::Blob(min_id(bounds.from_ms.max(0)).to_vec()),
    ];
    scan(database, range, values, condition, bounds.limit)
}

/// Scans rows whose id does not, in the order of the partial index.
fn scan_untimed(database: &Database, condition: &FilterSql, bounds: Bounds) -> ApiResult<Found> {
    let range = "timed = 0 AND (at, id) < (?, ?) AND at >= ? ORDER BY at DESC, id DESC";
    let values = vec![bounds.after.at_ms.into(), sql_id(bounds.after.id), bounds.from_ms.into()];
    scan(database, range, values, condition, bounds.limit)
}

fn scan(
    database: &Database,
    range: &str,
    mut values: Vec<SqlStorageValue>,
    condition: &FilterSql,
    limit: usize,
) -> ApiResult<Found> {
    let max_scanned = condition.max_scanned(limit);
    // The last row that was scanned comes first, if there may be more behind it.
    let query = format!(
        "WITH seen AS MATERIALIZED (SELECT id, at FROM response WHERE {range} LIMIT ?), \
              found AS (SELECT at, hex(id) AS hex, {size} AS size FROM response WHERE id IN (SELECT id \
                  FROM seen) AND {} \
                        ORDER BY at DESC, id DESC LIMIT ?) \
         SELECT json_array( \
            json((SELECT json_array(at, hex(id)) FROM seen WHERE (SELECT count(*) FROM seen) = ? \
                ORDER BY at, id LIMIT 1)), \
            (SELECT json_group_array(json_array(at, hex, size)) FROM found))",
        condition.residual,
        size = *SIZE
    );
    values.push(sql_limit(max_scanned));
    values.extend(condition.values.clone());
    values.extend([sql_limit(limit + 1), sql_limit(max_scanned)]);
    let (last, mut rows): (Option<(i64, String)>, Vec<ListedRow>) = database.json(&query, values)?;
    let mut scanned_to = last.map(|(at_ms, id)| Cursor::of_row(at_ms, &id));
    if rows.len() > limit {
        rows.truncate(limit);
        scanned_to = rows.last().map(ListedRow::cursor);
    }
    Ok(Found { rows, scanned_to })
}

/// Returns the smallest key that no timed row after this position reaches: such a row is older, or
/// as old and its id smaller.
fn timed_bound(after: Cursor) -> [u8; 16] {
    let lowest = min_id(after.at_ms);
    (*after.id.bytes()).clamp(lowest, min_id(after.at_ms.saturating_add(1)).max(lowest))
}

/// Returns the smallest id of that time.
fn min_id(at_ms: i64) -> [u8; 16] {
    let mut id = [0; 16];
    id.iter_mut().zip(at_ms.to_be_bytes().into_iter().skip(2)).for_each(|(to, from)| *to = from);
    id
}

fn sql_limit(limit: usize) -> SqlStorageValue {
    SqlStorageValue::Integer(i64::try_from(limit).unwrap_or(i64::MAX))
}
