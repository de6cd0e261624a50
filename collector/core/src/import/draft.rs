//! Choice of the columns that are ours: by the owner, by their names, by the tool or usual names,
//! by their questions.

use api::ValidationError;

use super::columns::{is_same, listed};
use super::header::Header;
use super::options::Options;
use super::preset::{self, Preset};
use super::word_list;
use crate::stored_response::{Import, imported_columns};

/// Column of ours, by its name.
type Field = (&'static str, Import);

/// Choice in progress: the column of ours for each column of the file.
pub(super) struct Draft<'a> {
    header: &'a Header,
    options: &'a Options,
    tool: Option<&'static Preset>,
    fields: Vec<Option<Field>>,
}

impl<'a> Draft<'a> {
    /// Begins with the columns that the owner names.
    pub(super) fn new(header: &'a Header, options: &'a Options, tool: Option<&'static Preset>) -> Self {
        let mut draft = Self { header, options, tool, fields: vec![None; header.names.len()] };
        for field in imported_columns() {
            if let Some(index) = options.theirs(field.0).and_then(|theirs| header.find(theirs)) {
                draft.set(index, field);
            }
        }
        draft
    }

    /// Returns the choice. Two columns that are both called `score` are an error: one of them would
    /// be the wrong number.
    pub(super) fn into_fields(mut self) -> Result<Vec<Option<Field>>, ValidationError> {
        for field in imported_columns() {
            let (ours, import) = field;
            // A user is one only where the owner says so.
            if self.options.theirs(ours).is_some() || matches!(import, Import::User) {
                continue;
            }
            let named: Vec<usize> = self
                .free()
                .filter(|index| self.original(*index).is_some_and(|name| is_same(name, ours)))
                .collect();
            let exact = named.iter().filter(|index| self.original(**index) == Some(ours)).count();
            if ours == "score" && named.len() > 1 && exact != 1 {
                let detail = "The header has the column \"score\" twice. Say which with columns=score:NAME; the second \
                              is called \"score 2\" here.";
                return Err(ValidationError::new("", detail));
            }
            let first = named.iter().find(|index| exact == 0 || self.original(**index) == Some(ours));
            let found = match first.copied().or_else(|| self.by_usual_name(ours)) {
                None => self.by_question(ours)?,
                found => found,
            };
            if let Some(index) = found {
                self.set(index, field);
            }
        }
        Ok(self.fields)
    }

    fn set(&mut self, index: usize, field: Field) {
        if let Some(slot) = self.fields.get_mut(index) {
            *slot = Some(field);
        }
    }

    fn original(&self, index: usize) -> Option<&str> {
        self.header.originals.get(index).map(String::as_str)
    }

    /// Returns the columns that are not chosen yet.
    fn free(&self) -> impl Iterator<Item = usize> {
        self.fields.iter().enumerate().filter(|(_, field)| field.is_none()).map(|(index, _)| index)
    }

    /// Finds the column that has the tool's name for one of ours. In a file of no known tool it has
    /// one of the usual names, and its cells are what the name says.
    fn by_usual_name(&self, ours: &str) -> Option<usize> {
        let columns = self.tool.map_or(preset::PLAIN_COLUMNS, |tool| tool.columns);
        let (_, theirs) = columns.iter().find(|(name, _)| *name == ours)?;
        let mut found = None;
        word_list::any(theirs, &mut |theirs| {
            found = self.free().find(|index| {
                self.original(*index).is_some_and(|name| is_same(name, theirs))
                    && (self.tool.is_some() || self.is_plain(ours, *index))
            });
            found.is_some()
        });
        found
    }

    /// Whether a column of a file of no known tool has cells of that kind in its first rows, and
    /// the owner does not keep it as a property.
    fn is_plain(&self, ours: &str, index: usize) -> bool {
        let is_kept = self.options.keep.iter().any(|keep| self.header.find(keep) == Some(index));
        let is_of_kind = match ours {
            "at" => self.header.has_dates(index),
            _ => !self.header.has_scores(index),
        };
        is_of_kind && !is_kept && !self.header.samples.is_empty()
    }

    /// Finds the column whose name, or second header row, asks for the score or the comment, and
    /// whose cells are what was asked for.
    fn by_question(&self, ours: &str) -> Result<Option<usize>, ValidationError> {
        let question = |index: &usize| {
            let name = self.header.names.get(*index).map_or("", String::as_str);
            format!("{name} {}", self.header.label(*index)).to_lowercase()
        };
        // PostHog names a column by the id of its question.
        let asks = |index: &usize, asks: fn(&str) -> bool| {
            let text = question(index);
            asks(&text) || text.contains("$survey_response")
        };
        let has_no_cells = self.header.samples.is_empty();
        match ours {
            "score" => {
                let in_group = self.free().find(|index| self.has_group(*index));
                let asking = self.free().filter(|index| {
                    let is_asking = match in_group {
                        Some(_) => self.has_group(*index),
                        None => asks(index, preset::asks_for_score),
                    };
                    is_asking
                        && match has_no_cells {
                            true => !preset::asks_for_comment(&question(index)),
                            false => self.header.has_scores(*index),
                        }
                });
                match *asking.collect::<Vec<usize>>() {
                    [] => Ok(in_group),
                    [one] => Ok(Some(one)),
                    ref several => Err(self.two_scores(several)),
                }
            }
            "comment" if self.tool.is_some() => Ok(self.free().find(|index| {
                asks(index, preset::asks_for_comment) && (has_no_cells || !self.header.has_scores(*index))
            })),
            _ => Ok(None),
        }
    }

    /// Whether a column is a score of Qualtrics, which has its group in another column: `Q1` and
    /// `Q1_NPS_GROUP`.
    fn has_group(&self, index: usize) -> bool {
        let group = self.original(index).map(|name| [name, "_nps_group"].concat());
        group.is_some_and(|group| self.header.originals.iter().any(|name| is_same(name, &group)))
    }

    /// Returns the error of columns that may each be the score.
    fn two_scores(&self, columns: &[usize]) -> ValidationError {
        let names: Vec<String> =
            columns.iter().filter_map(|index| self.header.names.get(*index).cloned()).collect();
        let detail = format!(
            "Each of these columns asks for a recommendation: {}. Say which has the score with \
             columns=score:NAME.",
            listed(&names)
        );
        ValidationError::new("", detail)
    }
}
