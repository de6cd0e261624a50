//! Answers from another tool: CSV or NDJSON into messages with their own dates.
//!
//! A file is read as it is: its encoding, delimiter, line breaks and tool are found in it, and what
//! was found is part of the reply. It is read whole before any of it is stored. What breaks the
//! file (its quoting, its header, most of its scores) refuses it; what is wrong with one line is
//! reported by the line's number and leaves the others alone. Each line has an identity
//! (`identity.rs`), so the same file imported again changes nothing.
//!
//! A [`Reader`] goes a few lines at a time, so that its caller can let others in between.

mod columns;
mod counts;
mod csv_lines;
mod csv_rows;
mod date_order;
mod date_text;
mod dialect;
mod draft;
mod encoding;
mod header;
mod identity;
mod left_out;
mod month_names;
mod ndjson;
mod options;
mod personal;
mod preset;
mod row_reader;
mod score_text;
mod timestamp;
mod word_list;
mod zone_text;

use std::borrow::Cow;

use api::ValidationError;
use serde_json::{Value, json};

pub use counts::{BadLine, Counts, MAX_LISTED, NotedLines};
pub use identity::{RowDigest, RowSecret};
pub use options::Options;
pub use timestamp::TimestampFormat;

use self::columns::Columns;
use self::csv_lines::CsvLines;
use self::csv_rows::Row;
use self::encoding::Encoding;
use self::header::Header;
use self::ndjson::Lines;
use self::row_reader::RowReader;
use crate::Zone;
pub use crate::stored_response::{IdSource, ImportedResponse};

/// The most columns of a header, and the most members of a line of NDJSON.
const MAX_COLUMNS: usize = 1_000;
/// The most lines of data in one file: all of them are held until the last is read.
const MAX_ROWS: u64 = 1_000_000;
/// The most lines that cannot be read, after which a file is not read on.
const MAX_BAD_LINES: u64 = 10_000;
/// The most that [`Reader::next_answers`] reads at once.
const CHUNK_LINES: usize = 1_000;
const CHUNK_BYTES: usize = 262_144;

/// A file that is read a few lines at a time.
pub struct Reader<'a> {
    text: Cow<'a, str>,
    encoding: Encoding,
    lines: RowReader<'a>,
    format: Format,
    is_at_end: bool,
}

/// Format of a file, with the position in it.
enum Format {
    Csv(CsvLines),
    Ndjson(Lines),
}

impl<'a> Reader<'a> {
    /// Begins separated values (RFC 4180) with a header line.
    pub fn csv(
        body: &'a [u8],
        options: &'a Options,
        zone: &'a Zone,
        now: i64,
    ) -> Result<Self, ValidationError> {
        let (text, encoding) = decode(body)?;
        if !text.contains(['\r', '\n']) {
            return Err(one_line());
        }
        let (mut rows, mut row) = (dialect::detect(&text, |name| options.is_known(name)), Row::default());
        if !rows.next(&text, &mut row)? {
            return Err(empty());
        }
        if row.len() > MAX_COLUMNS {
            let detail = format!("The header has {} columns; at most {MAX_COLUMNS} are read.", row.len());
            return Err(ValidationError::new("", detail));
        }
        let header = Header::read(&text, &mut rows, &row, options)?;
        let mut lines = RowReader::new(Columns::of_header(&header, options)?, options, zone, now);
        lines.is_guarded = true;
        let is_order_open = lines.find_date_form(&header);
        let format = Format::Csv(CsvLines::new(rows, header, is_order_open));
        Ok(Self { text, encoding, lines, format, is_at_end: false })
    }

    /// Begins a file of one JSON object a line.
    pub fn ndjson(
        body: &'a [u8],
        options: &'a Options,
        zone: &'a Zone,
        now: i64,
    ) -> Result<Self, ValidationError> {
        let (text, encoding) = decode(body)?;
        if text.trim_start().starts_with('[') {
            return Err(array());
        }
        let header = Header::of_names(ndjson::first_names(&text), options);
        let lines = RowReader::new(Columns::of_members(&header, options)?, options, zone, now);
        Ok(Self { text, encoding, lines, format: Format::Ndjson(Lines::default()), is_at_end: false })
    }

    /// Returns the name of the time zone that the file states for its dates, if its offsets have to
    /// be found and given to [`Reader::set_zone`].
    pub fn zone_to_find(&self) -> Option<&str> {
        self.lines.zone_to_find.as_deref()
    }

    /// Sets the zone of the dates that name none.
    pub fn set_zone(&mut self, zone: Zone) {
        self.lines.at_zone = Some(zone);
    }

    /// The answers of the next lines, which may be none; `None` after the last line.
    pub fn next_answers(&mut self) -> Result<Option<Vec<ImportedResponse>>, ValidationError> {
        if self.is_at_end {
            return Ok(None);
        }
        let more = match &mut self.format {
            Format::Csv(lines) => lines.read_chunk(&mut self.lines, &self.text)?,
            Format::Ndjson(lines) => lines.read_chunk(&mut self.lines, &self.text),
        };
        self.is_at_end = !more;
        self.check()?;
        Ok(Some(std::mem::take(&mut self.lines.answers)))
    }

    /// Refuses a file in which too much is wrong.
    fn check(&self) -> Result<(), ValidationError> {
        let counts = &self.lines.counts;
        let with_score = counts.rows.saturating_sub(counts.without_score);
        let detail = if counts.rows > MAX_ROWS {
            format!("The file has more than {MAX_ROWS} lines. Send it in parts.")
        } else if counts.rejected > MAX_BAD_LINES {
            format!(
                "More than {MAX_BAD_LINES} lines cannot be read, so reading stopped after {} lines, and nothing \
                 was stored. `errors` has the first reasons.",
                counts.rows
            )
        } else if !self.is_at_end {
            return Ok(());
        } else if counts.dated_scores * 20 > with_score {
            format!(
                "Of {with_score} lines with a score, {} are dates, which a spreadsheet makes of scores such as \
                 9/10. Import the file as the tool exports it, format the column as text, or name another with \
                 columns=score:NAME. Nothing was stored.",
                counts.dated_scores
            )
        } else if counts.bad_scores * 2 > with_score {
            format!(
                "Of {with_score} lines with a score, {} have no whole number from 0 to 10, so the column may be \
                 another or its scale not that of the score. Name the column with columns=score:NAME. Nothing \
                 was stored.",
                counts.bad_scores
            )
        } else {
            return match &self.format {
                Format::Csv(_) => Ok(()),
                Format::Ndjson(_) => self.check_members(),
            };
        };
        Err(ValidationError::new("", detail))
    }

    fn check_members(&self) -> Result<(), ValidationError> {
        let counts = &self.lines.counts;
        let has_read = counts.rows > counts.rejected;
        if counts.rows == 0 {
            Err(empty())
        } else if !has_read && self.text.contains("}{") && !self.text.trim_end().contains(['\r', '\n']) {
            Err(one_line())
        } else if counts.not_objects * 2 > counts.rows {
            let detail = format!(
                "Of {} lines, {} are no JSON objects. Send one object a line; `jq -c . FILE` writes it so. \
                 Nothing was stored.",
                counts.rows, counts.not_objects
            );
            Err(ValidationError::new("", detail))
        } else if has_read && self.lines.columns.position_of("score").is_none() {
            let detail = "No line has a member \"score\". Name yours with columns=score:NAME.";
            Err(ValidationError::new("", detail))
        } else {
            Ok(())
        }
    }

    /// Counts of what was read so far.
    pub fn counts(&self) -> &Counts {
        &self.lines.counts
    }

    /// Returns the name of the tool that wrote the file.
    pub fn tool(&self) -> Option<&'static str> {
        self.lines.columns.tool.map(|tool| tool.name)
    }

    /// Returns the columns that are not kept, or of which not every cell is, each with the reason.
    pub fn left_out(&self) -> Value {
        self.lines.columns.left_out()
    }

    /// Returns the content that the file has of a response, as the text of a JSON object.
    pub fn content(&self) -> String {
        self.lines.columns.content().to_string()
    }

    /// Returns what was found in the file: its format, encoding, delimiter and tool, its columns
    /// and the form of its dates.
    pub fn description(&self) -> Value {
        let (format, delimiter) = match &self.format {
            Format::Csv(lines) => ("csv", Some(lines.delimiter().to_string())),
            Format::Ndjson(_) => ("ndjson", None),
        };
        json!({
            "format": format,
            "encoding": self.encoding.as_str(),
            "delimiter": delimiter,
            "tool": self.tool(),
            "columns": self.lines.columns.mapping(),
            "date_form": self.lines.date_form(),
        })
    }
}

fn decode(body: &[u8]) -> Result<(Cow<'_, str>, Encoding), ValidationError> {
    let (text, encoding) = encoding::decode(body)?;
    if text.trim().is_empty() { Err(empty()) } else { Ok((text, encoding)) }
}

fn empty() -> ValidationError {
    ValidationError::new(
        "",
        "The file is empty. It needs a header line with at least a column \"score\", or one JSON object \
         a line.",
    )
}

fn array() -> ValidationError {
    ValidationError::new("", "The file is a JSON array. Send one object a line, as `jq -c '.[]'` writes it.")
}

fn one_line() -> ValidationError {
    ValidationError::new(
        "",
        "A file of one line holds no responses. `curl -d` takes the line breaks out of a file; send it with \
         `--data-binary @FILE`.",
    )
}

#[cfg(test)]
mod tests;
