//! A response as the owner sees it, in JSON and in CSV. SQLite writes both: text crosses from
//! JavaScript once and is sent on unparsed.

use std::sync::LazyLock;

use collector_core::stored_response;
use serde::Deserialize;
use worker::SqlStorageValue;

use crate::cursor::Cursor;

/// Response that a page may hold: its time, its hexadecimal id and its approximate size in bytes.
#[derive(Deserialize)]
pub struct ListedRow(i64, String, usize);

/// SQL of the approximate size of a response in bytes.
pub static SIZE: LazyLock<String> = LazyLock::new(stored_response::size);

impl ListedRow {
    /// Returns the position of the row in the list.
    pub fn cursor(&self) -> Cursor {
        Cursor::of_row(self.0, &self.1)
    }

    /// Returns the id as hexadecimal digits.
    pub fn hex_id(&self) -> &str {
        &self.1
    }

    /// Returns the approximate size in bytes.
    pub fn size_bytes(&self) -> usize {
        self.2
    }
}

/// Format of a row, as SQL.
pub struct RowFormat {
    /// SQL of the text of a row.
    pub text: String,
    /// Values in it.
    pub values: Vec<SqlStorageValue>,
}

static JSON: LazyLock<String> = LazyLock::new(stored_response::json);

/// Returns the format of a JSON object.
pub fn json() -> RowFormat {
    RowFormat { text: JSON.clone(), values: Vec::new() }
}

/// Returns the format of a line of CSV.
pub fn csv(declared: &[String]) -> RowFormat {
    let paths: Vec<SqlStorageValue> =
        stored_response::csv_paths(declared).into_iter().map(SqlStorageValue::from).collect();
    RowFormat { text: stored_response::csv_row(declared), values: [paths.clone(), paths].concat() }
}
