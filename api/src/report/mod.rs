//! The answer to `GET /v1/sites/SITE/score`.
//!
//! A [`ScoreQuery`] says what is asked; with today's date it becomes a [`Plan`], which names the days to read; with
//! what was read, as [`Rows`], the plan makes the [`ScoreReport`]. Every number of a report comes from sums over days, so it
//! costs the same however many answers a day has, and a series adds up to the total above it.
//!
//! Sums are kept for one property at a time, so a query groups by one or filters by one. The total of all answers is never
//! hidden; the answers with one value of a property are where they are few, see [`SMALL`]. [`around`](fn@around) looks at a
//! single day instead: what the score was before a change, and what since.

mod around;
mod by;
mod compare;
mod figures;
mod groups;
mod plan;
mod query;
mod rows;
mod series;
mod suppress;

pub use around::{Around, Side, around, around_span};
pub use by::{By, CHANNEL};
pub use compare::Previous;
pub use figures::{Counts, Interval, Seconds};
pub use groups::Group;
pub use plan::{MAX_POINTS, Plan};
pub use query::{Compare, MAX_RANGE_DAYS, MAX_ROLLING_DAYS, ScoreQuery};
pub use rows::{Cell, Cells, DayTotals, Rows, Segment, Totals};
pub use series::{Point, Rolling};
pub use suppress::SMALL;

use serde::Serialize;

use crate::Day;
use crate::day::Step;
use compare::scores;
use figures::{Figures, rate};
use nps::{Category, Histogram, Share};
use suppress::Mask;

/// With fewer answers than this a score is marked as a low sample.
pub const LOW_SAMPLE: u64 = 30;

/// The score of a period and what belongs to it, in the words of the JSON answer. No number in it is NaN or infinite.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreReport {
    /// −100 to 100 in full precision; `None` without answers, where hidden, or of one category.
    pub score: Option<f64>,
    /// How many answers there are; `None` of a category that is hidden.
    pub scored: Option<u64>,
    /// The 95 % interval of the score; `None` where there is no score.
    pub interval95: Option<Interval>,
    /// How the answers divide; `None` where hidden.
    pub counts: Option<Counts>,
    /// How many answers fell on each score, 0 first; `None` where hidden.
    pub distribution: Option<Histogram>,
    /// How often the survey was shown.
    pub shown: u64,
    /// How many of these showings were answered.
    pub answered: u64,
    /// How often "Not now" was chosen.
    pub dismissed: u64,
    /// How many answers came with a comment; `None` where hidden or of one category.
    pub commented: Option<u64>,
    /// Answered showings per showing, 0 to 1; `None` without a showing.
    pub response_rate: Option<f64>,
    /// Dismissals per showing, 0 to 1; `None` without a showing.
    pub dismissal_rate: Option<f64>,
    /// Comments per answer, 0 to 1; `None` without answers, where hidden, or of one category.
    pub comment_rate: Option<f64>,
    /// The median of `seconds`.
    pub median_seconds: Option<f64>,
    /// How long answers took; `None` without times, where hidden, or of one category.
    pub seconds: Option<Seconds>,
    /// Whether there are fewer than [`LOW_SAMPLE`] answers. With a category, answers of all categories count.
    pub low_sample: bool,
    /// Whether there are too few answers to show; absent without a filter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// The share of the category that was asked for, or `None` without answers or where hidden; absent where none was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<Option<Share>>,
    /// The steps of the period, each of them; absent where no `interval` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<Vec<Point>>,
    /// The values of the property to group by, that with most answers first; empty where none was asked for.
    pub groups: Vec<Group>,
    /// The period to compare with; absent where no `compare` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
    /// What was asked, with all that was left open filled in.
    pub query: Echo,
}

/// What a report answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Echo {
    /// The first day.
    pub from: Day,
    /// The last day, which is part of it.
    pub to: Day,
    /// The steps of the series, where there is one.
    pub interval: Option<Step>,
    /// The window that ends with each step, as `Nd`, where it was asked for.
    pub rolling: Option<String>,
    /// `previous` or `year`, where a comparison was asked for.
    pub compare: Option<Compare>,
    /// The property whose values are the groups, where it was asked for.
    pub group_by: Option<String>,
    /// The filter, where there is one.
    pub filter: Option<FilterEcho>,
    /// The category, where one was asked for.
    pub category: Option<Category>,
    /// The time zone in which days begin.
    pub timezone: String,
    /// The variant of the question that was asked.
    pub variant: String,
}

/// The filter that a report answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilterEcho {
    /// The property.
    pub name: String,
    /// The value; `None` for answers without the property.
    pub value: Option<String>,
}

impl Plan {
    /// Makes the report from what was read for it.
    pub fn report(&self, rows: Rows, timezone: &str, variant: &str) -> ScoreReport {
        let Rows { days, groups, cells } = rows;
        let mask = self.by.filter_value().map(|value| Mask::new(cells, value));
        let mask = mask.as_ref();
        let total = self.total(&days);
        let scored = total.scores.scored();
        let hidden = mask.map(|mask| mask.window().hides(self.period, scored));
        let figures = Figures::of(&total, self.category, hidden == Some(true));
        let now = (hidden != Some(true)).then_some(&total.scores);
        ScoreReport {
            score: figures.score,
            scored: figures.scored,
            interval95: figures.interval95,
            counts: figures.counts,
            distribution: figures.distribution,
            shown: total.shown,
            answered: total.answered,
            dismissed: total.dismissed,
            commented: figures.commented,
            response_rate: rate(total.answered, total.shown),
            dismissal_rate: rate(total.dismissed, total.shown),
            comment_rate: figures.comment_rate,
            median_seconds: figures.seconds.map(|seconds| seconds.median),
            seconds: figures.seconds,
            low_sample: scored < LOW_SAMPLE,
            hidden,
            share: figures.share,
            series: self.step.map(|step| self.series(step, &days, mask)),
            groups: if matches!(self.by, By::Group(_)) { groups::groups(groups) } else { Vec::new() },
            previous: self.previous.map(|period| {
                let before = scores(&days, period);
                let hidden = mask.map(|mask| mask.window().hides(period, before.scored()));
                Previous::of(period, &before, hidden, now)
            }),
            query: self.echo(timezone, variant),
        }
    }

    fn total(&self, days: &[DayTotals]) -> Totals {
        let mut total = Totals::default();
        days.iter().filter(|day| self.period.contains(day.day)).for_each(|day| total += day.totals);
        total
    }

    fn echo(&self, timezone: &str, variant: &str) -> Echo {
        let (group_by, filter) = match &self.by {
            By::Nothing => (None, None),
            By::Group(property) => (Some(property.clone()), None),
            By::Filter { property, value } => {
                let value = if let Segment::Value(value) = value { Some(value.clone()) } else { None };
                (None, Some(FilterEcho { name: property.clone(), value }))
            }
        };
        Echo {
            from: self.period.first(),
            to: self.period.last(),
            interval: self.step,
            rolling: self.rolling.map(|days| format!("{days}d")),
            compare: self.compare,
            group_by,
            filter,
            category: self.category,
            timezone: timezone.to_owned(),
            variant: variant.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
