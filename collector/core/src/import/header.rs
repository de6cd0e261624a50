//! Header of a file: the names of its columns, and the first rows that show what they hold.

use std::collections::BTreeSet;

use api::ValidationError;

use super::columns::{self, is_same, unique};
use super::csv_rows::{CsvRows, Row};
use super::date_text::{self, DateError};
use super::options::Options;
use super::preset::Preset;
use super::score_text;
use super::word_list;
use crate::Zone;
use crate::json;
use crate::stored_response::is_export;

/// Most rows that are looked at before the file is read.
const SAMPLES: usize = 200;
/// Second header rows of a question with one column.
const PLAIN_LABELS: [&str; 3] = ["", "response", "open-ended response"];

/// Header of a file.
#[derive(Debug)]
pub(super) struct Header {
    /// Names as they stand in the first row.
    pub(super) originals: Vec<String>,
    /// Names with what a second row adds; the second of two equal names has a number.
    pub(super) names: Vec<String>,
    /// Second row of the header.
    labels: Row,
    /// Third row of the header: JSON in a file of Qualtrics.
    import_ids: Row,
    /// Tool that wrote the file.
    pub(super) tool: Option<&'static Preset>,
    /// First rows of the data.
    pub(super) samples: Vec<Row>,
}

impl Header {
    /// Takes the names of the members of a row.
    pub(super) fn of_names(names: Vec<String>, options: &Options) -> Self {
        let tool = columns::tool(&names, options);
        Self {
            originals: names.clone(),
            names,
            labels: Row::default(),
            import_ids: Row::default(),
            tool,
            samples: Vec::new(),
        }
    }

    /// Reads a header, and the first rows after it without moving past them.
    pub(super) fn read(
        text: &str,
        rows: &mut CsvRows,
        first: &Row,
        options: &Options,
    ) -> Result<Self, ValidationError> {
        let mut originals: Vec<String> = first.cells().map(str::to_owned).collect();
        // An export of ours has its names as they are.
        if !is_export(&originals) {
            originals.iter_mut().for_each(|name| *name = name.trim().to_owned());
        }
        let tool = columns::tool(&originals, options);
        let (mut labels, mut import_ids) = (Row::default(), Row::default());
        for _ in 0..tool.map_or(0, |tool| tool.more_header_rows) {
            let (mut ahead, mut row) = (rows.clone(), Row::default());
            if !ahead.next(text, &mut row)? || !is_header_row(&row, &originals, tool) {
                break;
            }
            *rows = ahead;
            match labels.len() {
                0 => labels = row,
                _ => import_ids = row,
            }
        }
        let mut samples = Vec::new();
        let (mut ahead, mut row) = (rows.clone(), Row::default());
        while samples.len() < SAMPLES && ahead.next(text, &mut row).is_ok_and(|more| more) {
            samples.push(row.clone());
        }
        let mut taken = BTreeSet::new();
        let names = joined(&originals, &labels);
        let names = names.iter().map(|name| match name.is_empty() {
            true => String::new(),
            false => unique(name, usize::MAX, &mut taken),
        });
        Ok(Self { names: names.collect(), originals, labels, import_ids, tool, samples })
    }

    /// Returns the question that a second row of the header has for a column.
    pub(super) fn label(&self, index: usize) -> &str {
        self.labels.cell(index).trim()
    }

    /// Returns the time zone that the third row of the header states for a column.
    pub(super) fn stated_zone(&self, index: usize) -> Option<String> {
        let fields = json::parse_object(self.import_ids.cell(index)).ok()?;
        Some(fields.get("timeZone")?.as_str()?.to_owned())
    }

    /// Returns the position of a column, by its name or by its name in another case.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let exact = self.names.iter().position(|known| known == name);
        exact.or_else(|| self.names.iter().position(|known| is_same(known, name)))
    }

    /// Whether the first rows have scores in a column. Without any row they may.
    pub(super) fn has_scores(&self, index: usize) -> bool {
        let is_score = |cell: &str| score_text::parse(cell).is_ok() || score_text::is_date(cell);
        self.samples.is_empty() || self.holds(index, &is_score)
    }

    /// Whether the first rows have dates in a column.
    pub(super) fn has_dates(&self, index: usize) -> bool {
        self.holds(index, &|cell| date_text::parse(cell, None, &Zone::utc()) != Err(DateError::Form))
    }

    /// Whether at least four in five of the cells of a column are of a kind.
    fn holds(&self, index: usize, is_of_kind: &dyn Fn(&str) -> bool) -> bool {
        let (mut cells, mut of_kind) = (0_usize, 0_usize);
        for cell in self.samples.iter().map(|row| row.cell(index).trim()).filter(|cell| !cell.is_empty()) {
            cells += 1;
            of_kind += usize::from(is_of_kind(cell));
        }
        of_kind > 0 && of_kind * 5 >= cells * 4
    }
}

/// Whether a row after the header still belongs to it: it has neither a date nor an id.
fn is_header_row(row: &Row, names: &[String], tool: Option<&'static Preset>) -> bool {
    let (mut has_any, mut is_data) = (false, false);
    for (ours, theirs) in tool.map_or(&[][..], |tool| tool.columns) {
        if !matches!(*ours, "at" | "id") {
            continue;
        }
        word_list::any(theirs, &mut |theirs| {
            if let Some(index) = names.iter().position(|name| is_same(name, theirs)) {
                let cell = row.cell(index);
                has_any = true;
                is_data |= cell.contains(|c: char| c.is_ascii_digit()) && !cell.starts_with("{\"ImportId\"");
            }
            false
        });
    }
    has_any && !is_data
}

/// Joins the rows of a header. A question with parts has its text once, before the first part.
fn joined(names: &[String], labels: &Row) -> Vec<String> {
    let mut question = "";
    let next_names = names.iter().skip(1).map(String::as_str).chain([""]);
    let joined = names.iter().zip(next_names).enumerate().map(|(index, (name, next))| {
        let label = labels.cell(index).trim();
        let has_parts = next.is_empty() && index + 1 < names.len();
        let is_plain = PLAIN_LABELS.iter().any(|plain| is_same(plain, label));
        if !name.is_empty() {
            question = name;
        }
        match (name.is_empty(), label.is_empty()) {
            (true, true) => String::new(),
            (true, false) => format!("{question}: {label}"),
            (false, _) if has_parts && !is_plain => format!("{name}: {label}"),
            (false, _) => name.clone(),
        }
    });
    joined.collect()
}
