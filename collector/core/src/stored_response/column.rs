//! Type of a column.

use api::ResponseUpdate;
use serde_json::Value;

use super::NewResponse;

/// Value of a cell of the wire row, as JSON.
pub type Cell = fn(&NewResponse) -> Value;

/// Column of a stored response, of its exports, or of both.
pub struct Column {
    /// Name of the column, of its cell and of its field in JSON and CSV.
    pub name: &'static str,
    /// Value of its cell in the wire row.
    pub cell: Option<Cell>,
    /// SQL of the inserted value. `None` if a message does not insert it.
    pub insert: Option<Insert>,
    /// Merge with the value of another message about the same response.
    pub merge: Merge,
    /// Format in exports.
    pub export: Option<Export>,
    /// Reader of an imported cell.
    pub import: Option<Import>,
}

/// Inserted value of a column.
#[derive(Clone, Copy)]
pub enum Insert {
    /// Its cell.
    Cell,
    /// SQL, in which `{name}` is a cell.
    Sql(&'static str),
}

/// Merge of the values of two messages about one response.
#[derive(Clone, Copy)]
pub enum Merge {
    /// The stored value stays, even where it is null.
    Never,
    /// The first value stays.
    First,
    /// The value of the message with the later time stays: `of` is the column that must have a
    /// value, `by` its time in milliseconds.
    Newest { of: &'static str, by: &'static str },
    /// The larger number stays.
    Max,
    /// JSON object of at most so many members: the first value of a member stays.
    FirstMembers(usize),
    /// JSON object of at most so many members: the last value of a member stays, and null removes
    /// it.
    LastMembers(usize),
}

/// Format of a column in JSON and CSV.
#[derive(Clone, Copy)]
pub enum Export {
    /// Text, as it is in the column of that name.
    Text,
    /// Text that SQL computes.
    TextOf(fn() -> String),
    /// Number that SQL computes.
    Number(&'static str),
    /// SQL of Unix milliseconds, as ISO 8601 in UTC.
    Time(&'static str),
    /// SQL of a condition, as true or false.
    Flag(&'static str),
    /// JSON array of words in the column of that name; in CSV with spaces between.
    Words,
    /// JSON object in the column of that name.
    Object,
    /// Properties: a JSON object; in CSV a column for each declared property, and one for the rest.
    Properties,
}

/// Reader of an imported cell.
#[derive(Debug, Clone, Copy)]
pub enum Import {
    /// Id of the response, or the file's own id, from which one is computed.
    Id,
    /// Time of the response.
    At,
    /// Score, in any of the forms that tools write.
    Score,
    /// The owner's name for the user, of which only a digest is stored. Read only where the owner
    /// names the column.
    User,
    /// Text of at most so many characters, which is set in the update or refused. A longer text is
    /// cut.
    Text(usize, fn(&mut ResponseUpdate, String) -> Result<(), String>),
}

/// Creates a column whose value a message brings as a cell.
pub const fn stored(name: &'static str, cell: Cell) -> Column {
    let insert = Some(Insert::Cell);
    Column { name, cell: Some(cell), insert, merge: Merge::Never, export: None, import: None }
}

/// Creates a column that is inserted as SQL over the cells.
pub const fn computed(name: &'static str, sql: &'static str) -> Column {
    let insert = Some(Insert::Sql(sql));
    Column { name, cell: None, insert, merge: Merge::Never, export: None, import: None }
}

/// Creates a column of exports that no message brings.
pub const fn exported(name: &'static str, export: Export) -> Column {
    Column { name, cell: None, insert: None, merge: Merge::Never, export: Some(export), import: None }
}

impl Column {
    /// Inserts SQL instead of the bare cell.
    pub const fn inserted(mut self, sql: &'static str) -> Self {
        self.insert = Some(Insert::Sql(sql));
        self
    }

    /// Merges the values of two messages.
    pub const fn merged(mut self, merge: Merge) -> Self {
        self.merge = merge;
        self
    }

    /// Adds the column to JSON and CSV.
    pub const fn with_export(mut self, export: Export) -> Self {
        self.export = Some(export);
        self
    }

    /// Reads the column from an imported file.
    pub const fn imported(mut self, import: Import) -> Self {
        self.import = Some(import);
        self
    }
}
