//! Options of an import.

use std::collections::BTreeMap;

use api::ValidationError;
use api::validation::QueryReader;

use super::TimestampFormat;
use crate::Zone;
use crate::stored_response::imported_columns;

const PARAMETERS: [&str; 3] = ["columns", "at_format", "at"];

/// Options of an import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Our name of a column -> its name in the file.
    pub columns: BTreeMap<String, String>,
    /// Format of timestamps; ISO 8601 by default.
    pub at_format: TimestampFormat,
    /// The time of lines without one, as Unix milliseconds; the present by default.
    pub at: Option<i64>,
}

impl Options {
    /// Reads the parameters `columns=at:date,score:nps`, `at_format=%m/%d/%y %H:%M` and
    /// `at=2026-11-22`, or returns all their errors.
    pub fn parse<'a>(
        mut pairs: impl Iterator<Item = (&'a str, &'a str)>,
        zone: &Zone,
    ) -> Result<Self, Vec<ValidationError>> {
        Self::read(QueryReader::new(&mut pairs, &PARAMETERS), zone)
    }

    fn read(mut query: QueryReader, zone: &Zone) -> Result<Self, Vec<ValidationError>> {
        let mut columns = BTreeMap::new();
        for pair in query.get("columns").into_iter().flat_map(|pairs| pairs.split(',')) {
            match column(pair) {
                Err(detail) => query.error("columns", &detail),
                Ok((ours, theirs)) => {
                    if columns.insert(ours.to_owned(), theirs.to_owned()).is_some() {
                        query.error("columns", &format!("Names `{ours}` twice; name it once."));
                    }
                }
            }
        }
        let at_format = query.try_parse("at_format", TimestampFormat::custom).unwrap_or_default();
        let at = query.try_parse("at", |value| TimestampFormat::default().read(value, zone));
        query.finish(Self { columns, at_format, at })
    }

    /// Returns the file's name of one of our columns.
    pub(super) fn theirs<'a>(&'a self, ours: &'a str) -> &'a str {
        self.columns.get(ours).map_or(ours, String::as_str)
    }
}

/// Parses one `ours:theirs` of the parameter `columns`.
fn column(pair: &str) -> Result<(&str, &str), String> {
    match pair.split_once(':') {
        Some((ours, theirs)) if !theirs.is_empty() => {
            if imported_columns().any(|(name, _)| name == ours) {
                return Ok((ours, theirs));
            }
            let ours: String = ours.chars().take(40).collect();
            let names: Vec<&str> = imported_columns().map(|(name, _)| name).collect();
            Err(format!("Unknown column `{ours}`. Expected one of: {}.", names.join(", ")))
        }
        _ => Err("Must be ours:theirs, for example columns=at:date,score:nps.".to_owned()),
    }
}
