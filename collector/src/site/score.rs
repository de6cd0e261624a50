//! `GET …/score`: reports from the daily totals.

use std::collections::BTreeMap;
use std::rc::Rc;

use api::report::{ScoreQuery, ScoreReport, Segment};
use api::{Channel, Day, Period, ValidationError};
use collector_core::report::{Cell, Cells, DayTotals, Plan, Rows, Totals};
use nps::{Histogram, TimeToAnswer};
use worker::SqlStorageValue;

use super::database::Database;
use super::properties::{self, CHANNEL_SLOT, Property};
use super::request::{ApiRequest, KEY_PARAMETER};
use super::schema::daily_totals::{ABSENT, MAX_VALUES, OTHER, counts};
use super::state::SiteState;
use crate::http::problem::quoted;
use crate::http::{ApiResult, Problem, Response, etag, response};

/// Selection of daily totals.
#[derive(Clone, Copy)]
pub struct TotalsQuery<'a> {
    variant: &'a str,
    span: Period,
    slot: i64,
    /// Number of one value; `None` for each value by itself.
    value: Option<i64>,
}

impl<'a> TotalsQuery<'a> {
    /// Selects the totals of all responses, in parts that add up.
    pub fn all(variant: &'a str, span: Period) -> Self {
        Self { variant, span, slot: CHANNEL_SLOT, value: None }
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

/// The longest report that is kept, in bytes.
const MAX_KNOWN_BYTES: usize = 64 * 1024;

/// Report that was made on a day, as JSON.
#[derive(Clone)]
pub struct KnownReport {
    today: Day,
    text: Rc<str>,
    etag: Rc<str>,
}

/// `GET …/score`: the report of before, unless something was written since or the day has changed.
pub fn get(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let (asked, today) = (&request.call.query, site.today()?);
    let known = site.reports.get(&site.database, asked).filter(|report| report.today == today);
    let KnownReport { text, etag, .. } = match known {
        Some(known) => known,
        None => {
            let pairs = request.query();
            let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let query = ScoreQuery::parse(pairs.filter(|(name, _)| *name != KEY_PARAMETER))?;
            let text = serde_json::to_string(&report(site, &query)?).map_err(Problem::internal)?;
            let (etag, text) = (etag::of_text(&text).into(), text.into());
            let made = KnownReport { today, text, etag };
            if made.text.len() <= MAX_KNOWN_BYTES {
                site.reports.put(&site.database, asked, made.clone());
            }
            made
        }
    };
    Ok(response::tagged_as(&text, &etag, request.if_none_match()))
}

/// Returns the report of a query.
pub fn report(site: &SiteState, query: &ScoreQuery) -> ApiResult<ScoreReport> {
    let (settings, database) = (site.settings()?, &*site.database);
    let variant = query.variant().unwrap_or(&settings.survey.variant);
    let [first, last] = first_and_last_day(database, variant)?;
    let mut plan = Plan::new(query, site.today()?, first, last)?;
    plan.variant.take_if(|asked| *asked == settings.survey.variant);
    let total = TotalsQuery::all(variant, plan.span());
    let rows = match query.property() {
        None => Rows::of_days(days_and_times(database, &total, plan.period)?),
        Some(name) => {
            query.check_property(&settings.properties)?;
            let property = complete_property(database, name)?;
            let values = values_by_number(database, property.slot)?;
            let by_value = TotalsQuery { slot: property.slot, ..total };
            if query.groups() {
                let of_period = TotalsQuery { span: plan.period, ..by_value };
                Rows {
                    days: days_and_times(database, &TotalsQuery::all(variant, plan.span()), plan.period)?,
                    groups: groups(database, &of_period, &values, "true")?,
                    ..Rows::default()
                }
            } else {
                let value = value_number(database, query.filter_value(), &values, &property)?;
                Rows {
                    cells: cells(database, &by_value, &plan, &values)?,
                    days: match value {
                        Some(value) => days_and_times(
                            database,
                            &TotalsQuery { value: Some(value), ..by_value },
                            plan.period,
                        )?,
                        None => Vec::new(),
                    },
                    ..Rows::default()
                }
            }
        }
    };
    Ok(plan.report(rows, settings.zone.name(), variant))
}

/// Returns a declared property, once every response is counted.
pub fn complete_property(database: &Database, name: &str) -> ApiResult<Property> {
    let known = properties::list(database)?.into_iter().find(|property| property.name == name);
    known.filter(|property| property.is_complete).ok_or_else(|| Problem::not_ready(name))
}

/// SQL of the number of a value in a report: a value whose totals are still being moved counts as
/// other.
const REPORTED: &str = "iif(value > 0 AND (property, value) IN (SELECT property, number FROM value \
    WHERE length(upto) <= 16), -1, value)";

/// Returns the values of a property by their numbers. Channels have their names in the API.
fn values_by_number(database: &Database, slot: i64) -> ApiResult<BTreeMap<i64, String>> {
    let query = "SELECT json_group_array(json_array(text, number)) FROM value \
        WHERE property = ? AND length(upto) > 16";
    let mut values: Vec<(String, i64)> = database.json(query, vec![slot.into()])?;
    if slot == CHANNEL_SLOT {
        for (value, _) in &mut values {
            if let Some(channel) = Channel::from_stored(value) {
                *value = channel.as_str().to_owned();
            }
        }
    }
    Ok(values.into_iter().map(|(value, number)| (number, value)).collect())
}

/// Returns the totals of each day, which may come in parts, without the times to answer.
pub fn days(database: &Database, selection: &TotalsQuery) -> ApiResult<Vec<DayTotals>> {
    let from = format!("FROM day WHERE {} ORDER BY day", selection.condition());
    let columns = count_names(FACTS);
    let mut days = Vec::new();
    for span in stretches(database, selection, DAYS_OF_FACTS)? {
        let rows = rows(database, "day", &from, &TotalsQuery { span, ..*selection }, &columns)?;
        days.extend(rows.into_iter().map(|(day, totals)| DayTotals { day: day_of(day), totals }));
    }
    Ok(days)
}

/// Returns the days of a span that have totals, in stretches of so many days.
fn stretches(database: &Database, selection: &TotalsQuery, days: u16) -> ApiResult<Vec<Period>> {
    if selection.span.days() <= u32::from(days) {
        return Ok(vec![selection.span]);
    }
    let [first, last] = first_and_last_day(database, selection.variant)?;
    let (Some(first), Some(last)) = (first, last) else { return Ok(Vec::new()) };
    let (first, last) = (first.max(selection.span.first()), last.min(selection.span.last()));
    let starts = (first.number()..=last.number()).step_by(usize::from(days)).map(Day::new);
    Ok(starts.filter_map(|start| Period::new(start, start.plus(i32::from(days) - 1).min(last))).collect())
}

/// Returns the first and the last day that have totals.
pub fn first_and_last_day(database: &Database, variant: &str) -> ApiResult<[Option<Day>; 2]> {
    let ends = "SELECT json_array( \
            (SELECT day FROM day WHERE property = 0 AND variant = ?1 ORDER BY day LIMIT 1), \
            (SELECT day FROM day WHERE property = 0 AND variant = ?1 ORDER BY day DESC LIMIT 1))";
    let ends: [Option<i32>; 2] = database.json(ends, vec![variant.into()])?;
    Ok(ends.map(|day| day.map(Day::new)))
}

/// Returns [`days`], and the times to answer of a period in one more part on its first day: no
/// report has them by day, and they are two thirds of a row.
fn days_and_times(database: &Database, selection: &TotalsQuery, period: Period) -> ApiResult<Vec<DayTotals>> {
    let mut days = days(database, selection)?;
    let from = format!("FROM day WHERE {} HAVING count(*) > 0", selection.condition());
    let times = counts()
        .into_iter()
        .enumerate()
        .map(|(index, (name, _))| if index < FACTS { "0".to_owned() } else { format!("sum({name})") });
    let rows =
        rows(database, "0", &from, &TotalsQuery { span: period, ..*selection }, &times.collect::<Vec<_>>())?;
    days.extend(rows.into_iter().map(|(_, totals)| DayTotals { day: period.first(), totals }));
    Ok(days)
}

/// Returns the totals of each value.
fn groups(
    database: &Database,
    selection: &TotalsQuery,
    values: &BTreeMap<i64, String>,
    days: &str,
) -> ApiResult<Vec<(Segment, Totals)>> {
    let from = format!("FROM day WHERE {} AND {days} GROUP BY {REPORTED}", selection.condition());
    let columns: Vec<String> = counts().into_iter().map(|(name, _)| format!("sum({name})")).collect();
    let rows = rows(database, REPORTED, &from, selection, &columns)?;
    Ok(rows.into_iter().map(|(value, totals)| (segment(value, values), totals)).collect())
}

/// Returns the totals of each value of a property on some days of a span, given as SQL.
pub fn groups_of_days(
    database: &Database,
    property: &Property,
    (variant, span): (&str, Period),
    days: &str,
) -> ApiResult<Vec<(Segment, Totals)>> {
    let values = values_by_number(database, property.slot)?;
    groups(database, &TotalsQuery { variant, span, slot: property.slot, value: None }, &values, days)
}

/// Returns the number of scores of each value on each day. Without a series only whole periods
/// count: each is then on its first day.
fn cells(
    database: &Database,
    selection: &TotalsQuery,
    plan: &Plan,
    values: &BTreeMap<i64, String>,
) -> ApiResult<Cells> {
    let scored: Vec<String> = (0..=10).map(|score| format!("s{score}")).collect();
    let scored = scored.join(" + ");
    let from = selection.condition();
    let mut cells = Cells::default();
    let mut numbers: BTreeMap<i64, usize> = BTreeMap::new();
    let mut add = |found: Vec<(i64, i64, u64)>| {
        for (day, value, scored) in found.into_iter().filter(|(_, _, scored)| *scored > 0) {
            let next = numbers.len();
            let value = if values.contains_key(&value) || value == ABSENT { value } else { OTHER };
            let index = *numbers.entry(value).or_insert_with(|| {
                cells.segments.push(segment(value, values));
                next
            });
            cells.rows.push(Cell { day: day_of(day), segment: index, scored });
        }
    };
    if plan.step.is_none() {
        let query = format!(
            "SELECT json_group_array(json_array(0, value, scored)) FROM \
                    (SELECT value, sum({scored}) AS scored FROM day WHERE {from} GROUP BY value)"
        );
        for span in [Some(plan.period), plan.previous].into_iter().flatten() {
            let found: Vec<(i64, i64, u64)> =
                database.json(&query, TotalsQuery { span, ..*selection }.values())?;
            let first = i64::from(span.first().number());
            add(found.into_iter().map(|(_, value, scored)| (first, value, scored)).collect());
        }
        return Ok(cells);
    }
    let query = format!(
        "SELECT json_group_array(json_array(day, value, scored)) FROM \
                (SELECT day, value, {scored} AS scored FROM day WHERE {from})"
    );
    for span in stretches(database, selection, DAYS_OF_CELLS)? {
        add(database.json(&query, TotalsQuery { span, ..*selection }.values())?);
    }
    Ok(cells)
}

/// Returns rows of a key and the totals in the order of the schema. A function takes at most 32
/// arguments in an object, so they come in parts.
fn rows(
    database: &Database,
    key: &str,
    from: &str,
    selection: &TotalsQuery,
    columns: &[String],
) -> ApiResult<Vec<(i64, Totals)>> {
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
    let found: Vec<(i64, Vec<Vec<u64>>)> = database.json(&query, selection.values())?;
    let rows = found.into_iter().map(|(key, parts)| Some((key, totals(&parts.concat())?)));
    rows.collect::<Option<_>>().ok_or_else(|| Problem::internal("totals of another shape"))
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

/// Returns the number under which a value is counted; `None` where no response has it.
fn value_number(
    database: &Database,
    value: Option<&Segment>,
    values: &BTreeMap<i64, String>,
    property: &Property,
) -> ApiResult<Option<i64>> {
    let Some(Segment::Value(text)) = value else { return Ok(Some(ABSENT)) };
    if let Some((number, _)) = values.iter().find(|(_, known)| *known == text) {
        return Ok(Some(*number));
    }
    let moving = "SELECT 'yes' FROM value WHERE property = ? AND text = ?";
    if database.text(moving, vec![property.slot.into(), text.as_str().into()])?.is_some() {
        return Err(Problem::not_ready(&property.name));
    }
    if !property.is_full && !property.is_listed {
        return Ok(None);
    }
    let values = if property.is_listed { "".to_owned() } else { format!("{MAX_VALUES} ") };
    Err(ValidationError::new(
        format!("filter[{}]", property.name),
        format!(
            "{} is not among the {values}values that are counted separately. Filter by another value.",
            quoted(text)
        ),
    )
    .into())
}

/// Days of facts that are read at once, so that their rows fit into one value of SQLite, which has
/// at most 2 MB. A day has a row of facts for each channel.
const DAYS_OF_FACTS: u16 = 300;
/// Days of cells that are read at once. A day has a cell for each of some two hundred values.
const DAYS_OF_CELLS: u16 = 100;
/// Number of the totals that are not times to answer.
pub const FACTS: usize = 16;

/// Returns the names of the first totals.
fn count_names(many: usize) -> Vec<String> {
    counts().into_iter().take(many).map(|(name, _)| name).collect()
}

/// Returns totals as the report has them; the times may be missing.
pub fn totals(cells: &[u64]) -> Option<Totals> {
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

// The value beyond the counted ones must not look like an absent one.
const _: () = assert!(OTHER < ABSENT);
