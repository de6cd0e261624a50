//! The responses of the export, and a plain recount of them.

use std::collections::{BTreeMap, BTreeSet};

use api::Day;
use api::report::{ScoreQuery, Segment};
use collector_core::Zone;
use collector_core::report::{Cell, Cells, DayTotals, Plan, Rows, Totals};
use nps::{Histogram, TimeToAnswer};
use serde_json::Value;
use tests::ids::unix_ms;

/// A response, with what it is counted by.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub id: String,
    pub at: i64,
    pub score: Option<usize>,
    pub comment: Option<String>,
    pub shown: bool,
    pub dismissed: bool,
    pub ms: Option<u32>,
    pub channel: String,
    pub variant: String,
    pub lang: Option<String>,
    pub page: Option<String>,
    pub user: Option<String>,
    pub contact: Option<String>,
    pub properties: BTreeMap<String, String>,
    pub tags: Vec<String>,
    pub state: Option<String>,
    pub due: Option<i64>,
    pub contacted: Option<i64>,
    pub mark: Option<String>,
}

impl Row {
    /// A line of the export.
    pub fn read(line: &Value) -> Self {
        let text = |name: &str| line[name].as_str().map(str::to_owned);
        let time = |name: &str| line[name].as_str().map(|iso| i64::try_from(unix_ms(iso)).unwrap());
        Self {
            id: text("id").expect("an id"),
            at: time("at").expect("a time"),
            score: line["score"].as_u64().map(|score| usize::try_from(score).unwrap()),
            comment: text("comment"),
            shown: line["shown"] == true,
            dismissed: line["dismissed"] == true,
            ms: line["seconds"].as_f64().map(|seconds| (seconds * 1_000.0).round() as u32),
            channel: text("channel").expect("a channel"),
            variant: text("variant").expect("a variant"),
            lang: text("lang"),
            page: text("page"),
            user: text("user"),
            contact: text("contact"),
            properties: serde_json::from_value(line["properties"].clone()).expect("properties"),
            tags: serde_json::from_value(line["tags"].clone()).expect("tags"),
            state: text("state"),
            due: time("due_at"),
            contacted: time("contacted_at"),
            mark: text("mark"),
        }
    }

    /// Its value of a property that scores are grouped by.
    pub fn value(&self, property: &str) -> Option<&str> {
        match property {
            "channel" => Some(&self.channel),
            "lang" => self.lang.as_deref(),
            "page" => self.page.as_deref(),
            _ => self.properties.get(property).map(String::as_str),
        }
    }

    /// Whether a word of its comment begins so.
    pub fn says(&self, word: &str) -> bool {
        let comment = self.comment.as_deref().unwrap_or_default().to_lowercase().replace('è', "e");
        comment.split(|c: char| !c.is_alphanumeric()).any(|own| own.starts_with(word))
    }

    pub fn totals(&self) -> Totals {
        let mut scores = [0; 11];
        let mut times = [0; 32];
        if let Some(score) = self.score {
            scores[score] = 1;
        }
        if let Some(ms) = self.ms {
            times[TimeToAnswer::bucket_of(ms)] = 1;
        }
        Totals {
            scores: Histogram::from_counts(scores),
            shown: self.shown.into(),
            answered: (self.shown && self.score.is_some()).into(),
            dismissed: (self.dismissed && self.score.is_none()).into(),
            commented: (self.comment.is_some() && self.score.is_some()).into(),
            elapsed: TimeToAnswer::from_counts(times),
        }
    }
}

/// Data of a count: the rows and their context.
pub struct Counting<'a> {
    pub rows: &'a [Row],
    pub zone: &'a Zone,
    pub today: Day,
    /// For each property the values that the collector keeps apart.
    pub apart: &'a BTreeMap<String, BTreeSet<String>>,
}

impl Counting<'_> {
    /// The answer to a query, which must name its variant: the sums are counted anew, what is made
    /// of them is as ever.
    pub fn report(&self, query: &[(String, String)]) -> Value {
        let query = ScoreQuery::parse(query.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let query = query.unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let variant = query.variant().expect("a variant");
        let rows: Vec<(Day, &Row)> = self
            .rows
            .iter()
            .filter(|row| row.variant == variant)
            .map(|row| (self.zone.day_of(row.at), row))
            .collect();
        let days = || rows.iter().map(|(day, _)| *day);
        let mut plan = Plan::new(&query, self.today, days().min(), days().max())
            .unwrap_or_else(|wrong| panic!("{wrong:?}"));
        plan.variant.take_if(|variant| *variant == "standard");
        let inside = |day: Day| plan.span().contains(day);
        let of_days = |rule: &dyn Fn(&Row) -> bool| -> Vec<DayTotals> {
            let meant = rows.iter().filter(|(day, row)| inside(*day) && rule(row));
            meant.map(|(day, row)| DayTotals { day: *day, totals: row.totals() }).collect()
        };
        let mut counted = Rows::default();
        match (query.property(), query.filter_value()) {
            (Some(property), Some(value)) => {
                counted.days = of_days(&|row| self.segment(property, row) == *value);
                let there = rows.iter().filter(|(day, _)| inside(*day));
                let cells = there.clone().enumerate().map(|(segment, (day, row))| Cell {
                    day: *day,
                    segment,
                    scored: row.totals().scores.scored(),
                });
                let segments = there.clone().map(|(_, row)| self.segment(property, row)).collect();
                counted.cells = Cells { segments, rows: cells.collect() };
            }
            (Some(property), None) => {
                counted.days = of_days(&|_| true);
                let there = rows.iter().filter(|(day, _)| plan.period.contains(*day));
                counted.groups = there.map(|(_, row)| (self.segment(property, row), row.totals())).collect();
            }
            (None, _) => counted.days = of_days(&|_| true),
        }
        let report = plan.report(counted, self.zone.name(), variant);
        serde_json::to_value(report).expect("a report")
    }

    /// The part of a property into which a response falls.
    pub fn segment(&self, property: &str, row: &Row) -> Segment {
        match row.value(property) {
            None => Segment::Absent,
            Some(value) if self.apart.get(property).is_none_or(|apart| apart.contains(value)) => {
                Segment::Value(value.to_owned())
            }
            Some(_) => Segment::Other,
        }
    }
}

/// Says where two answers differ; numbers may by what a computer's arithmetic leaves open.
pub fn same(counted: &Value, answered: &Value) -> Result<(), String> {
    let mut found = Vec::new();
    differences("", counted, answered, &mut found);
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

fn differences(at: &str, counted: &Value, answered: &Value, found: &mut Vec<String>) {
    if found.len() >= 12 {
        return;
    }
    match (counted, answered) {
        (Value::Object(a), Value::Object(b)) => {
            let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for name in names {
                match (a.get(name), b.get(name)) {
                    (Some(a), Some(b)) => differences(&format!("{at}/{name}"), a, b, found),
                    (a, b) => found.push(format!("{at}/{name}: counted {a:?}, answered {b:?}")),
                }
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            if a.len() != b.len() {
                found.push(format!("{at}: counted {} members, answered {}", a.len(), b.len()));
            }
            a.iter()
                .zip(b)
                .enumerate()
                .for_each(|(n, (a, b))| differences(&format!("{at}/{n}"), a, b, found));
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            if (a - b).abs() > 1e-9 * a.abs().max(1.0) {
                found.push(format!("{at}: counted {a}, answered {b}"));
            }
        }
        _ if counted == answered => {}
        _ => found.push(format!("{at}: counted {counted}, answered {answered}")),
    }
}
