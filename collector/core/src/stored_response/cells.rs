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
use crate::import::RowSecret;

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
    is_dated: bool,
    key: [u8; 16],
    /// Id by which a collector of an earlier version stored the row, if that is to be looked up.
    earlier_id: Option<ResponseId>,
    visitor_rule: Option<VisitorRule>,
}

/// Rule for a visitor's response under the UUID of an imported row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum VisitorRule {
    /// A response of the same time is that of the row: an export of ours that was edited.
    AdoptSameTime = 1,
    /// A response of another time is no part of the import, which replaces it. One of the same time
    /// is the impression from which the imported response comes: it went out in an export, into
    /// another site, and from there back.
    ReplaceOtherTime = 2,
}

impl NewResponse {
    /// Takes a browser's message. Its time and local day are for the object to say, whose clock
    /// counts.
    pub fn from_message(update: ResponseUpdate) -> Self {
        Self { update, imported: None }
    }

    /// Takes an imported row. Nothing is known of its impression, so it has no part in the response
    /// rate. `has_earlier` says whether the site may have rows of an earlier version.
    pub fn from_import(
        response: ImportedResponse,
        zone: &Zone,
        secret: &RowSecret,
        has_earlier: bool,
    ) -> Self {
        let ImportedResponse { at, is_dated, mut update, id_source, .. } = response;
        let mut earlier_id = None;
        let (key, visitor_rule) = match id_source {
            IdSource::Row { digest, id_at, has_uuid } => {
                let row = secret.row_key(&digest, id_at);
                earlier_id = (has_earlier || has_uuid).then_some(update.id);
                update.id = row.new_id;
                (row.key, has_uuid.then_some(VisitorRule::AdoptSameTime))
            }
            IdSource::ImportedBefore => (export_key(secret, &update), Some(VisitorRule::ReplaceOtherTime)),
            IdSource::Export => (export_key(secret, &update), None),
        };
        let day = zone.day_of(at).number();
        Self { update, imported: Some(Imported { at, day, is_dated, key, earlier_id, visitor_rule }) }
    }

    /// Id of the response, should it be new.
    pub fn id(&self) -> ResponseId {
        self.update.id
    }

    /// Whether the row may be known by the rule of an earlier version.
    pub fn may_be_adopted(&self) -> bool {
        self.imported.as_ref().is_some_and(|imported| imported.earlier_id.is_some())
    }

    /// Whether the row may take the place of a visitor's response.
    pub fn may_replace(&self) -> bool {
        let rule = self.imported.as_ref().and_then(|imported| imported.visitor_rule);
        rule == Some(VisitorRule::ReplaceOtherTime)
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

    /// Row of the full-text index. Imported responses are numbered as they are stored.
    pub(super) fn search_rowid(&self) -> Option<i64> {
        self.imported.is_none().then(|| search_rowid(self.update.id))
    }

    pub(super) fn row_key(&self) -> Option<String> {
        Some(hex::encode(self.imported.as_ref()?.key))
    }

    pub(super) fn earlier_id(&self) -> Option<String> {
        Some(self.imported.as_ref()?.earlier_id?.to_hex())
    }

    pub(super) fn visitor_rule(&self) -> Option<u8> {
        self.imported.as_ref()?.visitor_rule.map(|rule| rule as u8)
    }

    /// Time of an imported response that the file or the request names.
    pub(super) fn dated_at(&self) -> Option<i64> {
        self.imported.as_ref().filter(|imported| imported.is_dated).map(|imported| imported.at)
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

    /// All consents so far, as JSON text: an empty array where the visitor has taken back the last.
    pub(super) fn consents(&self) -> Value {
        self.update.consents.map_or(Value::Null, |consents| json!(consents).to_string().into())
    }

    /// Time of the consents. 0 stands for a list without a time: of two such lists the last stays.
    pub(super) fn consents_ms(&self) -> Option<u32> {
        self.update.consents.map(|_| self.update.elapsed_ms.unwrap_or(0))
    }

    pub(super) fn comment_ms(&self) -> Option<u32> {
        self.update.comment.as_ref().and(self.update.elapsed_ms)
    }
}

fn export_key(secret: &RowSecret, update: &ResponseUpdate) -> [u8; 16] {
    secret.row_key(&RowSecret::export_digest(update.id), 0).key
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

/// Returns an object within a cell as its JSON text, or null where it is empty.
pub(super) fn object_text<T: Serialize>(members: &BTreeMap<String, T>) -> Value {
    if members.is_empty() { Value::Null } else { json!(members).to_string().into() }
}

/// Returns the row of the full-text index for a response that has not come by an import: the 62
/// bits that are random in an id of version 4 or 7.
pub fn search_rowid(id: ResponseId) -> i64 {
    let [.., a, b, c, d, e, f, g, h] = *id.bytes();
    i64::from_be_bytes([a, b, c, d, e, f, g, h]) & 0x3fff_ffff_ffff_ffff
}
