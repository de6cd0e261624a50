//! Imports: what was found in a file, and what became of it.

use super::json::from_json;
use std::collections::BTreeMap;

use crate::api_error::WrongPart;

/// Result of an import, or of reading a file without storing it.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// Number of lines with data.
    pub rows: u64,
    /// Number of new responses. Absent when nothing was stored.
    pub stored: Option<u64>,
    /// Number of responses with other content than before.
    pub changed: Option<u64>,
    /// Number of responses that were stored before.
    pub already_there: Option<u64>,
    /// Number of rows whose responses were erased before.
    pub erased_before: Option<u64>,
    /// Lines with the id of another line.
    pub same_id: Cut,
    /// Number of rows that the other tool leaves out of its score.
    pub marked: u64,
    /// Number of valid lines without a score.
    pub without_score: u64,
    /// Number of valid lines without a date.
    pub without_date: u64,
    /// Number of invalid lines.
    pub rejected: u64,
    /// Number of responses that the retention will erase.
    pub older_than_kept: u64,
    /// Columns that are not kept, or not in full.
    pub left_out: Vec<LeftOut>,
    /// Lines with a text that was shortened.
    pub cut: Cut,
    /// The first invalid lines.
    pub errors: Vec<WrongPart>,
    /// Properties of the file, when nothing was stored.
    pub file: Option<ImportedFile>,
    /// The first rows, when nothing was stored.
    pub first_rows: Vec<ImportedRow>,
}

from_json!(Imported {
    rows,
    stored,
    changed,
    already_there,
    erased_before,
    same_id,
    marked,
    without_score,
    without_date,
    rejected,
    older_than_kept,
    left_out,
    cut,
    errors,
    file,
    first_rows
});

/// Column that is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Name in the file.
    pub column: String,
    /// Reason.
    pub reason: String,
}

from_json!(LeftOut { column, reason });

/// Lines with a text that was shortened, or with the id of another line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Their number.
    pub count: u64,
}

from_json!(Cut { count });

/// Properties of a file as the collector found them.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedFile {
    /// `csv` or `ndjson`.
    pub format: String,
    /// Encoding.
    pub encoding: String,
    /// Delimiter of a CSV.
    pub delimiter: Option<String>,
    /// Tool that wrote it.
    pub tool: Option<String>,
    /// Columns.
    pub columns: Vec<ImportedColumn>,
    /// Form of the first date.
    pub date_form: Option<String>,
}

from_json!(ImportedFile { format, encoding, delimiter, tool, columns, date_form });

/// Column with what becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedColumn {
    /// Name in the file.
    pub column: String,
    /// Field of the response.
    pub field: Option<String>,
    /// Property of the response.
    pub property: Option<String>,
    /// Reason why it is left out.
    pub left_out: Option<String>,
}

from_json!(ImportedColumn { column, field, property, left_out });

/// Row as it would be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedRow {
    /// Time.
    pub at: String,
    /// Score.
    pub score: Option<u8>,
    /// Comment.
    pub comment: Option<String>,
    /// Properties.
    pub properties: BTreeMap<String, serde_json::Value>,
}

from_json!(ImportedRow { at, score, comment, properties });

/// List of imports, the newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportList {
    /// Imports.
    pub imports: Vec<Import>,
}

from_json!(ImportList { imports });

/// File that was imported.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Id.
    pub id: String,
    /// Time at which storing began.
    pub created_at: String,
    /// `incomplete`, `complete` or `deleting`.
    pub state: String,
    /// Number of lines with data.
    pub rows: u64,
    /// Number of new responses.
    pub stored: u64,
    /// Number of responses with other content than before.
    pub changed: u64,
    /// Number of responses that were stored before.
    pub already_there: u64,
    /// Number of rows whose responses were erased before.
    pub erased_before: u64,
    /// Lines with the id of another line.
    pub same_id: Cut,
    /// Number of valid lines without a score.
    pub without_score: u64,
    /// Number of rows that the other tool leaves out of its score.
    pub marked: u64,
    /// Number of invalid lines.
    pub rejected: u64,
    /// Time until which it can be undone.
    pub changes_kept_until: Option<String>,
}

from_json!(Import {
    id,
    created_at,
    state,
    rows,
    stored,
    changed,
    already_there,
    erased_before,
    same_id,
    without_score,
    marked,
    rejected,
    changes_kept_until
});
