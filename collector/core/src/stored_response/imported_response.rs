//! Response of an imported file, and the readers of its cells.

use api::slug::is_slug;
use api::{Mark, ResponseUpdate};

/// Response of an imported file.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedResponse {
    /// When it was given, as Unix milliseconds.
    pub at: i64,
    /// Content of the response.
    pub update: ResponseUpdate,
    /// Origin of its id.
    pub id_source: IdSource,
}

/// Origin of an imported response's id, which tells who could have written an update under it
/// before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdSource {
    /// A digest of the line. Anybody who knows or guesses the line can work it out, and no showing
    /// of the survey has it.
    Digest,
    /// A UUID in an export of ours, on a line that says that it was imported. It may be a digest of
    /// a line in another file.
    ImportedBefore,
    /// Any other UUID in the file. It may be that of a showing, whose browser has written about it.
    File,
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
