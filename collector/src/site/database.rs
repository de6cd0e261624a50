//! The object's SQLite, with the figures of what it costs.

use std::cell::Cell;

use serde_json::{Value, json};
use worker::{Response, SqlCursor, SqlStorage, SqlStorageValue};

use crate::reply::{self, Outcome, Problem};

/// The database of one site.
pub struct Database {
    sql: SqlStorage,
    rows_written: Cell<u64>,
    rows_read: Cell<u64>,
    loader_calls: Cell<u64>,
}

impl Database {
    pub fn new(sql: SqlStorage) -> Self {
        Self { sql, rows_written: Cell::new(0), rows_read: Cell::new(0), loader_calls: Cell::new(0) }
    }

    /// Runs one statement to its end and answers how many rows it wrote.
    pub fn run(&self, statement: &str, values: Vec<SqlStorageValue>) -> Outcome<u64> {
        let cursor = self.sql.exec(statement, values)?;
        // The last statement's rows must be taken, or it has not run to its end.
        for row in cursor.raw() {
            row?;
        }
        Ok(self.count(&cursor))
    }

    /// The text in the first column of the first row, if there is one. Queries let SQLite make one JSON text of all
    /// their rows: one text crosses from JavaScript much faster than many cells.
    pub fn text(&self, query: &str, values: Vec<SqlStorageValue>) -> Outcome<Option<String>> {
        let cursor = self.sql.exec(query, values)?;
        let mut text = None;
        for row in cursor.raw() {
            if let (None, Some(SqlStorageValue::String(first))) = (&text, row?.into_iter().next()) {
                text = Some(first);
            }
        }
        self.count(&cursor);
        Ok(text)
    }

    /// The text in the first column of each row: for rows that may be too large for one value together. SQLite in an object takes
    /// values of 2 MB.
    pub fn texts(&self, query: &str, values: Vec<SqlStorageValue>) -> Outcome<Vec<String>> {
        let cursor = self.sql.exec(query, values)?;
        let mut texts = Vec::new();
        for row in cursor.raw() {
            if let Some(SqlStorageValue::String(first)) = row?.into_iter().next() {
                texts.push(first);
            }
        }
        self.count(&cursor);
        Ok(texts)
    }

    /// Value of the JSON text in the first row.
    pub fn json<T: serde::de::DeserializeOwned>(
        &self,
        query: &str,
        values: Vec<SqlStorageValue>,
    ) -> Outcome<T> {
        let text =
            self.text(query, values)?.ok_or_else(|| Problem::internal("a query of JSON without a row"))?;
        serde_json::from_str(&text).map_err(Problem::internal)
    }

    /// One number, of a query that answers an array of it.
    pub fn number(&self, query: &str, values: Vec<SqlStorageValue>) -> Outcome<u64> {
        let [number]: [u64; 1] = self.json(query, values)?;
        Ok(number)
    }

    /// The answer to a caller that a query writes as JSON text.
    pub fn answer(&self, status: u16, query: &str, values: Vec<SqlStorageValue>) -> Outcome<Response> {
        let text =
            self.text(query, values)?.ok_or_else(|| Problem::internal("a query of JSON without a row"))?;
        reply::json_text(status, text.into_bytes())
    }

    pub fn count_loader(&self) {
        self.loader_calls.update(|calls| calls + 1);
    }

    /// What the object did since it was last started, in the units of Cloudflare's bill.
    pub fn usage(&self) -> Value {
        json!({
            "rows_written": self.rows_written.get(),
            "rows_read": self.rows_read.get(),
            "loader_calls": self.loader_calls.get(),
            "database_bytes": self.sql.database_size(),
        })
    }

    fn count(&self, cursor: &SqlCursor) -> u64 {
        let written = cursor.rows_written() as u64;
        self.rows_written.update(|rows| rows + written);
        self.rows_read.update(|rows| rows + cursor.rows_read() as u64);
        written
    }
}
