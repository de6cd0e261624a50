//! Reader of one row of an import, whatever the file's format: named cells into a response.

use std::collections::{BTreeMap, BTreeSet};

use api::limits::{MAX_PROPERTIES, MAX_PROPERTY_NAME, MAX_PROPERTY_VALUE};
use api::report::CHANNEL;
use api::{Channel, ResponseId, ResponseUpdate, ValidationError};

use super::counts::{Counts, short};
use super::identity::{RowContent, RowIdentities};
use super::options::Options;
use crate::Zone;
use crate::stored_response::{
    FORMULA, IdSource, Import, ImportedResponse, imported_columns, is_export, is_export_only,
};

/// Clocks differ: what is dated less than a day ahead is taken.
const FUTURE_MS: i64 = api::day::DAY_MS;

/// The file being read.
pub(super) struct RowReader<'a> {
    pub(super) options: &'a Options,
    zone: &'a Zone,
    now: i64,
    identities: RowIdentities,
    /// Whether the file is an export of ours.
    pub(super) exported: bool,
    /// The answers that nobody has taken yet, in the order of the file.
    pub(super) answers: Vec<ImportedResponse>,
    pub(super) counts: Counts,
}

impl<'a> RowReader<'a> {
    /// Begins a file with that header; NDJSON has none.
    pub(super) fn new(
        options: &'a Options,
        zone: &'a Zone,
        now: i64,
        header: &[String],
    ) -> Result<Self, ValidationError> {
        let lines = Self {
            options,
            zone,
            now,
            identities: RowIdentities::default(),
            exported: is_export(header),
            answers: Vec::new(),
            counts: Counts::default(),
        };
        if !header.is_empty() {
            lines.check(header)?;
        }
        Ok(lines)
    }

    fn check(&self, header: &[String]) -> Result<(), ValidationError> {
        let listed = listed(header);
        if let Some(theirs) = self.options.columns.values().find(|theirs| !header.contains(theirs)) {
            return Err(ValidationError::new(
                "columns",
                format!("The file has no column {:?}. It has {listed}.", short(theirs)),
            ));
        }
        if !header.iter().any(|name| name == self.options.theirs("score")) {
            let detail = format!(
                "The header has no column \"score\", only {listed}. Name yours with columns=score:NAME."
            );
            return Err(ValidationError::new("", detail));
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = header.iter().find(|name| !seen.insert(name.as_str())) {
            return Err(ValidationError::new(
                "",
                format!("The header has the column {:?} twice.", short(twice)),
            ));
        }
        let properties = header.iter().filter(|name| self.ours(name).is_none() && !self.became(name));
        if properties.clone().count() > MAX_PROPERTIES {
            return Err(ValidationError::new(
                "",
                format!("The header has more than {MAX_PROPERTIES} columns for properties."),
            ));
        }
        match properties.into_iter().find(|name| name.is_empty() || name.chars().count() > MAX_PROPERTY_NAME)
        {
            Some(name) => Err(ValidationError::new(
                "",
                format!("The column name {:?} must have 1 to {MAX_PROPERTY_NAME} characters.", short(name)),
            )),
            None => Ok(()),
        }
    }

    /// Our name for a column of the file, if it is not a property.
    fn ours(&self, theirs: &str) -> Option<&'static str> {
        imported_columns().map(|(ours, _)| ours).find(|ours| self.options.theirs(ours) == theirs)
    }

    /// Whether a column is one that an export has and an import does not want.
    fn became(&self, name: &str) -> bool {
        self.exported && is_export_only(name)
    }

    /// Notes a line that cannot be read.
    pub(super) fn bad(&mut self, line: u64, detail: String) {
        self.counts.reject(line, &detail);
    }

    /// Adds a line of named cells.
    pub(super) fn add<'c>(&mut self, line: u64, cells: impl Iterator<Item = (&'c str, String)>) {
        match self.read(cells) {
            Err(detail) => self.bad(line, detail),
            Ok(answer) => {
                self.counts.rows += 1;
                self.counts.without_score += u64::from(answer.update.score.is_none());
                if answer.update.score.is_some() || answer.update.comment.is_some() {
                    self.answers.push(answer);
                }
            }
        }
    }

    fn read<'c>(
        &mut self,
        cells: impl Iterator<Item = (&'c str, String)>,
    ) -> Result<ImportedResponse, String> {
        let mut own: BTreeMap<&'static str, String> = BTreeMap::new();
        let mut properties = BTreeMap::new();
        let mut content = RowContent::default();
        let mut was_imported = false;
        for (name, cell) in cells {
            content.add(name, &cell);
            // An export says exactly what was said.
            let cell = if self.exported { unguarded(&cell) } else { cell.trim() };
            if cell.is_empty() || (!self.exported && matches!(cell, "NA" | "N/A" | "NaN" | "null" | "NULL")) {
                continue;
            }
            match self.ours(name) {
                Some(ours) => {
                    own.insert(ours, cell.to_owned());
                }
                None if self.exported && name == "properties" => {
                    let all: BTreeMap<String, String> = serde_json::from_str(cell).map_err(|_| {
                        "The cell properties must be a JSON object of names and texts.".to_owned()
                    })?;
                    for (name, value) in all {
                        let value = limited(value, &name, MAX_PROPERTY_VALUE)?;
                        properties.insert(limited(name, "a name of a property", MAX_PROPERTY_NAME)?, value);
                    }
                }
                None if self.became(name) => {
                    was_imported |= name == CHANNEL && cell == Channel::Import.as_str();
                }
                None if properties.len() == MAX_PROPERTIES => {
                    return Err(format!("Has more than {MAX_PROPERTIES} properties."));
                }
                None if name.is_empty() || name.chars().count() > MAX_PROPERTY_NAME => {
                    return Err(format!("A name of a property has 1 to {MAX_PROPERTY_NAME} characters."));
                }
                None => {
                    properties.insert(name.to_owned(), limited(cell.to_owned(), name, MAX_PROPERTY_VALUE)?);
                }
            }
        }
        let mut take = |name: &str, max| own.remove(name).map(|cell| limited(cell, name, max)).transpose();
        let own_at = take("at", 100)?.map(|at| self.options.at_format.read(&at, self.zone)).transpose()?;
        let dated_at = own_at.or(self.options.at);
        let given_at = dated_at.unwrap_or(self.now);
        if given_at > self.now + FUTURE_MS {
            return Err("The date is in the future.".into());
        }
        let mut update =
            ResponseUpdate { properties, ..ResponseUpdate::new(ResponseId::from_bytes([0; 16])) };
        for (name, import) in imported_columns() {
            if let Import::Text(max, set) = import
                && let Some(cell) = take(name, max)?
            {
                set(&mut update, cell)?;
            }
        }
        let own_id = take("id", 500)?;
        let own_uuid = own_id.as_deref().and_then(ResponseId::parse);
        let id_source = match own_uuid.filter(|_| self.exported) {
            Some(uuid) => {
                update.id = uuid;
                if was_imported { IdSource::ImportedBefore } else { IdSource::Export }
            }
            None => {
                let identity = self.identities.next(own_id.as_deref(), content, given_at, dated_at);
                update.id = identity.earlier_id;
                let has_uuid = own_uuid.is_some();
                IdSource::Row { digest: identity.digest, id_at: identity.id_at, has_uuid }
            }
        };
        self.counts.without_date += u64::from(own_at.is_none());
        Ok(ImportedResponse { at: given_at, is_dated: dated_at.is_some(), id_source, update })
    }
}

/// The first names of a header, as an error lists them.
fn listed(header: &[String]) -> String {
    const MOST: usize = 12;
    let names: Vec<String> = header.iter().take(MOST).map(|name| short(name)).collect();
    let more = header.len().saturating_sub(MOST);
    let names = names.join(", ");
    if more == 0 { names } else { format!("{names} and {more} more") }
}

/// A cell without the apostrophe that an export puts before what looks like a formula.
fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(cell)
}

fn limited(cell: String, name: &str, max: usize) -> Result<String, String> {
    let length = cell.chars().count();
    if length <= max {
        Ok(cell)
    } else {
        Err(format!("{:?} has {length} characters; at most {max} are kept.", short(name)))
    }
}
