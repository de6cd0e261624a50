//! Columns of a file, each with its use.

use std::collections::{BTreeMap, BTreeSet};

use api::ValidationError;
use api::limits::{MAX_PROPERTIES, MAX_PROPERTY_NAME};
use api::report::CHANNEL;
use api::validation::quoted;
use serde_json::{Map, Value, json};

use super::MAX_COLUMNS;
use super::counts::short;
use super::draft::Draft;
use super::header::Header;
use super::left_out::Reason;
use super::options::Options;
use super::personal;
use super::preset::{self, MarkOf, Preset};
use super::row_reader::unguarded;
use super::word_list;
use crate::stored_response::{Import, imported_columns, is_export, is_export_only};

/// Use that an import makes of a column.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// Column of ours, by its name.
    Field(&'static str, Import),
    /// Property of that name.
    Property(String),
    /// All other properties as JSON, in an export of ours.
    Properties,
    /// Channel, in an export of ours.
    Channel,
    /// Part of an export of ours that no import brings back.
    Passed,
    /// Nothing.
    LeftOut(Reason),
}

/// Column of a file.
#[derive(Debug)]
pub(super) struct Column {
    /// Its name in the file; the second of two equal names has a number.
    pub(super) name: String,
    pub(super) target: Target,
    /// Reason why cells of it were left out.
    pub(super) dropped: Option<Reason>,
    /// Whether the owner named it, so that its cells are kept whatever they look like.
    pub(super) is_named: bool,
    /// Marks of responses by their cells.
    pub(super) mark_of: Option<MarkOf>,
}

impl Column {
    /// Returns its name as a reply has it; without a name, its number.
    fn display_name(&self, index: usize) -> String {
        if self.name.is_empty() { format!("column {}", index + 1) } else { short(&self.name) }
    }
}

/// Columns of a file.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) list: Vec<Column>,
    /// Tool that wrote the file.
    pub(super) tool: Option<&'static Preset>,
    /// Whether the file is an export of ours.
    pub(super) exported: bool,
    /// Position of each name, where rows have names of their own.
    positions: BTreeMap<String, usize>,
    /// Names of properties that are taken.
    taken: BTreeSet<String>,
}

impl Columns {
    /// Finds the columns of a header, one of which must have the score.
    pub(super) fn of_header(header: &Header, options: &Options) -> Result<Self, ValidationError> {
        let mut columns = Self::new(header, options)?;
        let lacks = |theirs: &&String| header.find(theirs).is_none();
        if let Some(theirs) = options.columns.values().find(lacks) {
            return Err(missing("columns", theirs, header));
        }
        if let Some(theirs) = options.keep.iter().find(lacks) {
            return Err(missing("keep", theirs, header));
        }
        if columns.position_of("score").is_none() {
            let detail = format!(
                "The header has no column \"score\", only {}. Name yours with columns=score:NAME.",
                listed(&header.names)
            );
            return Err(ValidationError::new("", detail));
        }
        columns.limit_properties();
        Ok(columns)
    }

    /// Finds the columns of the first row of a file whose rows have names of their own.
    pub(super) fn of_members(header: &Header, options: &Options) -> Result<Self, ValidationError> {
        let mut columns = Self::new(header, options)?;
        columns.positions = header.names.iter().cloned().zip(0..).collect();
        Ok(columns)
    }

    fn new(header: &Header, options: &Options) -> Result<Self, ValidationError> {
        let exported = is_export(&header.names);
        let mut columns = Self {
            list: Vec::with_capacity(header.names.len()),
            tool: header.tool.filter(|_| !exported),
            exported,
            positions: BTreeMap::new(),
            taken: BTreeSet::new(),
        };
        let fields = match exported {
            true => Vec::new(),
            false => Draft::new(header, options, columns.tool).into_fields()?,
        };
        for (index, name) in header.names.iter().enumerate() {
            let target = match fields.get(index).copied().flatten() {
                Some((ours, import)) => Target::Field(ours, import),
                None if exported => columns.exported_target(unguarded(name), options),
                None => columns.other_target(name, header.label(index), options),
            };
            columns.push(name, target, options);
        }
        Ok(columns)
    }

    fn push(&mut self, name: &str, target: Target, options: &Options) {
        let is_named = options.keep.iter().chain(options.columns.values()).any(|it| is_same(it, name));
        let lower = name.to_lowercase();
        let exclusion = self.tool.and_then(|tool| tool.exclusion);
        let exclusion = exclusion.filter(|(columns, _)| word_list::has(columns, &lower));
        let mark_of = exclusion.map(|(_, mark_of)| mark_of);
        self.list.push(Column { name: name.to_owned(), target, dropped: None, is_named, mark_of });
    }

    /// Returns what becomes of a column of an export of ours.
    fn exported_target(&mut self, name: &str, options: &Options) -> Target {
        let is_ours = |ours: &str| options.theirs(ours).unwrap_or(ours) == name;
        match imported_columns().find(|(ours, _)| is_ours(ours)) {
            // Only a digest is exported, which is that of another site elsewhere.
            Some((_, Import::User)) => Target::Passed,
            Some((ours, import)) => Target::Field(ours, import),
            None if name == "properties" => Target::Properties,
            None if name == CHANNEL => Target::Channel,
            None if is_export_only(name) => Target::Passed,
            None => self.property(name),
        }
    }

    /// Returns what becomes of a column that is none of ours.
    fn other_target(&mut self, name: &str, label: &str, options: &Options) -> Target {
        if !options.keep.iter().any(|keep| is_same(keep, name)) {
            let lower = name.to_lowercase();
            let is_technical = self.tool.is_some_and(|tool| word_list::has(tool.technical, &lower));
            let found = if name.is_empty() {
                Some(Reason::Unnamed)
            } else if let Some(reason) = personal::column(name).or_else(|| personal::column(label)) {
                Some(reason)
            } else if is_technical || lower.ends_with("_nps_group") {
                Some(Reason::Technical)
            } else {
                None
            };
            if let Some(reason) = found {
                return Target::LeftOut(reason);
            }
        }
        self.property(name)
    }

    fn property(&mut self, name: &str) -> Target {
        Target::Property(unique(name, MAX_PROPERTY_NAME, &mut self.taken))
    }

    /// Leaves out the properties beyond the most that a response has. Those that the owner keeps by
    /// name go before others.
    fn limit_properties(&mut self) {
        let mut named = 0;
        for column in &self.list {
            named += usize::from(column.is_named && matches!(column.target, Target::Property(_)));
        }
        let (mut named_left, mut others_left) = (MAX_PROPERTIES, MAX_PROPERTIES.saturating_sub(named));
        for column in &mut self.list {
            if let Target::Property(_) = column.target {
                let left = if column.is_named { &mut named_left } else { &mut others_left };
                match left.checked_sub(1) {
                    Some(fewer) => *left = fewer,
                    None => column.target = Target::LeftOut(Reason::TooMany),
                }
            }
        }
    }

    /// Returns the position of a member of a row, which may be the first of its name; `None` beyond
    /// the most names that are told apart.
    pub(super) fn position(&mut self, name: &str, options: &Options) -> Option<usize> {
        if let Some(position) = self.positions.get(name) {
            return Some(*position);
        }
        if self.list.len() >= MAX_COLUMNS {
            return None;
        }
        let ours = imported_columns().find(|(ours, import)| match options.theirs(ours) {
            Some(theirs) => is_same(theirs, name),
            None => !matches!(import, Import::User) && is_same(ours, name),
        });
        // Lines may write one name in different cases.
        let is_free = |ours: &str| match self.position_of(ours).and_then(|position| self.list.get(position)) {
            Some(column) => is_same(&column.name, name),
            None => true,
        };
        let target = match ours.filter(|(ours, _)| is_free(ours)) {
            Some((ours, import)) => Target::Field(ours, import),
            None if self.exported => self.exported_target(name, options),
            None => self.other_target(name, "", options),
        };
        self.push(name, target, options);
        self.positions.insert(name.to_owned(), self.list.len() - 1);
        Some(self.list.len() - 1)
    }

    /// Returns the position of one of our columns.
    pub(super) fn position_of(&self, name: &str) -> Option<usize> {
        self.list.iter().position(|column| matches!(column.target, Target::Field(ours, _) if ours == name))
    }

    /// Returns the content that the file has of a response: each column, and in `properties` null
    /// for each property, or true where a row has all properties of its response.
    pub(super) fn content(&self) -> Value {
        let (mut content, mut properties, mut has_all) = (Map::new(), Map::new(), false);
        for column in &self.list {
            match &column.target {
                Target::Field(ours, _) => drop(content.insert((*ours).to_owned(), true.into())),
                Target::Property(name) => drop(properties.insert(name.clone(), Value::Null)),
                Target::Properties => has_all = true,
                _ => {}
            }
        }
        let properties = if has_all { true.into() } else { properties.into() };
        content.insert("properties".to_owned(), properties);
        content.into()
    }

    /// Returns the columns that are not kept, or of which not every cell is.
    pub(super) fn left_out(&self) -> Value {
        let left_out = self.list.iter().enumerate().filter_map(|(index, column)| {
            let reason = match column.target {
                Target::LeftOut(Reason::Unnamed) => column.dropped?,
                Target::LeftOut(reason) => reason,
                _ => column.dropped?,
            };
            Some(json!({ "column": column.display_name(index), "reason": reason.as_str() }))
        });
        left_out.collect()
    }

    /// Returns what becomes of each column.
    pub(super) fn mapping(&self) -> Value {
        let mapping = self.list.iter().enumerate().map(|(index, column)| {
            let name = column.display_name(index);
            match &column.target {
                Target::Field(ours, _) => json!({ "column": name, "field": ours }),
                Target::Property(property) => json!({ "column": name, "property": property }),
                Target::Properties => json!({ "column": name, "field": "properties" }),
                Target::Channel | Target::Passed => json!({ "column": name }),
                Target::LeftOut(reason) => json!({ "column": name, "left_out": reason.as_str() }),
            }
        });
        mapping.collect()
    }
}

/// Whether two names of columns are the same, in any case.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

/// Returns a name of at most `max` characters that is not taken yet, with a number if need be.
pub(super) fn unique(name: &str, max: usize, taken: &mut BTreeSet<String>) -> String {
    let mut found: String = name.chars().take(max).collect();
    let mut number = 2_usize;
    while !taken.insert(found.clone()) {
        let suffix = format!(" {number}");
        found = name.chars().take(max.saturating_sub(suffix.len())).collect::<String>() + &suffix;
        number += 1;
    }
    found
}

fn missing(parameter: &str, theirs: &str, header: &Header) -> ValidationError {
    let detail =
        format!("The file has no column {}. It has {}.", quoted(&theirs.into()), listed(&header.names));
    ValidationError::new(parameter, detail)
}

/// The first names of a header, as an error lists them.
pub(super) fn listed(header: &[String]) -> String {
    const MOST: usize = 12;
    let names: Vec<String> = header.iter().take(MOST).map(|name| short(name)).collect();
    let more = header.len().saturating_sub(MOST);
    let names = names.join(", ");
    if more == 0 { names } else { format!("{names} and {more} more") }
}

/// Returns the tool that wrote a header, unless the owner names it.
pub(super) fn tool(names: &[String], options: &Options) -> Option<&'static Preset> {
    let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    options.preset.or_else(|| preset::detect(&lower))
}
