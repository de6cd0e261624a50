//! The object's SQLite database, with counters of what it costs.
//!
//! Statements between two awaits are on disk together or not at all, whenever the process ends. A
//! statement that fails does not undo those before it, though; [`Database::transaction`] does.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr;

use collector_core::object_size;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use worker::js_sys::{Array, Promise};
use worker::worker_sys::DurableObjectStorage;
use worker::{Error, SqlStorageValue, wasm_bindgen};

use super::clock::now_ms;
use crate::http::{ApiResult, Problem, Response, response};
use crate::json_object::{JsonObject, list_from_json};
use crate::promise;

/// Time for which a check for another writer holds for those who only read, in milliseconds.
const VERSION_INTERVAL_MS: i64 = 100;

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

    #[wasm_bindgen(method, getter)]
    fn sql(this: &SyncStorage) -> Sql;

    /// SQL of the object. The `worker` crate's binding decodes a statement's text for each run, and
    /// crosses from JavaScript three times as often for each row.
    type Sql;

    #[wasm_bindgen(method, catch, variadic)]
    fn exec(this: &Sql, statement: &JsValue, values: &Array) -> Result<Cursor, JsValue>;

    #[wasm_bindgen(method, getter, js_name = databaseSize)]
    fn database_size(this: &Sql) -> f64;

    type Cursor;

    /// Rows as arrays.
    #[wasm_bindgen(method)]
    fn raw(this: &Cursor) -> Rows;

    #[wasm_bindgen(method, getter, js_name = rowsRead)]
    fn rows_read(this: &Cursor) -> f64;

    #[wasm_bindgen(method, getter, js_name = rowsWritten)]
    fn rows_written(this: &Cursor) -> f64;

    type Rows;

    #[wasm_bindgen(method, catch)]
    fn next(this: &Rows) -> Result<NextRow, JsValue>;

    type NextRow;

    /// The row; nothing after the last.
    #[wasm_bindgen(method, getter)]
    fn value(this: &NextRow) -> Option<Array>;
}

impl Rows {
    /// Returns the next row.
    fn next_row(&self) -> ApiResult<Option<Array>> {
        Ok(self.next().map_err(Error::from)?.value())
    }
}

/// Database of one site.
pub struct Database {
    sql: Sql,
    storage: SyncStorage,
    /// Frequent statements, each with its text as a string of the runtime.
    frequent: RefCell<Vec<(&'static str, JsValue)>>,
    rows_written: Cell<u64>,
    rows_read: Cell<u64>,
    config_reads: Cell<u64>,
    /// Version of the file when the object was started; see [`Database::check_sole_writer`].
    file_version: Cell<Option<f64>>,
    /// Time of the last check of the version.
    version_checked_ms: Cell<i64>,
}

impl Database {
    /// Wraps the storage of the object.
    pub fn new(storage: DurableObjectStorage) -> Self {
        let storage: SyncStorage = storage.unchecked_into();
        Self {
            sql: storage.sql(),
            storage,
            frequent: RefCell::default(),
            rows_written: Cell::new(0),
            rows_read: Cell::new(0),
            config_reads: Cell::new(0),
            file_version: Cell::new(None),
            version_checked_ms: Cell::new(0),
        }
    }

    /// Fails with 503 once another process has written to the file: what is kept in memory is
    /// outdated then, and two writers would count twice. SQLite changes `data_version` for every
    /// commit but those of this connection.
    ///
    /// Of two processes the one that was first stops: the later one began with what the first had
    /// written.
    pub fn check_sole_writer(&self) -> ApiResult<()> {
        let rows = self.exec(&self.frequent("PRAGMA data_version"), vec![])?.raw();
        let Some(version) = rows.next_row()?.and_then(|row| row.get(0).as_f64()) else { return Ok(()) };
        rows.next_row()?;
        match self.file_version.replace(self.file_version.get().or(Some(version))) {
            Some(first) if first != version => Err(Problem::second_writer()),
            _ => Ok(()),
        }
    }

    /// Checks for another writer unless it was done within [`VERSION_INTERVAL_MS`]. A caller who
    /// only reads learns of it that much later.
    pub fn check_sole_writer_lately(&self) -> ApiResult<()> {
        let now_ms = now_ms();
        if (0..VERSION_INTERVAL_MS).contains(&(now_ms - self.version_checked_ms.get())) {
            return Ok(());
        }
        self.check_sole_writer()?;
        self.version_checked_ms.set(now_ms);
        Ok(())
    }

    /// Returns the number of rows that the last statement inserted or updated, without those of its
    /// triggers.
    pub fn changes(&self) -> ApiResult<u64> {
        let rows = self.exec(&self.frequent("SELECT changes()"), vec![])?.raw();
        let changes = rows.next_row()?.and_then(|row| row.get(0).as_f64());
        rows.next_row()?;
        Ok(changes.unwrap_or_default() as u64)
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
        promise::wait(&durable).await.map_err(Error::from)?;
        Ok(())
    }

    /// Runs a statement to its end and returns the number of rows that it wrote.
    pub fn run(&self, statement: &str, values: Vec<SqlStorageValue>) -> ApiResult<u64> {
        let cursor = self.exec(&statement.into(), values)?;
        // The last statement's rows must be taken, or it has not run to its end.
        let rows = cursor.raw();
        while rows.next_row()?.is_some() {}
        Ok(self.record_usage(&cursor))
    }

    /// Runs a statement that is run for each message, and returns no rows: its text is passed to
    /// the runtime once, and it has run to its end at once.
    pub fn run_frequent(&self, statement: &'static str, values: Vec<SqlStorageValue>) -> ApiResult<u64> {
        Ok(self.record_usage(&self.exec(&self.frequent(statement), values)?))
    }

    /// Returns the text in the first column of the first row, if there is a row.
    ///
    /// Queries let SQLite make one JSON text of all their rows: one text crosses from JavaScript
    /// much faster than many cells.
    pub fn text(&self, query: &str, values: Vec<SqlStorageValue>) -> ApiResult<Option<String>> {
        let cursor = self.exec(&query.into(), values)?;
        let rows = cursor.raw();
        let text = rows.next_row()?.and_then(|row| row.get(0).as_string());
        while rows.next_row()?.is_some() {}
        self.record_usage(&cursor);
        Ok(text)
    }

    /// Returns the text in the first column of each row: for rows that together may be too large
    /// for one value. SQLite in an object takes values of 2 MB.
    pub fn texts(&self, query: &str, values: Vec<SqlStorageValue>) -> ApiResult<Vec<String>> {
        let cursor = self.exec(&query.into(), values)?;
        let rows = cursor.raw();
        let mut texts = Vec::new();
        while let Some(row) = rows.next_row()? {
            texts.extend(row.get(0).as_string());
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
        Ok(response::json_text(status, text))
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

    /// Returns the number of rows written since the object was started. Whatever changes the tables
    /// raises it.
    pub fn rows_written(&self) -> u64 {
        self.rows_written.get()
    }

    /// Returns the size of the database in bytes.
    pub fn size(&self) -> u64 {
        self.sql.database_size() as u64
    }

    fn exec(&self, statement: &JsValue, values: Vec<SqlStorageValue>) -> ApiResult<Cursor> {
        let array = Array::new();
        for value in values {
            array.push(&match value {
                SqlStorageValue::Integer(number) => JsValue::from_f64(number as f64),
                other => other.into(),
            });
        }
        Ok(self.sql.exec(statement, &array).map_err(Error::from)?)
    }

    /// Returns the runtime's string of a text. Texts that live for ever differ in their place.
    fn frequent(&self, text: &'static str) -> JsValue {
        let mut known = self.frequent.borrow_mut();
        if let Some((_, string)) = known.iter().find(|(known, _)| ptr::eq(*known, text)) {
            return string.clone();
        }
        let string = JsValue::from_str(text);
        known.push((text, string.clone()));
        string
    }

    fn record_usage(&self, cursor: &Cursor) -> u64 {
        let written = cursor.rows_written() as u64;
        self.rows_written.update(|rows| rows + written);
        self.rows_read.update(|rows| rows + cursor.rows_read() as u64);
        written
    }
}

fn missing_row() -> Problem {
    Problem::internal("a query of JSON without a row")
}
