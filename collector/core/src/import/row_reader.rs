//! Reader of one row of an import, whatever the file's format: named cells into a response.

use std::collections::BTreeMap;

use api::limits::{MAX_PROPERTIES, MAX_PROPERTY_NAME, MAX_PROPERTY_VALUE, MAX_USER};
use api::user::is_placeholder;
use api::{Channel, ResponseId, ResponseUpdate};

use super::columns::{Columns, Target};
use super::counts::{Counts, short};
use super::csv_rows::Row;
use super::date_order::Orders;
use super::date_text;
use super::header::Header;
use super::identity::{self, RowContent, RowIdentities};
use super::left_out::Reason;
use super::options::Options;
use super::{TimestampFormat, personal, score_text, word_list, zone_text};
use crate::Zone;
use crate::stored_response::{IdSource, Import, ImportedResponse, is_guarded};

/// Clocks differ: what is dated less than a day ahead is taken.
const FUTURE_MS: i64 = api::day::DAY_MS;

/// Mean length of a year.
const YEAR_MS: i64 = 31_556_952_000;

/// Texts that programs write for an absent value.
const ABSENT: &str = "NA|N/A|NaN|null|NULL";

/// Cell of a row: the position of its column, if that is told apart, the column's name in the file,
/// and the text.
pub(super) type Cell<'c> = (Option<usize>, &'c str, &'c str);

/// The file being read.
pub(super) struct RowReader<'a> {
    pub(super) options: &'a Options,
    zone: &'a Zone,
    now: i64,
    identities: RowIdentities,
    pub(super) columns: Columns,
    /// Form of the dates, and the zone of those that name none where the column names it.
    at_format: TimestampFormat,
    pub(super) at_zone: Option<Zone>,
    /// Name of that zone, whose offsets are not known here.
    pub(super) zone_to_find: Option<String>,
    /// The first date.
    first_date: Option<String>,
    /// Orders that all dates fit, of those that were looked at.
    orders: Orders,
    /// Whether an apostrophe before a formula is part of the format.
    pub(super) is_guarded: bool,
    /// The answers that nobody has taken yet, in the order of the file.
    pub(super) answers: Vec<ImportedResponse>,
    pub(super) counts: Counts,
}

impl<'a> RowReader<'a> {
    /// Begins a file with those columns.
    pub(super) fn new(columns: Columns, options: &'a Options, zone: &'a Zone, now: i64) -> Self {
        Self {
            options,
            zone,
            now,
            identities: RowIdentities::default(),
            columns,
            at_format: options.at_format.clone(),
            at_zone: None,
            zone_to_find: None,
            first_date: None,
            orders: Orders::ALL,
            is_guarded: false,
            answers: Vec::new(),
            counts: Counts::default(),
        }
    }

    /// Finds the first date and the time zone that the header states. Returns whether
    /// the other dates have to show the order of their parts.
    pub(super) fn find_date_form(&mut self, header: &Header) -> bool {
        let Some(index) = self.columns.position_of("at") else { return false };
        let name = header.names.get(index).and_then(|name| name.rsplit_once('(')?.1.split_once(')'));
        let stated = header.stated_zone(index);
        match zone_text::offset(stated.as_deref().or(name.map(|(zone, _)| zone)).unwrap_or_default()) {
            Ok(Some(seconds)) => self.at_zone = Some(Zone::fixed(seconds)),
            Ok(None) => {}
            // Other words in brackets are part of a name.
            Err(_) => self.zone_to_find = stated,
        }
        let mut dates =
            header.samples.iter().map(|row| row.cell(index).trim()).filter(|cell| !cell.is_empty());
        self.first_date = dates.clone().next().map(str::to_owned);
        let is_known = matches!(self.at_format, TimestampFormat::Known(_));
        is_known && (self.first_date.is_none() || dates.any(|date| date_text::orders(date, 0).is_some()))
    }

    /// Takes the order that the date of a row shows.
    pub(super) fn look_at_date(&mut self, row: &Row) {
        // A clock may be days ahead at the turn of the year.
        let last_year = (self.now + 7 * api::day::DAY_MS) / YEAR_MS - 30;
        if let Some(index) = self.columns.position_of("at")
            && let Some(orders) =
                date_text::orders(row.cell(index).trim(), u32::try_from(last_year).unwrap_or(0))
        {
            self.orders.keep(orders);
        }
    }

    /// Takes the order that all dates have which were looked at, or that of the tool if they may
    /// have it.
    pub(super) fn set_date_order(&mut self) {
        let of_tool = self.columns.tool.and_then(|tool| tool.order).filter(|order| self.orders.has(*order));
        self.at_format = TimestampFormat::Known(self.orders.only().or(of_tool));
    }

    /// Returns the form of the first date.
    pub(super) fn date_form(&self) -> Option<String> {
        self.first_date.as_deref().map(|date| self.at_format.form(date))
    }

    /// Notes a line that cannot be read.
    pub(super) fn bad(&mut self, line: u64, detail: &str) {
        self.counts.reject(line, detail);
    }

    /// Adds a line.
    pub(super) fn add(&mut self, line: u64, cells: &mut dyn Iterator<Item = Cell>) {
        match self.read(line, cells) {
            Err(detail) => self.bad(line, &detail),
            Ok(answer) => {
                self.counts.rows += 1;
                self.counts.without_score += u64::from(answer.update.score.is_none());
                if answer.update.score.is_some() || answer.update.comment.is_some() {
                    self.counts.marked += u64::from(answer.update.mark.is_some());
                    self.answers.push(answer);
                }
            }
        }
    }

    fn read(&mut self, line: u64, cells: &mut dyn Iterator<Item = Cell>) -> Result<ImportedResponse, String> {
        let mut row = PartialRow::new();
        let mut content = RowContent::default();
        for (position, name, cell) in cells {
            content.add(name, cell);
            if let Some(position) = position
                && let Some(cell) = self.content_of(cell)
            {
                self.add_cell(&mut row, position, cell)?;
            }
        }
        if let Some(detail) = row.error {
            return Err(detail);
        }
        let dated_at = row.at.or(self.options.at);
        let at_ms = dated_at.unwrap_or(self.now);
        if at_ms > self.now + FUTURE_MS {
            return Err("The date is in the future.".into());
        }
        if row.was_cut {
            self.counts.cut.add(line);
        }
        let own_uuid = row.id.as_deref().and_then(ResponseId::parse);
        let id_source = match own_uuid.filter(|_| self.columns.exported) {
            Some(uuid) => {
                row.update.id = uuid;
                if row.was_imported { IdSource::ImportedBefore } else { IdSource::Export }
            }
            None => {
                let identity = self.identities.next(row.id.as_deref(), content, at_ms, dated_at);
                row.update.id = identity.earlier_id;
                let has_uuid = own_uuid.is_some();
                IdSource::Row { digest: identity.digest, id_at: identity.id_at, has_uuid }
            }
        };
        self.counts.without_date += u64::from(row.at.is_none());
        Ok(ImportedResponse { line, at: at_ms, is_dated: dated_at.is_some(), id_source, update: row.update })
    }

    /// Returns the text of a cell, unless it is empty.
    fn content_of<'c>(&self, cell: &'c str) -> Option<&'c str> {
        if self.columns.exported {
            // An export says exactly what was said.
            return Some(if self.is_guarded { unguarded(cell) } else { cell })
                .filter(|cell| !cell.is_empty());
        }
        Some(cell.trim()).filter(|cell| !cell.is_empty())
    }

    fn add_cell(&mut self, row: &mut PartialRow, position: usize, cell: &str) -> Result<(), String> {
        let Some(column) = self.columns.list.get_mut(position) else { return Ok(()) };
        if let Some(mark) = column.mark_of.and_then(|mark_of| mark_of(&cell.to_lowercase())) {
            row.update.mark = Some(mark);
        }
        match &column.target {
            // A property may have such a value: `NA` is also North America.
            Target::Field(..) if !self.columns.exported && word_list::has(ABSENT, cell) => {}
            Target::Field(_, Import::Id) => row.id = row.ok(identity::own_id(cell)),
            Target::Field(_, Import::At) => {
                let zone = self.at_zone.as_ref().unwrap_or(self.zone);
                row.at = row.ok(self.at_format.read(&short(cell), zone));
            }
            Target::Field(_, Import::Score) => {
                row.update.score = row.ok(score_text::parse(cell));
                self.counts.bad_scores += u64::from(row.update.score.is_none());
                self.counts.dated_scores +=
                    u64::from(row.update.score.is_none() && score_text::is_date(cell));
            }
            Target::Field(_, Import::User) => row.set_user(cell),
            Target::Field(_, Import::Text(max, set)) => {
                let text = row.cut(cell, *max);
                let set = set(&mut row.update, text);
                row.ok(set);
            }
            Target::Channel => row.was_imported |= cell == Channel::Import.as_str(),
            Target::Properties => row.set_properties(cell)?,
            Target::Passed => {}
            Target::LeftOut(reason) => column.dropped = Some(*reason),
            Target::Property(name) => {
                let is_checked = !self.columns.exported && !column.is_named;
                let personal = personal::cell(cell).filter(|_| is_checked);
                let is_full = row.update.properties.len() >= MAX_PROPERTIES;
                match personal.or(is_full.then_some(Reason::TooMany)) {
                    Some(reason) => column.dropped = Some(reason),
                    None => {
                        let value = row.cut(cell, MAX_PROPERTY_VALUE);
                        row.update.properties.insert(name.clone(), value);
                    }
                }
            }
        }
        Ok(())
    }
}

/// A cell without the apostrophe that an export puts before what looks like a formula.
pub(super) fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_guarded(rest)).unwrap_or(cell)
}

/// Row of which some cells were read.
struct PartialRow {
    update: ResponseUpdate,
    at: Option<i64>,
    /// The file's own id.
    id: Option<String>,
    /// The first error.
    error: Option<String>,
    /// Whether the response was imported before it was exported.
    was_imported: bool,
    was_cut: bool,
}

impl PartialRow {
    fn new() -> Self {
        let update = ResponseUpdate::new(ResponseId::from_bytes([0; 16]));
        Self { update, at: None, id: None, error: None, was_imported: false, was_cut: false }
    }

    /// Returns what was read, or keeps the error.
    fn ok<T>(&mut self, read: Result<T, String>) -> Option<T> {
        read.map_err(|detail| self.error.get_or_insert(detail).len()).ok()
    }

    /// The first `max` characters of a text.
    fn cut(&mut self, text: &str, max: usize) -> String {
        let end = text.char_indices().nth(max).map(|(end, _)| end);
        self.was_cut |= end.is_some();
        text.get(..end.unwrap_or(text.len())).unwrap_or_default().to_owned()
    }

    /// Sets the user. A longer name is never cut: the rest would be the name of another person.
    fn set_user(&mut self, name: &str) {
        if name.chars().nth(MAX_USER).is_some() {
            self.was_cut = true;
        } else if !is_placeholder(name) {
            self.update.user = Some(name.to_owned());
        }
    }

    /// Adds the properties that an export of ours has in one cell.
    fn set_properties(&mut self, cell: &str) -> Result<(), String> {
        let all: BTreeMap<String, String> = serde_json::from_str(cell)
            .map_err(|_| "The cell properties must be a JSON object of names and texts.".to_owned())?;
        for (name, value) in all {
            let (name, value) = (self.cut(&name, MAX_PROPERTY_NAME), self.cut(&value, MAX_PROPERTY_VALUE));
            self.update.properties.insert(name, value);
        }
        Ok(())
    }
}
