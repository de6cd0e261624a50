//! The object's SQLite database, with counters of what it costs.

use std::cell::Cell;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use worker::{Response, SqlCursor, SqlStorage, SqlStorageValue};

use crate::http::{ApiResult, Problem, response};
use crate::json_object::{JsonObject, list_from_json};

/// Database of one site.
pub struct Database {
    sql: SqlStorage,
    rows_written: Cell<u64>,
    rows_read: Cell<u64>,
    config_reads: Cell<u64>,
}

impl Database {
    /// Wraps the storage of the object.
    pub fn new(sql: SqlStorage) -> Self {
        Self { sql, rows_written: Cell::new(0), rows_read: Cell::new(0), config_reads: Cell::new(0) }
    }

    /// Runs a statement to its end and returns the number of rows that it wrote.
    pub fn run(&self, statement: &str, values: Vec<SqlStorageValue>) -> ApiResult<u64> {
        let cursor = self.sql.exec(statement, values)?;
        // The last statement's rows must be taken, or it has not run to its end.
        for row in cursor.raw() {
            row?;
        }
        Ok(self.record_usage(&cursor))
    }

    /// Returns the text in the first column of the first row, if there is a row.
    ///
    /// Queries let SQLite make one JSON text of all their rows: one text crosses from JavaScript
    /// much faster than many cells.
    pub fn text(&self, query: &str, values: Vec<SqlStorageValue>) -> ApiResult<Option<String>> {
        let cursor = self.sql.exec(query, values)?;
        let mut text = None;
        for row in cursor.raw() {
            if let (None, Some(SqlStorageValue::String(first))) = (&text, row?.into_iter().next()) {
                text = Some(first);
            }
        }
        self.record_usage(&cursor);
        Ok(text)
    }

    /// Returns the text in the first column of each row: for rows that together may be too large
    /// for one value. SQLite in an object takes values of 2 MB.
    pub fn texts(&self, query: &str, values: Vec<SqlStorageValue>) -> ApiResult<Vec<String>> {
        let cursor = self.sql.exec(query, values)?;
        let mut texts = Vec::new();
        for row in cursor.raw() {
            if let Some(SqlStorageValue::String(first)) = row?.into_iter().next() {
                texts.push(first);
            }
        }
        self.record_usage(&cursor);
        Ok(texts)
    }

    /// Deserializes the JSON text in the first row.
    pub fn json<T: DeserializeOwned>(&self, query: &str, values: Vec<SqlStorageValue>) -> ApiResult<T> {
        let text = self.text(query, values)?.ok_or_else(missing_row)?;
        serde_json::from_str(&text).map_err(Problem::internal)
    }

    /// Deserializes the JSON array of objects in the first row.
    pub fn objects<T: JsonObject>(&self, query: &str, values: Vec<SqlStorageValue>) -> ApiResult<Vec<T>> {
        list_from_json(&self.text(query, values)?.ok_or_else(missing_row)?)
    }

    /// Returns the number that a query selects as a JSON array of one.
    pub fn count(&self, query: &str, values: Vec<SqlStorageValue>) -> ApiResult<u64> {
        let [count]: [u64; 1] = self.json(query, values)?;
        Ok(count)
    }

    /// Responds with the JSON text in the first row.
    pub fn json_response(
        &self,
        status: u16,
        query: &str,
        values: Vec<SqlStorageValue>,
    ) -> ApiResult<Response> {
        let text = self.text(query, values)?.ok_or_else(missing_row)?;
        response::json_text(status, text.into_bytes())
    }

    /// Counts a read of the public settings.
    pub fn count_config_read(&self) {
        self.config_reads.update(|reads| reads + 1);
    }

    /// Returns the usage since the object was started, in the units of Cloudflare's bill.
    pub fn usage(&self) -> Value {
        json!({
            "rows_written": self.rows_written.get(),
            "rows_read": self.rows_read.get(),
            "loader_calls": self.config_reads.get(),
            "database_bytes": self.sql.database_size(),
        })
    }

    fn record_usage(&self, cursor: &SqlCursor) -> u64 {
        let written = cursor.rows_written() as u64;
        self.rows_written.update(|rows| rows + written);
        self.rows_read.update(|rows| rows + cursor.rows_read() as u64);
        written
    }
}

fn missing_row() -> Problem {
    Problem::internal("a query of JSON without a row")
}
