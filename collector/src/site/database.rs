//! The object's SQLite database, with counters of what it costs.
//!
//! Statements between two awaits are on disk together or not at all, whenever the process ends. A
//! statement that fails does not undo those before it, though; [`Database::transaction`] does.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use collector_core::object_size;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use worker::js_sys::Promise;
use worker::wasm_bindgen_futures::JsFuture;
use worker::worker_sys::DurableObjectStorage;
use worker::{Error, Response, SqlCursor, SqlStorage, SqlStorageValue, wasm_bindgen};

use crate::http::{ApiResult, Problem, response};
use crate::json_object::{JsonObject, list_from_json};

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
extern "C" {
    /// Storage of the object, for the functions that the `worker` crate does not bind.
    type SyncStorage;

    /// Resolves when all that was written so far is on disk.
    #[wasm_bindgen(method, catch)]
    fn sync(this: &SyncStorage) -> Result<Promise, JsValue>;

    /// Calls a function in a transaction, or in a savepoint of the one that is under way. What it
    /// wrote is undone if it throws.
    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &SyncStorage,
        work: &mut dyn FnMut() -> Result<(), JsValue>,
    ) -> Result<(), JsValue>;
}

/// Database of one site.
pub struct Database {
    sql: SqlStorage,
    storage: SyncStorage,
    rows_written: Cell<u64>,
    rows_read: Cell<u64>,
    config_reads: Cell<u64>,
    /// Version of the file when the object was started; see [`Database::check_sole_writer`].
    file_version: Cell<Option<f64>>,
}

impl Database {
    /// Wraps the storage of the object.
    pub fn new(sql: SqlStorage, storage: DurableObjectStorage) -> Self {
        Self {
            sql,
            storage: storage.unchecked_into(),
            rows_written: Cell::new(0),
            rows_read: Cell::new(0),
            config_reads: Cell::new(0),
            file_version: Cell::new(None),
        }
    }

    /// Fails with 503 once another process has written to the file: what is kept in memory is
    /// outdated then, and two writers would count twice. SQLite changes `data_version` for every
    /// commit but those of this connection.
    ///
    /// Of two processes the one that was first stops: the later one began with what the first had
    /// written.
    pub fn check_sole_writer(&self) -> ApiResult<()> {
        let cursor = self.sql.exec("PRAGMA data_version", vec![])?;
        let mut version = None;
        for row in cursor.raw() {
            version = row?.into_iter().next();
        }
        let version = match version {
            Some(SqlStorageValue::Integer(version)) => version as f64,
            Some(SqlStorageValue::Float(version)) => version,
            _ => return Ok(()),
        };
        match self.file_version.replace(self.file_version.get().or(Some(version))) {
            Some(first) if first != version => Err(Problem::second_writer()),
            _ => Ok(()),
        }
    }

    /// Does work that stands or falls together: an error or a panic in it undoes all that it wrote.
    /// Transactions may be nested.
    pub fn transaction<T>(&self, work: impl FnOnce() -> ApiResult<T>) -> ApiResult<T> {
        let (mut work, mut value) = (Some(work), None);
        self.transact(&mut || {
            if let Some(work) = work.take() {
                value = Some(work()?);
            }
            Ok(())
        })?;
        value.ok_or_else(|| Problem::internal("a transaction that was not run"))
    }

    fn transact(&self, work: &mut dyn FnMut() -> ApiResult<()>) -> ApiResult<()> {
        let mut failure: Option<Result<Problem, Box<dyn Any + Send>>> = None;
        // A panic may not pass through JavaScript, so it is caught here and goes on behind it.
        let mut caught = AssertUnwindSafe((work, &mut failure));
        let result = self.storage.transaction_sync(&mut move || {
            let (work, failure) = &mut *caught;
            **failure = match catch_unwind(AssertUnwindSafe(work)) {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(problem)) => Some(Ok(problem)),
                Err(panic) => Some(Err(panic)),
            };
            Err(JsValue::from_str("rolled back"))
        });
        match failure {
            None => result.map_err(|error| Error::from(error).into()),
            Some(Ok(problem)) => Err(problem),
            Some(Err(panic)) => resume_unwind(panic),
        }
    }

    /// Waits until all that was written so far is on disk.
    pub async fn sync(&self) -> ApiResult<()> {
        let durable = self.storage.sync().map_err(Error::from)?;
        JsFuture::from(durable).await.map_err(Error::from)?;
        Ok(())
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

    /// Returns the number that a query selects as a JSON array of one; `None` for a null.
    pub fn number(&self, query: &str, values: Vec<SqlStorageValue>) -> ApiResult<Option<i64>> {
        let [number]: [Option<i64>; 1] = self.json(query, values)?;
        Ok(number)
    }

    /// Returns a count, likewise.
    pub fn count(&self, query: &str, values: Vec<SqlStorageValue>) -> ApiResult<u64> {
        let count = self.number(query, values)?.and_then(|count| u64::try_from(count).ok());
        count.ok_or_else(missing_row)
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
            "database_bytes": self.size(),
            "database_limit_bytes": object_size::MAX_BYTES,
            "nearly_full": object_size::is_nearly_full(self.size()),
        })
    }

    /// Returns the size of the database in bytes.
    pub fn size(&self) -> u64 {
        self.sql.database_size() as u64
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
