//! Site of the made-up shop, which answers requests of the API for the sample responses alone.

use anyhow::Result;
use api::report::{Breakdown, CHANNEL, ScoreQuery, ScoreReport, Segment};
use api::survey::STANDARD;
use api::{Channel, Day};
use collector_core::iso8601;
use collector_core::report::{Cell, Cells, DayTotals, Plan, Rows, Totals};
use nps::{Histogram, Score};
use serde_json::{Value, json};

use crate::responses::{self, PROPERTIES, Response};

/// Name of the site, which says that it is no real one.
const NAME: &str = "Kettle Row (sample data)";
/// Time zone of the site.
const TIME_ZONE: &str = "UTC";
/// Days on either side of a note.
const DAYS_OF_NOTES: u16 = 30;
const DAY_SECONDS: i64 = 86_400;
/// Length of a list where the request names none.
const DEFAULT_LIMIT: usize = 50;

/// Names and values of a query.
type Parameters = [(String, String)];

/// Site with the sample responses of a year.
pub struct SampleSite {
    today: Day,
    /// Responses, the newest first.
    responses: Vec<Response>,
}

impl SampleSite {
    /// Makes the responses of the year before `now`, in Unix seconds.
    pub fn new(now: i64) -> Result<Self> {
        let mut responses = responses::year(now)?;
        responses.sort_by_key(|response| std::cmp::Reverse(response.at));
        Ok(Self { today: day(now), responses })
    }

    /// Whether the site was made on the day of this time, in Unix seconds.
    pub fn is_of_day(&self, now: i64) -> bool {
        day(now) == self.today
    }

    /// Returns the JSON of the response to a GET of an endpoint, such as `score?range=all`; `None`
    /// for what the sample site does not have, and for a query that the collector refuses.
    pub fn respond(&self, endpoint: &str) -> Option<String> {
        let (path, query) = endpoint.split_once('?').unwrap_or((endpoint, ""));
        let parameters: Vec<(String, String)> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        match path {
            "" => Some(settings().to_string()),
            "score" => serde_json::to_string(&self.score(&parameters)?).ok(),
            "responses" => Some(self.list(&parameters)?.to_string()),
            "notes" => Some(json!({ "notes": [], "days": DAYS_OF_NOTES }).to_string()),
            // Imported responses open no case.
            "cases" => Some(no_cases().to_string()),
            _ => None,
        }
    }

    /// Makes a report as the collector does, from totals that are taken here of the responses.
    fn score(&self, parameters: &Parameters) -> Option<ScoreReport> {
        let pairs = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let query = ScoreQuery::parse(pairs).ok()?;
        query.check_property(&PROPERTIES.map(String::from)).ok()?;
        let days = || self.responses.iter().map(|response| day(response.at));
        let mut plan = Plan::new(&query, self.today, days().min(), days().max()).ok()?;
        plan.variant.take_if(|variant| *variant == STANDARD);
        if plan.variant.is_some() {
            return None;
        }
        let rows = self.rows(&plan)?;
        Some(plan.report(rows, TIME_ZONE, STANDARD))
    }

    /// Returns the rows of a report. Each response is a part of its day.
    fn rows(&self, plan: &Plan) -> Option<Rows> {
        let mut rows = Rows::default();
        let span = plan.span();
        for response in self.responses.iter().filter(|response| span.contains(day(response.at))) {
            let (day, totals) = (day(response.at), totals(response)?);
            match &plan.by {
                Breakdown::Nothing => {}
                Breakdown::Group(property) => {
                    if plan.period.contains(day) {
                        rows.groups.push((segment(response, property), totals));
                    }
                }
                Breakdown::Filter { property, value } => {
                    let segment = segment(response, property);
                    let is_other = segment != *value;
                    let index = position(&mut rows.cells, segment);
                    rows.cells.rows.push(Cell { day, segment: index, scored: 1 });
                    if is_other {
                        continue;
                    }
                }
            }
            rows.days.push(DayTotals { day, totals });
        }
        Some(rows)
    }

    /// Lists responses by the parameters that the overview has. All of them have a score.
    fn list(&self, parameters: &Parameters) -> Option<Value> {
        let (mut from, mut to, mut limit) = (None, None, DEFAULT_LIMIT);
        let mut filter = None;
        for (name, value) in parameters {
            match name.as_str() {
                "from" => from = Some(Day::parse(value)?),
                "to" => to = Some(Day::parse(value)?),
                "limit" => limit = value.parse().ok()?,
                "answered" => {}
                name => {
                    let property = name.strip_prefix("filter[")?.strip_suffix(']')?;
                    filter = Some((property, Segment::Value(value.clone())));
                }
            }
        }
        let is_listed = |response: &&Response| {
            let day = day(response.at);
            from.is_none_or(|from| from <= day)
                && to.is_none_or(|to| day <= to)
                && filter.as_ref().is_none_or(|(name, value)| segment(response, name) == *value)
        };
        let listed: Vec<Value> = self.responses.iter().filter(is_listed).take(limit).map(to_json).collect();
        Some(json!({ "responses": listed, "next_cursor": null }))
    }
}

/// Returns the settings of the site, as far as the overview reads them.
fn settings() -> Value {
    json!({ "name": NAME, "timezone": TIME_ZONE, "properties": PROPERTIES, "hidden_notes": [] })
}

/// Returns the counts of cases.
fn no_cases() -> Value {
    json!({
        "open": 0, "in_progress": 0, "done": 0, "overdue": 0, "next_due_at": null,
        "contacted": 0, "median_hours_to_first_contact": null,
    })
}

/// Returns the local day of a time in Unix seconds.
fn day(at: i64) -> Day {
    Day::from_unix_days(at.div_euclid(DAY_SECONDS))
}

fn totals(response: &Response) -> Option<Totals> {
    let mut scores = Histogram::default();
    scores.add(Score::new(response.score)?, 1);
    Some(Totals { scores, commented: response.comment.is_some().into(), ..Totals::default() })
}

/// Returns the value of a property of a response.
fn segment(response: &Response, property: &str) -> Segment {
    let value =
        if property == CHANNEL { Some(Channel::Import.as_str()) } else { response.property(property) };
    value.map_or(Segment::Absent, |value| Segment::Value(value.to_owned()))
}

fn position(cells: &mut Cells, segment: Segment) -> usize {
    let known = cells.segments.iter().position(|known| *known == segment);
    known.unwrap_or_else(|| {
        cells.segments.push(segment);
        cells.segments.len() - 1
    })
}

fn to_json(response: &Response) -> Value {
    let properties = PROPERTIES.map(|name| Some((name.to_owned(), response.property(name)?.into())));
    json!({
        "id": response.id,
        "at": iso8601::format(response.at * 1_000),
        "score": response.score,
        "comment": response.comment,
        "channel": Channel::Import.as_str(),
        "lang": response.lang,
        "page": response.page,
        "properties": properties.into_iter().flatten().collect::<serde_json::Map<String, Value>>(),
    })
}
