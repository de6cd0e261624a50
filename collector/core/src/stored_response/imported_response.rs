//! Response of an imported file, and the readers of its cells.

use api::slug::is_slug;
use api::{Mark, ResponseUpdate};

use crate::import::RowDigest;

/// Response of an imported file.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedResponse {
    /// Number of its line in the file.
    pub line: u64,
    /// When it was given, as Unix milliseconds.
    pub at: i64,
    /// Whether the file or the request says when. Otherwise it is the time of the import.
    pub is_dated: bool,
    /// Content of the response. Its id is that of an export, or the one by which a collector of an
    /// earlier version would have stored the row.
    pub update: ResponseUpdate,
    /// Origin of its id.
    pub id_source: IdSource,
}

/// Origin of an imported response's id, which tells who could have written an update under it
/// before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdSource {
    /// The collector: the row is known by the key of its digest, and its response has a random id.
    Row {
        /// Digest of what identifies the row in its file.
        digest: RowDigest,
        /// Time in the random id.
        id_at: i64,
        /// Whether the row's own id is a UUID. An earlier version took it for that of the response,
        /// and it may be that of a visitor's response in an export that was edited.
        has_uuid: bool,
    },
    /// A UUID in an export of ours, on a line that says that it was imported. It may be a digest of
    /// a line in another file, from an earlier version.
    ImportedBefore,
    /// Any other UUID in an export of ours: that of an impression, whose browser has written about
    /// it.
    Export,
}

/// Sets the mark of a response in an export of ours. A column of that name in another file has
/// other words, and they mark nothing.
pub(super) fn set_mark(update: &mut ResponseUpdate, cell: String) -> Result<(), String> {
    update.mark = Mark::parse(&cell);
    Ok(())
}

/// Sets the variant of the question.
pub(super) fn set_variant(update: &mut ResponseUpdate, cell: String) -> Result<(), String> {
    if !is_slug(&cell) {
        return Err("The variant must be made of a–z, 0–9, - and _ only.".into());
    }
    update.variant = Some(cell);
    Ok(())
}
