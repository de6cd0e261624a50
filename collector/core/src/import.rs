//! Answers from another tool: CSV or NDJSON into messages with their own dates.
//!
//! A file is read whole before any of it is stored. What breaks the file (its quoting, its header)
//! refuses it; what is wrong with one line is reported by the line's number and leaves the others
//! alone. Each line has an identity (`identity.rs`), so the same file imported again changes
//! nothing.
//!
//! A [`Reader`] goes a few lines at a time, so that its caller can let others in between.

mod counts;
mod identity;
mod options;
mod row_reader;
mod timestamp;

use api::ValidationError;
use serde_json::Value;

pub use counts::{BadLine, Counts, MAX_LISTED};
pub use identity::{RowDigest, RowSecret};
pub use options::Options;
pub use timestamp::TimestampFormat;

use self::counts::short;
use self::row_reader::RowReader;
use crate::stored_response::is_export;
pub use crate::stored_response::{IdSource, ImportedResponse};
use crate::{Zone, json};

/// The most columns of a header, and the most members of a line of NDJSON.
const MAX_COLUMNS: usize = 1_000;
/// The longest line of NDJSON, in bytes.
const MAX_LINE_BYTES: usize = 1_048_576;
/// The most lines of data in one file: all of them are held until the last is read.
const MAX_ROWS: u64 = 1_000_000;
/// The most that [`Reader::next_answers`] reads at once.
const CHUNK_LINES: usize = 1_000;
const CHUNK_BYTES: usize = 262_144;

/// A file that is read a few lines at a time.
pub struct Reader<'a> {
    lines: RowReader<'a>,
    format: Format<'a>,
}

/// The part of a file that is still to be read.
enum Format<'a> {
    Csv {
        text: &'a str,
        records: Box<::csv::StringRecordsIntoIter<&'a [u8]>>,
        names: Vec<String>,
        previous: ::csv::StringRecord,
    },
    Ndjson(std::iter::Zip<std::ops::RangeFrom<u64>, std::str::Lines<'a>>),
    End,
}

impl<'a> Reader<'a> {
    /// Begins comma-separated values (RFC 4180) with a header line.
    pub fn csv(
        body: &'a [u8],
        options: &'a Options,
        zone: &'a Zone,
        now: i64,
    ) -> Result<Self, ValidationError> {
        let text = utf8(body)?;
        let reader =
            ::csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
        let mut records = Box::new(reader.into_records());
        let previous = records.next().transpose().map_err(broken)?.ok_or_else(empty)?;
        if previous.len() > MAX_COLUMNS {
            let detail =
                format!("The header has {} columns; at most {MAX_COLUMNS} are read.", previous.len());
            return Err(ValidationError::new("", detail));
        }
        let names: Vec<String> = previous.iter().map(|name| name.trim().to_owned()).collect();
        let lines = RowReader::new(options, zone, now, &names)?;
        Ok(Self { lines, format: Format::Csv { text, records, names, previous } })
    }

    /// Begins a file of one JSON object a line.
    pub fn ndjson(
        body: &'a [u8],
        options: &'a Options,
        zone: &'a Zone,
        now: i64,
    ) -> Result<Self, ValidationError> {
        let lines = RowReader::new(options, zone, now, &[])?;
        Ok(Self { lines, format: Format::Ndjson((1..).zip(utf8(body)?.lines())) })
    }

    /// The answers of the next lines, which may be none; `None` after the last line.
    pub fn next_answers(&mut self) -> Result<Option<Vec<ImportedResponse>>, ValidationError> {
        let more = match &mut self.format {
            Format::Csv { text, records, names, previous } => {
                csv_chunk(&mut self.lines, text, records, names, previous)?
            }
            Format::Ndjson(rest) => ndjson_chunk(&mut self.lines, rest)?,
            Format::End => return Ok(None),
        };
        if self.lines.counts.rows > MAX_ROWS {
            let detail = format!("The file has more than {MAX_ROWS} lines. Send it in parts.");
            return Err(ValidationError::new("", detail));
        }
        if !more {
            self.format = Format::End;
        }
        Ok(Some(std::mem::take(&mut self.lines.answers)))
    }

    /// Counts of what was read so far.
    pub fn into_counts(self) -> Counts {
        self.lines.counts
    }
}

fn broken(error: ::csv::Error) -> ValidationError {
    ValidationError::new("", format!("The CSV cannot be read: {error}."))
}

/// Reads some records; whether there are more.
fn csv_chunk(
    lines: &mut RowReader,
    text: &str,
    records: &mut ::csv::StringRecordsIntoIter<&[u8]>,
    names: &[String],
    previous: &mut ::csv::StringRecord,
) -> Result<bool, ValidationError> {
    let begin = start(previous);
    for _ in 0..CHUNK_LINES {
        let record = records.next().transpose().map_err(broken)?;
        let next = record.as_ref().map_or(text.len(), start);
        check_quotes(text.get(start(previous)..next).unwrap_or_default(), line_of(text, previous))?;
        let Some(record) = record else { return Ok(false) };
        let line = line_of(text, &record);
        if record.len() == names.len() {
            lines.add(line, record.iter().zip(names).map(|(cell, name)| (name.as_str(), cell.to_owned())));
        } else {
            lines.bad(line, format!("Has {} cells where the header has {}.", record.len(), names.len()));
        }
        *previous = record;
        if next.saturating_sub(begin) >= CHUNK_BYTES {
            break;
        }
    }
    Ok(true)
}

/// Reads some lines of JSON; whether there are more.
fn ndjson_chunk<'a>(
    lines: &mut RowReader,
    rest: &mut impl Iterator<Item = (u64, &'a str)>,
) -> Result<bool, ValidationError> {
    let mut bytes = 0;
    for _ in 0..CHUNK_LINES {
        let Some((line, content)) = rest.next() else {
            return if lines.counts.rows == 0 { Err(empty()) } else { Ok(false) };
        };
        if !content.trim().is_empty() {
            json_line(lines, line, content);
        }
        bytes += content.len() + 1;
        if bytes >= CHUNK_BYTES {
            break;
        }
    }
    Ok(true)
}

fn json_line(lines: &mut RowReader, line: u64, content: &str) {
    if content.len() > MAX_LINE_BYTES {
        let detail = format!("Has {} bytes; at most {MAX_LINE_BYTES} are read.", content.len());
        return lines.bad(line, detail);
    }
    let fields = match json::parse_object(content) {
        Ok(fields) if fields.len() > MAX_COLUMNS => {
            return lines.bad(line, format!("Has more than {MAX_COLUMNS} members."));
        }
        Ok(fields) => fields,
        Err(error) => return lines.bad(line, format!("Is not a JSON object: {error}.")),
    };
    if fields.get(lines.options.theirs("score")).is_some_and(Value::is_string) {
        return lines.bad(line, "The score is text; it must be a number.".into());
    }
    let cells = fields.iter().map(|(name, value)| (name.as_str(), cell(value)));
    match fields.iter().find(|(_, value)| value.is_object() || value.is_array()) {
        // An export of ours comes back: what it holds besides is read or passed over by name.
        _ if is_export(&fields.keys().collect::<Vec<_>>()) => {
            lines.exported = true;
            lines.add(line, cells);
            lines.exported = false;
        }
        Some((name, _)) => {
            lines.bad(line, format!("{:?} must be text, a number, true or false.", short(name)))
        }
        None => lines.add(line, cells),
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn start(record: &::csv::StringRecord) -> usize {
    record.position().map_or(0, |position| position.byte() as usize)
}

/// The line on which a record begins. The reader's own count stops before the ends of lines that it
/// has yet to skip: blank lines, and the second half of Windows' line end.
fn line_of(text: &str, record: &::csv::StringRecord) -> u64 {
    let skipped = text.get(start(record)..).unwrap_or_default().bytes();
    let skipped =
        skipped.take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| *byte == b'\n').count();
    record.position().map_or(0, ::csv::Position::line) + skipped as u64
}

/// A quote that never ends makes the rest of the file one cell, so it is an error of the file and
/// not of a line.
fn check_quotes(raw: &str, line: u64) -> Result<(), ValidationError> {
    if raw.bytes().filter(|byte| *byte == b'"').count() % 2 == 0 {
        return Ok(());
    }
    let detail = format!(
        "The quoting is broken: a quote on line {line} or in the cell that begins there has no end. \
         Write a quote inside a quoted cell twice (\"\")."
    );
    Err(ValidationError::new("", detail))
}

fn utf8(body: &[u8]) -> Result<&str, ValidationError> {
    let text = std::str::from_utf8(body).map_err(|error| {
        ValidationError::new("", format!("Must be UTF-8; byte {} is not.", error.valid_up_to()))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() { Err(empty()) } else { Ok(text) }
}

fn empty() -> ValidationError {
    ValidationError::new(
        "",
        "The file is empty. It needs a header line with at least a column \"score\", or one JSON object \
         a line.",
    )
}

#[cfg(test)]
mod tests;
