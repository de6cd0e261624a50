//! Answering for the score: sums over days.

use std::collections::BTreeMap;

use api::report::{ScoreQuery, Segment};
use api::{Day, Period, ValidationError};
use collector_core::report::{Cell, Cells, DayTotals, Plan, Rows, Totals};
use nps::{Histogram, TimeToAnswer};
use worker::{Response, SqlStorageValue};

use super::asked::Asked;
use super::properties::Property;
use super::schema::sums::{ABSENT, MAX_VALUES, OTHER, counts};
use super::{Inner, settings::Settings};
use crate::reply::{self, Outcome, Problem};

/// Which sums are meant.
#[derive(Clone, Copy)]
pub struct Sums<'a> {
    variant: &'a str,
    span: Period,
    slot: i32,
    /// The number of one value; `None` for all of them, each by itself.
    value: Option<i64>,
}

impl<'a> Sums<'a> {
    /// Those of all responses, in parts that add up.
    pub fn total(variant: &'a str, span: Period) -> Self {
        Self { variant, span, slot: 0, value: None }
    }

    fn condition(&self) -> &'static str {
        "property = ? AND variant = ? AND day BETWEEN ? AND ? AND (? IS NULL OR value = ?)"
    }

    fn values(&self) -> Vec<SqlStorageValue> {
        let value: SqlStorageValue = self.value.into();
        vec![
            self.slot.into(),
            self.variant.into(),
            self.span.first().number().into(),
            self.span.last().number().into(),
            value.clone(),
            value,
        ]
    }
}

impl Inner {
    pub fn score(&self, asked: &Asked) -> Outcome<Response> {
        let settings = self.settings()?;
        let pairs = asked.query();
        let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let query = ScoreQuery::parse(pairs.filter(|(name, _)| *name != "key"))?;
        let report = self.report(&settings, &query)?;
        let text = serde_json::to_string(&report).map_err(Problem::internal)?;
        reply::tagged(text, asked.if_none_match.as_deref())
    }

    /// The report that answers a query.
    pub fn report(&self, settings: &Settings, query: &ScoreQuery) -> Outcome<api::report::ScoreReport> {
        let variant = query.variant().unwrap_or(&settings.survey.variant);
        let [first, last] = self.ends(variant)?;
        let plan = Plan::new(query, self.today(settings), first, last)?;
        let total = Sums::total(variant, plan.span());
        let rows = match query.property() {
            None => Rows::of_days(self.days_and_times(&total, plan.period)?),
            Some(name) => {
                query.check_property(&settings.properties)?;
                let property = self.property(name)?;
                let values = self.values(property.slot)?;
                let kept = Sums { slot: property.slot, ..total };
                if query.groups() {
                    let groups = Sums { span: plan.period, ..kept };
                    Rows {
                        days: self.days_and_times(&Sums::total(variant, plan.span()), plan.period)?,
                        groups: self.groups(&groups, &values)?,
                        ..Rows::default()
                    }
                } else {
                    let value = number(query.filter_value(), &values, name)?;
                    Rows {
                        cells: self.cells(&kept, &plan, &values)?,
                        days: match value {
                            Some(value) => {
                                self.days_and_times(&Sums { value: Some(value), ..kept }, plan.period)?
                            }
                            None => Vec::new(),
                        },
                        ..Rows::default()
                    }
                }
            }
        };
        Ok(plan.report(rows, settings.zone.name(), variant))
    }

    /// A declared property, once every response is counted.
    fn property(&self, name: &str) -> Outcome<Property> {
        let known = self.properties()?.into_iter().find(|property| property.name == name);
        known.filter(|property| property.filled).ok_or_else(|| Problem::not_ready(name))
    }

    /// The values of a property by their numbers.
    fn values(&self, slot: i32) -> Outcome<BTreeMap<i64, String>> {
        let query =
            "SELECT json_group_array(json_array(number, ifnull(text, ''))) FROM value WHERE property = ?";
        let values: Vec<(i64, String)> = self.database.json(query, vec![slot.into()])?;
        Ok(values.into_iter().collect())
    }

    /// The sums of each day, which may come in parts, without the times to answer.
    pub fn days(&self, sums: &Sums) -> Outcome<Vec<DayTotals>> {
        let from = format!("FROM day WHERE {} ORDER BY day", sums.condition());
        let columns = plain(FACTS);
        let mut days = Vec::new();
        for span in self.stretches(sums, DAYS_OF_FACTS)? {
            let rows = self.rows("day", &from, &Sums { span, ..*sums }, &columns)?;
            days.extend(rows.into_iter().map(|(day, totals)| DayTotals { day: day_of(day), totals }));
        }
        Ok(days)
    }

    /// The days of a span that have sums, in stretches of so many days.
    fn stretches(&self, sums: &Sums, days: u16) -> Outcome<Vec<Period>> {
        if sums.span.days() <= u32::from(days) {
            return Ok(vec![sums.span]);
        }
        let [first, last] = self.ends(sums.variant)?;
        let (Some(first), Some(last)) = (first, last) else { return Ok(Vec::new()) };
        let (first, last) = (first.max(sums.span.first()), last.min(sums.span.last()));
        let starts = (first.number()..=last.number()).step_by(usize::from(days)).map(Day::new);
        Ok(starts.filter_map(|start| Period::new(start, start.plus(i32::from(days) - 1).min(last))).collect())
    }

    /// The first and the last day that have sums.
    fn ends(&self, variant: &str) -> Outcome<[Option<Day>; 2]> {
        let ends = "SELECT json_array(
            (SELECT day FROM day WHERE property = 0 AND variant = ?1 ORDER BY day LIMIT 1),
            (SELECT day FROM day WHERE property = 0 AND variant = ?1 ORDER BY day DESC LIMIT 1))";
        let ends: [Option<i32>; 2] = self.database.json(ends, vec![variant.into()])?;
        Ok(ends.map(|day| day.map(Day::new)))
    }

    /// The same, and the times of a period in one more part on its first day: no report has them by day, and they are two
    /// thirds of a row.
    fn days_and_times(&self, sums: &Sums, period: Period) -> Outcome<Vec<DayTotals>> {
        let mut days = self.days(sums)?;
        let from = format!("FROM day WHERE {} HAVING count(*) > 0", sums.condition());
        let times = counts()
            .into_iter()
            .enumerate()
            .map(|(at, (name, _))| if at < FACTS { "0".to_owned() } else { format!("sum({name})") });
        let rows = self.rows("0", &from, &Sums { span: period, ..*sums }, &times.collect::<Vec<_>>())?;
        days.extend(rows.into_iter().map(|(_, totals)| DayTotals { day: period.first(), totals }));
        Ok(days)
    }

    /// The sums of each value.
    fn groups(&self, sums: &Sums, values: &BTreeMap<i64, String>) -> Outcome<Vec<(Segment, Totals)>> {
        let from = format!("FROM day WHERE {} GROUP BY value", sums.condition());
        let columns: Vec<String> = counts().into_iter().map(|(name, _)| format!("sum({name})")).collect();
        let rows = self.rows("value", &from, sums, &columns)?;
        Ok(rows.into_iter().map(|(value, totals)| (segment(value, values), totals)).collect())
    }

    /// How many answers each value has on each day. Without a series only whole periods count: each is then on its first day.
    fn cells(&self, sums: &Sums, plan: &Plan, values: &BTreeMap<i64, String>) -> Outcome<Cells> {
        let scored: Vec<String> = (0..=10).map(|score| format!("s{score}")).collect();
        let scored = scored.join(" + ");
        let from = sums.condition();
        let mut cells = Cells::default();
        let mut numbers: BTreeMap<i64, usize> = BTreeMap::new();
        let mut add = |found: Vec<(i64, i64, u64)>| {
            for (day, value, scored) in found.into_iter().filter(|(_, _, scored)| *scored > 0) {
                let next = numbers.len();
                let index = *numbers.entry(value).or_insert_with(|| {
                    cells.segments.push(segment(value, values));
                    next
                });
                cells.rows.push(Cell { day: day_of(day), segment: index, scored });
            }
        };
        if plan.step.is_none() {
            let query = format!(
                "SELECT json_group_array(json_array(0, value, scored)) FROM
                    (SELECT value, sum({scored}) AS scored FROM day WHERE {from} GROUP BY value)"
            );
            for span in [Some(plan.period), plan.previous].into_iter().flatten() {
                let found: Vec<(i64, i64, u64)> =
                    self.database.json(&query, Sums { span, ..*sums }.values())?;
                let first = i64::from(span.first().number());
                add(found.into_iter().map(|(_, value, scored)| (first, value, scored)).collect());
            }
            return Ok(cells);
        }
        let query = format!(
            "SELECT json_group_array(json_array(day, value, scored)) FROM
                (SELECT day, value, {scored} AS scored FROM day WHERE {from})"
        );
        for span in self.stretches(sums, DAYS_OF_CELLS)? {
            add(self.database.json(&query, Sums { span, ..*sums }.values())?);
        }
        Ok(cells)
    }

    /// Rows of a key and the sums in the order of the schema. A function takes at most 32 arguments in an object, so they come in
    /// parts.
    fn rows(&self, key: &str, from: &str, sums: &Sums, columns: &[String]) -> Outcome<Vec<(i64, Totals)>> {
        let (facts, times) = columns.split_at_checked(FACTS).unwrap_or((columns, &[]));
        let parts: Vec<String> = [facts]
            .into_iter()
            .chain(times.chunks(30))
            .map(|part| format!("json_array({})", part.join(", ")))
            .collect();
        let query = format!(
            "SELECT json_group_array(json(row)) FROM (SELECT json_array({key}, json_array({})) AS row {from})",
            parts.join(", ")
        );
        let found: Vec<(i64, Vec<Vec<u64>>)> = self.database.json(&query, sums.values())?;
        let rows = found.into_iter().map(|(key, parts)| Some((key, totals(&parts.concat())?)));
        rows.collect::<Option<_>>().ok_or_else(|| Problem::internal("sums of another shape"))
    }
}

fn day_of(number: i64) -> Day {
    Day::new(i32::try_from(number).unwrap_or(0))
}

fn segment(number: i64, values: &BTreeMap<i64, String>) -> Segment {
    match values.get(&number) {
        Some(text) => Segment::Value(text.clone()),
        None if number == ABSENT => Segment::Absent,
        None => Segment::Other,
    }
}

/// The number under which a value is counted; `None` where no response has it.
fn number(
    value: Option<&Segment>,
    values: &BTreeMap<i64, String>,
    name: &str,
) -> Result<Option<i64>, ValidationError> {
    let Some(Segment::Value(text)) = value else { return Ok(Some(ABSENT)) };
    match values.iter().find(|(_, known)| *known == text) {
        Some((number, _)) => Ok(Some(*number)),
        None if values.len() < MAX_VALUES => Ok(None),
        None => Err(ValidationError::new(
            format!("filter[{name}]"),
            format!("Is none of the {MAX_VALUES} values that are kept apart, so it is among the others."),
        )),
    }
}

/// How many days are read at once, so that their rows fit into one value of SQLite, which has at most 2 MB: a day has a row of
/// facts for each channel, or a cell for each of some two hundred values.
const DAYS_OF_FACTS: u16 = 300;
const DAYS_OF_CELLS: u16 = 100;
/// How many of the sums are not times to answer.
const FACTS: usize = 16;

/// The names of the first so many sums.
fn plain(many: usize) -> Vec<String> {
    counts().into_iter().take(many).map(|(name, _)| name).collect()
}

/// The sums as the report has them; the times may be missing.
fn totals(cells: &[u64]) -> Option<Totals> {
    let (scores, rest) = cells.split_first_chunk::<11>()?;
    let ([shown, answered, dismissed, commented, _rows], rest) = rest.split_first_chunk::<5>()?;
    Some(Totals {
        scores: Histogram::from_counts(*scores),
        shown: *shown,
        answered: *answered,
        dismissed: *dismissed,
        commented: *commented,
        elapsed: if rest.is_empty() {
            TimeToAnswer::default()
        } else {
            TimeToAnswer::from_counts(rest.try_into().ok()?)
        },
    })
}

/// Keeps the number of the values that are not kept apart where it is written.
const _: () = assert!(OTHER < ABSENT);
