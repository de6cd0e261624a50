//! Figures of share keys against a recount: a model of the snapshots that are made of the rows.

use std::collections::BTreeMap;

use api::Day;
use api::report::{CHANNEL, Days, ScoreQuery};
use collector_core::published::{Cell, Counts, publish};
use collector_core::report::{DayTotals, Plan, Rows, Totals};
use nps::{Histogram, TimeToAnswer};
use serde_json::{Value, json};

use super::check::STANDARD;
use super::model_site::World;
use super::rows::{Counting, same};

/// Number of 1970-01-01 among the days of cells.
const FIRST_DAY: i32 = 1_000_000;

/// Snapshot that the site must have.
#[derive(Default)]
pub struct Snapshot {
    key: Option<String>,
    /// In the order of their days.
    cells: Vec<Cell>,
    /// Day on which it was made.
    made: Option<Day>,
    /// Whether it has that day.
    has_day: bool,
    /// Property by which it was divided last.
    divided_by: String,
}

impl Snapshot {
    /// Reads scores with a share key, which makes a snapshot on each new day, and compares them.
    pub async fn check(&mut self, world: &World, counting: &Counting<'_>) -> Result<(), String> {
        if self.key.is_none() {
            let made = world.site.owner_post("keys", &json!({ "role": "share" })).await.json();
            self.key = made["key"].as_str().map(str::to_owned);
        }
        let key = self.key.clone().expect("a key");
        let today = counting.today;
        if self.made.is_none_or(|made| made < today) {
            self.has_day = self.made.is_none();
            self.made = Some(today);
            self.update(counting, self.last(today));
        }
        for pairs in [&[("range", "all"), ("interval", "week")][..], &[("range", "90d")], &[]] {
            let text: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let answer = world.site.get(&format!("score?{}", text.join("&")), &key).await.ok();
            let query = ScoreQuery::parse(pairs.iter().copied()).expect("a query");
            let expected = self.read(&query, counting);
            same(&expected, &answer).map_err(|wrong| format!("published, {pairs:?}: {wrong}"))?;
        }
        let property = world.declared.first().map_or(CHANNEL, String::as_str);
        if self.divided_by != property {
            // The first request that groups by a property brings the snapshot up to date.
            property.clone_into(&mut self.divided_by);
            self.update(counting, self.last(today));
        }
        let encoded: String = property.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let answer = world.site.get(&format!("score?group_by={encoded}"), &key).await.ok();
        let expected = self.read(&ScoreQuery::parse(std::iter::empty()).expect("a query"), counting);
        let groups = answer["groups"].as_array().expect("groups").iter();
        let numbers: Vec<u64> = groups.map(|group| group["scored"].as_u64().expect("a number")).collect();
        if numbers.iter().any(|scored| (1..5).contains(scored))
            || expected["scored"] != numbers.iter().sum::<u64>()
        {
            return Err(format!("published groups by {property}: {answer}"));
        }
        Ok(())
    }

    /// Returns the last day of the snapshot.
    fn last(&self, today: Day) -> Day {
        if self.has_day { today } else { today.plus(-1) }
    }

    /// Returns the report, where need be of a new snapshot with the present day.
    fn read(&mut self, query: &ScoreQuery, counting: &Counting<'_>) -> Value {
        let today = counting.today;
        let report = self.report(query, self.last(today), counting);
        if report["scored"] != 0 || !self.update(counting, today) {
            return report;
        }
        (self.made, self.has_day) = (Some(today), true);
        self.report(query, today, counting)
    }

    /// Makes the snapshot of the days until a day. Returns whether any figure has changed.
    fn update(&mut self, counting: &Counting<'_>, last: Day) -> bool {
        let mut days: BTreeMap<u64, Counts> = BTreeMap::new();
        for row in counting.rows.iter().filter(|row| row.variant == STANDARD) {
            let (day, totals) = (counting.zone.day_of(row.at), row.totals());
            if day <= last {
                let others = [totals.shown, totals.answered, totals.dismissed, totals.commented, 0];
                let more = totals.scores.counts().iter().chain(&others);
                let counts = days.entry(number(day)).or_insert_with(|| vec![0; 16]);
                counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
            }
        }
        let has_changed = publish(&mut self.cells, &days.into_iter().collect::<Vec<_>>());
        self.cells.sort_by_key(|cell| cell.day);
        has_changed
    }

    fn report(&self, query: &ScoreQuery, last: Day, counting: &Counting<'_>) -> Value {
        let first =
            if let Days::Latest(days) = query.days { number(last.plus(1 - i32::from(days))) } else { 0 };
        let cells = self.cells.iter().filter(|cell| cell.day >= first);
        let days: Vec<DayTotals> = cells.filter_map(totals).collect();
        let ends = [days.iter().map(|day| day.day).min(), days.iter().map(|day| day.day).max()];
        let plan = Plan::new(query, last, ends[0], ends[1]).expect("a plan");
        let report = plan.report(Rows::of_days(days), counting.zone.name(), STANDARD);
        serde_json::to_value(report).expect("a report")
    }
}

fn number(day: Day) -> u64 {
    u64::try_from(day.number() + FIRST_DAY).expect("a day of this age")
}

fn totals(cell: &Cell) -> Option<DayTotals> {
    let figures = cell.figures()?;
    let totals = Totals {
        scores: Histogram::from_counts(figures[..11].try_into().expect("eleven scores")),
        shown: figures[11],
        answered: figures[12],
        dismissed: figures[13],
        commented: figures[14],
        elapsed: TimeToAnswer::default(),
    };
    Some(DayTotals { day: Day::new(i32::try_from(cell.day).expect("a day") - FIRST_DAY), totals })
}
