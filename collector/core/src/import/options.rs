//! Options of an import.

use std::collections::BTreeMap;

use api::ValidationError;
use api::validation::QueryReader;

use super::TimestampFormat;
use super::columns::is_same;
use super::counts::short;
use super::preset::{self, Preset};
use crate::Zone;
use crate::stored_response::imported_columns;

const PARAMETERS: [&str; 6] = ["columns", "keep", "preset", "at_format", "at", "dry_run"];

/// Options of an import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Our name of a column -> its name in the file.
    pub(super) columns: BTreeMap<String, String>,
    /// Columns that are kept although they look personal.
    pub(super) keep: Vec<String>,
    /// Tool that the file is from; found by the header by default.
    pub(super) preset: Option<&'static Preset>,
    /// Format of timestamps; ISO 8601 and others that tell themselves by default.
    pub(super) at_format: TimestampFormat,
    /// The time of lines without one, as Unix milliseconds; the present by default.
    pub(super) at: Option<i64>,
    /// Whether the file is only read, and nothing stored.
    pub dry_run: bool,
}

impl Options {
    /// Reads the parameters `columns=at:date,score:nps`, `keep=Name`, `preset=typeform`,
    /// `at_format=%m/%d/%y %H:%M`, `at=2026-11-22` and `dry_run=1`, or returns all their errors.
    pub fn parse<'a>(
        mut pairs: impl Iterator<Item = (&'a str, &'a str)>,
        zone: &Zone,
    ) -> Result<Self, Vec<ValidationError>> {
        Self::read(QueryReader::new(&mut pairs, &PARAMETERS), zone)
    }

    fn read(mut query: QueryReader, zone: &Zone) -> Result<Self, Vec<ValidationError>> {
        let mut columns = BTreeMap::new();
        for pair in query.get("columns").map(pairs).unwrap_or_default() {
            match column(&pair) {
                Err(detail) => query.error("columns", &detail),
                Ok((ours, theirs)) => {
                    let is_taken = columns.values().any(|taken: &String| is_same(taken, &theirs));
                    let twice = if is_taken { theirs.clone() } else { ours.to_owned() };
                    if columns.insert(ours.to_owned(), theirs).is_some() || is_taken {
                        query.error("columns", &format!("Names `{}` twice; name it once.", short(&twice)));
                    }
                }
            }
        }
        let keep = query.try_parse("keep", kept).unwrap_or_default();
        let preset = query.try_parse("preset", preset::named);
        let at_format = query.try_parse("at_format", TimestampFormat::custom).unwrap_or_default();
        let undated_at = query.try_parse("at", |value| TimestampFormat::default().read(value, zone));
        let dry_run = query.parse("dry_run", "1 or 0", |value| match value {
            "1" | "true" => Some(true),
            "0" | "false" => Some(false),
            _ => None,
        });
        let dry_run = dry_run.unwrap_or_default();
        query.finish(Self { columns, keep, preset, at_format, at: undated_at, dry_run })
    }

    /// Whether the owner, or we, give a column this name.
    pub(super) fn is_known(&self, name: &str) -> bool {
        is_same(name, "score") || self.columns.values().any(|theirs| is_same(theirs, name))
    }

    /// Returns the file's name of one of our columns, if the owner gives it.
    pub(super) fn theirs(&self, ours: &str) -> Option<&str> {
        self.columns.get(ours).map(String::as_str)
    }
}

/// Splits at commas outside of quotes. Quotes that do not come in pairs are text.
fn pieces(text: &str) -> Vec<String> {
    let is_quoting = text.matches('"').count().is_multiple_of(2);
    let mut pieces = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        quoted ^= is_quoting && c == '"';
        match pieces.last_mut() {
            Some(piece) if quoted || c != ',' => piece.push(c),
            _ => pieces.push(String::new()),
        }
    }
    pieces
}

/// Takes the quotes off a name that is quoted.
fn unquoted(name: &str) -> String {
    let inner = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.map_or_else(|| name.to_owned(), |inner| inner.replace("\"\"", "\""))
}

/// Splits the parameter `columns`. Only a comma before one of our names is between two columns, so
/// the names of the file may hold commas.
fn pairs(text: &str) -> Vec<String> {
    let mut pairs: Vec<String> = Vec::new();
    for piece in pieces(text) {
        let ours = piece.split_once(':').map(|(ours, _)| ours);
        let is_ours = imported_columns().any(|(name, _)| Some(name) == ours);
        match pairs.last_mut() {
            Some(pair) if !is_ours => {
                pair.push(',');
                pair.push_str(&piece);
            }
            _ => pairs.push(piece),
        }
    }
    pairs
}

/// Parses one `ours:theirs` of the parameter `columns`.
fn column(pair: &str) -> Result<(&str, String), String> {
    match pair.split_once(':') {
        Some((ours, theirs)) if !theirs.is_empty() => {
            if imported_columns().any(|(name, _)| name == ours) {
                return Ok((ours, unquoted(theirs)));
            }
            let ours: String = ours.chars().take(40).collect();
            let names: Vec<&str> = imported_columns().map(|(name, _)| name).collect();
            Err(format!("Unknown column `{ours}`. Expected one of: {}.", names.join(", ")))
        }
        _ => Err("Must be ours:theirs, for example columns=at:date,score:nps.".to_owned()),
    }
}

/// Parses the parameter `keep`.
fn kept(text: &str) -> Result<Vec<String>, String> {
    let names: Vec<String> = pieces(text).iter().map(|name| unquoted(name.trim())).collect();
    match names.iter().any(String::is_empty) {
        true => {
            Err("Must be names of columns with commas between. Put a name that has a comma in \"quotes\"."
                .to_owned())
        }
        false => Ok(names),
    }
}
