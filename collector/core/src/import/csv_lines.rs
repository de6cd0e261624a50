//! Lines of a file of separated values, by the names of its header.

use api::ValidationError;

use super::csv_rows::{CsvRows, Row};
use super::header::Header;
use super::row_reader::RowReader;
use super::{CHUNK_BYTES, CHUNK_LINES};

/// Position in a file.
pub(super) struct CsvLines {
    rows: CsvRows,
    row: Row,
    names: Vec<String>,
    /// Position of the search for the order of the dates, which is known only when every one of
    /// them was seen.
    ahead: Option<CsvRows>,
}

impl CsvLines {
    /// Begins with the first line after the header.
    pub(super) fn new(rows: CsvRows, header: Header, is_order_open: bool) -> Self {
        let ahead = is_order_open.then(|| rows.clone());
        Self { rows, row: Row::default(), names: header.originals, ahead }
    }

    /// Returns the delimiter.
    pub(super) fn delimiter(&self) -> char {
        char::from(self.rows.delimiter())
    }

    /// Reads some lines, or looks at their dates; whether there are more.
    pub(super) fn read_chunk(&mut self, lines: &mut RowReader, text: &str) -> Result<bool, ValidationError> {
        let Self { rows, row, names, ahead } = self;
        if let Some(ahead) = ahead {
            if chunk(ahead, row, text, &mut |row, _| lines.look_at_date(row))? {
                return Ok(true);
            }
            lines.set_date_order();
        }
        *ahead = None;
        chunk(rows, row, text, &mut |row, is_cut_off| {
            // A row of a spreadsheet may have nothing in it.
            if row.is_blank() {
            } else if let Some(detail) = wrong_length(row, names, lines, is_cut_off) {
                lines.bad(row.line, &detail);
            } else {
                let cells = names.iter().enumerate();
                lines.add(
                    row.line,
                    &mut cells.map(|(index, name)| (Some(index), name.as_str(), row.cell(index))),
                );
            }
        })
    }
}

/// Goes through some rows, each with whether it ends with the file and not with a line break;
/// whether there are more.
fn chunk(
    rows: &mut CsvRows,
    row: &mut Row,
    text: &str,
    each: &mut dyn FnMut(&Row, bool),
) -> Result<bool, ValidationError> {
    let begin = rows.position();
    for _ in 0..CHUNK_LINES {
        if !rows.next(text, row)? {
            return Ok(false);
        }
        each(row, rows.is_cut_off(text));
        if rows.position().saturating_sub(begin) >= CHUNK_BYTES {
            break;
        }
    }
    Ok(true)
}

/// Returns the error of a row with too many cells, or with too few.
///
/// Excel leaves empty cells out at the end of a row, and they are read as empty. The last row of a
/// file that ends without a line break may be cut off in the middle of a cell.
fn wrong_length(row: &Row, names: &[String], lines: &RowReader, is_cut_off: bool) -> Option<String> {
    let has_more = (names.len()..row.len()).any(|index| !row.cell(index).trim().is_empty());
    let has_score = || lines.columns.position_of("score").is_some_and(|score| score < row.len());
    let end = match row.len() < names.len() {
        false if has_more => "",
        true if !has_score() => ", and no cell for the score",
        true if is_cut_off => ", and the file ends there without a line break",
        _ => return None,
    };
    Some(format!("Has {} cells where the header has {}{end}.", row.len(), names.len()))
}
