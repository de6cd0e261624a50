//! Lines of NDJSON: one JSON object each.
//!
//! A member of a nested object is a column of its own, `person.plan`. An array is left out.

use serde_json::{Map, Value};

use super::left_out::Reason;
use super::row_reader::RowReader;
use super::{CHUNK_BYTES, CHUNK_LINES, MAX_COLUMNS};
use crate::json;
use crate::stored_response::is_export;

/// The longest line of NDJSON, in bytes.
pub(super) const MAX_LINE_BYTES: usize = 1_048_576;

/// Position in a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    at: usize,
    line: u64,
}

/// Member of an object, or of an object within it. Of an array there is no text.
type Member = (String, Option<String>);

/// Returns the names of the members of the first line that is an object.
pub(super) fn first_names(text: &str) -> Vec<String> {
    let mut lines = Lines::default();
    while let Some(content) = lines.next(text) {
        if content.len() <= MAX_LINE_BYTES
            && let Ok(fields) = json::parse_object(content)
        {
            return members(fields).into_iter().map(|(name, _)| name).take(MAX_COLUMNS).collect();
        }
    }
    Vec::new()
}

impl Lines {
    /// Returns the next line, which may be blank.
    fn next<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let rest = text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let content = rest.split(['\r', '\n']).next()?;
        let after = rest.get(content.len()..).unwrap_or_default();
        self.at += content.len() + if after.starts_with("\r\n") { 2 } else { after.len().min(1) };
        self.line += 1;
        // The comma between two objects of an array.
        let content = content.trim_end();
        Some(content.strip_suffix(',').unwrap_or(content))
    }

    /// Reads some lines; whether there are more.
    pub(super) fn read_chunk(&mut self, lines: &mut RowReader, text: &str) -> bool {
        let begin = self.at;
        for _ in 0..CHUNK_LINES {
            let Some(content) = self.next(text) else { return false };
            if !content.trim().is_empty() {
                read(lines, self.line, content);
            }
            if self.at.saturating_sub(begin) >= CHUNK_BYTES {
                break;
            }
        }
        true
    }
}

fn read(lines: &mut RowReader, line: u64, content: &str) {
    if content.len() > MAX_LINE_BYTES {
        let detail = format!("Has {} bytes; at most {MAX_LINE_BYTES} are read.", content.len());
        return lines.bad(line, &detail);
    }
    let members = match json::parse_object(content) {
        Ok(fields) => members(fields),
        Err(error) => {
            lines.counts.not_objects += 1;
            return lines.bad(line, &format!("Is not a JSON object: {error}."));
        }
    };
    if members.len() > MAX_COLUMNS {
        return lines.bad(line, &format!("Has more than {MAX_COLUMNS} members."));
    }
    let mut positions = Vec::with_capacity(members.len());
    for (name, text) in &members {
        let position = lines.columns.position(name, lines.options);
        let column = position.and_then(|position| lines.columns.list.get_mut(position));
        if let Some(column) = column.filter(|_| text.is_none()) {
            column.dropped = Some(Reason::Nested);
        }
        positions.push(position);
    }
    let mut cells = positions
        .into_iter()
        .zip(&members)
        .map(|(position, (name, text))| (position, name.as_str(), text.as_deref().unwrap_or_default()));
    lines.add(line, &mut cells);
}

/// Returns the members of an object, and in place of an object within it that object's members. An
/// export of ours has its objects whole.
fn members(fields: Map<String, Value>) -> Vec<Member> {
    let is_export = is_export(&fields.keys().collect::<Vec<_>>());
    let mut members = Vec::with_capacity(fields.len());
    flatten("", fields, is_export, &mut members);
    members
}

fn flatten(prefix: &str, fields: Map<String, Value>, is_export: bool, members: &mut Vec<Member>) {
    for (name, value) in fields {
        let name = if prefix.is_empty() { name } else { [prefix, ".", &name].concat() };
        match value {
            Value::Object(inner) if !is_export => flatten(&name, inner, false, members),
            Value::Array(_) if !is_export => members.push((name, None)),
            Value::Null => members.push((name, Some(String::new()))),
            Value::String(text) => members.push((name, Some(text))),
            other => members.push((name, Some(other.to_string()))),
        }
    }
}
