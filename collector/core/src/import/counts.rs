//! Counts and errors of the lines of an import.

use serde::Serialize;

/// The most bad lines that are listed one by one.
pub const MAX_LISTED: usize = 100;
/// Most characters that an error repeats of a text in the file, and most that it has in all.
const MAX_SHOWN: usize = 70;
const MAX_DETAIL: usize = 300;

/// Line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadLine {
    /// Its number in the file; the first line is 1.
    pub line: u64,
    /// Error of the line.
    pub detail: String,
}

/// Lines of which something is reported.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct NotedLines {
    /// Number of these lines.
    pub count: u64,
    /// Numbers of the first [`MAX_LISTED`] of them.
    pub lines: Vec<u64>,
}

impl NotedLines {
    /// Notes a line.
    pub fn add(&mut self, line: u64) {
        self.count += 1;
        if self.lines.len() < MAX_LISTED {
            self.lines.push(line);
        }
    }
}

/// Counts of what was read.
#[derive(Debug, Default)]
pub struct Counts {
    /// Number of lines with data, good or bad.
    pub rows: u64,
    /// Number of lines without a score; those with a comment are imported, the others are not.
    pub without_score: u64,
    /// Number of lines without a date of their own. They have the date of the request, if it names
    /// one, or that of the import.
    pub without_date: u64,
    /// Number of responses with a mark.
    pub marked: u64,
    /// Number of lines that could not be read.
    pub rejected: u64,
    /// The first [`MAX_LISTED`] of these.
    pub errors: Vec<BadLine>,
    /// Lines with text that was longer than is kept.
    pub cut: NotedLines,
    /// Number of lines whose score is none.
    pub(super) bad_scores: u64,
    /// Number of these that a spreadsheet has turned into dates.
    pub(super) dated_scores: u64,
    /// Number of lines of NDJSON that are no objects.
    pub(super) not_objects: u64,
}

impl Counts {
    /// Notes a line that cannot be read.
    pub(super) fn reject(&mut self, line: u64, detail: &str) {
        self.rows += 1;
        self.rejected += 1;
        if self.errors.len() < MAX_LISTED {
            self.errors.push(BadLine { line, detail: cut(detail, MAX_DETAIL) });
        }
    }
}

/// A text of the file as it stands in an error: whole where it is short.
pub(super) fn short(text: &str) -> String {
    cut(text, MAX_SHOWN)
}

fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max { text.into() } else { text.chars().take(max).chain(['…']).collect() }
}
