//! A response on its way from the Worker to the object: a JSON array that only SQLite reads.
//!
//! The Worker has read and checked the message. The object, which receives all responses of a site,
//! passes the array to the database unparsed. The array has positions instead of names because that
//! is faster to write and to read; both sides are generated from one list.

use std::collections::BTreeMap;

use api::{Channel, ResponseId, ResponseUpdate};
use serde::Serialize;
use serde_json::{Value, json};

use super::column::Cell;
use super::{COLUMNS, IdSource, ImportedResponse, OTHER_CELLS};
use crate::Zone;

/// Message or imported line that is to be stored.
pub struct NewResponse {
    /// Content.
    pub(super) update: ResponseUpdate,
    /// Part that only an imported line has.
    imported: Option<Imported>,
}

struct Imported {
    at: i64,
    day: i32,
    replaces: Option<Replaces>,
}

/// Responses under the id of an imported one that did not come by an import, and so are no part of
/// it. The import replaces them.
#[derive(Clone, Copy)]
pub(super) enum Replaces {
    /// Any.
    Any = 1,
    /// A response of another time. One of the same time is the impression from which the imported
    /// response comes: it went out in an export, into another site, and from there back.
    OtherTime = 2,
}

impl NewResponse {
    /// Takes a browser's message. Its time and local day are for the object to say, whose clock
    /// counts.
    pub fn from_message(update: ResponseUpdate) -> Self {
        Self { update, imported: None }
    }

    /// Takes an imported line. Nothing is known of its impression, so it has no part in the
    /// response rate.
    pub fn from_import(response: ImportedResponse, zone: &Zone) -> Self {
        let ImportedResponse { at, update, id_source } = response;
        let replaces = match id_source {
            IdSource::Digest => Some(Replaces::Any),
            IdSource::ImportedBefore => Some(Replaces::OtherTime),
            IdSource::File => None,
        };
        Self { update, imported: Some(Imported { at, day: zone.day_of(at).number(), replaces }) }
    }

    /// Returns the row as a JSON array of its cells.
    pub fn to_row(&self) -> String {
        Value::Array(cells().map(|(_, cell)| cell(self)).collect()).to_string()
    }

    /// Time of an imported response. For any other the object knows it.
    pub(super) fn at(&self) -> Option<i64> {
        self.imported.as_ref().map(|imported| imported.at)
    }

    /// Local day of an imported response. For any other the object knows it.
    pub(super) fn day(&self) -> Option<i32> {
        self.imported.as_ref().map(|imported| imported.day)
    }

    pub(super) fn replaces(&self) -> Option<u8> {
        self.imported.as_ref()?.replaces.map(|replaces| replaces as u8)
    }

    pub(super) fn shown_flag(&self) -> u8 {
        u8::from(self.imported.is_none())
    }

    pub(super) fn channel(&self) -> Channel {
        match self.imported {
            Some(_) => Channel::Import,
            None => self.update.channel.unwrap_or(Channel::Web),
        }
    }

    pub(super) fn score_ms(&self) -> Option<u32> {
        self.update.score.and(self.update.elapsed_ms)
    }

    pub(super) fn comment_ms(&self) -> Option<u32> {
        self.update.comment.as_ref().and(self.update.elapsed_ms)
    }
}

/// Returns the cells in the order in which they stand in the array.
fn cells() -> impl Iterator<Item = (&'static str, Cell)> {
    let columns = COLUMNS.iter().filter_map(|column| Some((column.name, column.cell?)));
    columns.chain(OTHER_CELLS.iter().copied())
}

/// Returns the position of a cell in the array.
pub(super) fn cell_index(name: &str) -> Option<usize> {
    cells().position(|(cell, _)| cell == name)
}

/// Replaces `{cell}` in a statement by the SQL that reads the cell from a row in the column `row`.
pub fn statement(row: &str, template: &str) -> String {
    cells().enumerate().fold(template.to_owned(), |statement, (index, (name, _))| {
        statement.replace(&format!("{{{name}}}"), &format!("{row} ->> {index}"))
    })
}

/// Returns an array within a cell as its JSON text, or null where it is empty.
pub(super) fn array_text(values: impl Iterator<Item = &'static str>) -> Value {
    let values: Vec<&str> = values.collect();
    if values.is_empty() { Value::Null } else { json!(values).to_string().into() }
}

/// Returns an object within a cell as its JSON text, or null where it is empty.
pub(super) fn object_text<T: Serialize>(members: &BTreeMap<String, T>) -> Value {
    if members.is_empty() { Value::Null } else { json!(members).to_string().into() }
}

/// Returns the row of the full-text index: the 62 bits that are random in an id of version 4 or 7.
pub fn search_rowid(id: ResponseId) -> i64 {
    let [.., a, b, c, d, e, f, g, h] = *id.bytes();
    i64::from_be_bytes([a, b, c, d, e, f, g, h]) & 0x3fff_ffff_ffff_ffff
}
