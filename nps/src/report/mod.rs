//! The answer to `GET /v1/sites/SITE/score`.
//!
//! A [`ScoreQuery`] says what is asked; with today's date it becomes a [`Plan`], which names the days to read; with
//! those days, as [`DayTotals`], the plan makes the [`ScoreReport`]. Every number of a report comes from sums over days, so it
//! costs the same however many answers a day has, and a series adds up to the total above it.

mod query;

pub use query::{MAX_POINTS, MAX_RANGE_DAYS, Plan, ScoreQuery};

use std::ops::AddAssign;

use serde::Serialize;

use crate::day::Step;
use crate::{Day, Difference, Elapsed, Histogram, Nps, Period, interval};

/// With fewer answers than this a score is marked as a low sample.
pub const LOW_SAMPLE: u64 = 30;

/// What is known of one local day. A day may come in several parts, which add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayTotals {
    /// The day.
    pub day: Day,
    /// The answers on the scale.
    pub scores: Histogram,
    /// How often the survey was shown. Of imported answers no showing is known, so they are not among these.
    pub shown: u64,
    /// How many of these showings were answered on the scale.
    pub answered: u64,
    /// How often "Not now" was chosen.
    pub dismissed: u64,
    /// How many answers came with a comment.
    pub commented: u64,
    /// How long the answers took.
    pub elapsed: Elapsed,
}

/// The score of a period and what belongs to it, in the words of the JSON answer. No number in it is NaN or infinite.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreReport {
    /// −100 to 100 in full precision; `None` without answers.
    pub score: Option<f64>,
    /// How many answers there are.
    pub scored: u64,
    /// The 95 % interval of the score; `None` without answers.
    pub interval95: Option<Interval>,
    /// How the answers divide.
    pub counts: Counts,
    /// How many answers fell on each score, 0 first.
    pub distribution: Histogram,
    /// How often the survey was shown.
    pub shown: u64,
    /// How often "Not now" was chosen.
    pub dismissed: u64,
    /// How many answers came with a comment.
    pub commented: u64,
    /// Answered showings per showing, 0 to 1; `None` without a showing.
    pub response_rate: Option<f64>,
    /// Comments per answer, 0 to 1; `None` without answers.
    pub comment_rate: Option<f64>,
    /// The median time to answer, in seconds, as near as [`Elapsed`] says; `None` without times.
    pub median_seconds: Option<f64>,
    /// Whether there are fewer than [`LOW_SAMPLE`] answers.
    pub low_sample: bool,
    /// The steps of the period, each of them; absent where no `interval` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<Vec<Point>>,
    /// The values of a property. Grouping is not offered yet, so there are none.
    pub groups: [(); 0],
    /// The period before; absent where no `compare` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
    /// What was asked, with all that was left open filled in.
    pub query: Echo,
}

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end, −100 to 100.
    pub low: f64,
    /// The upper end, −100 to 100.
    pub high: f64,
    /// How it is computed.
    pub method: &'static str,
}

/// How answers divide into the three categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Answers of 9 and 10.
    pub promoters: u64,
    /// Answers of 7 and 8.
    pub passives: u64,
    /// Answers of 0 to 6.
    pub detractors: u64,
}

/// One step of a series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// Its first day.
    pub from: Day,
    /// Its last day, which is part of it.
    pub to: Day,
    /// The score of these days; `None` without answers.
    pub score: Option<f64>,
    /// How many answers there are.
    pub scored: u64,
    /// The 95 % interval of the score; `None` without answers.
    pub interval95: Option<Interval>,
    /// How the answers divide.
    pub counts: Counts,
    /// How often the survey was shown.
    pub shown: u64,
    /// Answered showings per showing, 0 to 1; `None` without a showing.
    pub response_rate: Option<f64>,
}

/// The period before, and how the score has moved since. The last four are `None` where either period has no answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Previous {
    /// Its first day.
    pub from: Day,
    /// Its last day, which is part of it.
    pub to: Day,
    /// The score of these days; `None` without answers.
    pub score: Option<f64>,
    /// How many answers there are.
    pub scored: u64,
    /// The 95 % interval of the score; `None` without answers.
    pub interval95: Option<Interval>,
    /// How the answers divide.
    pub counts: Counts,
    /// The score of the period minus that of the one before.
    pub delta: Option<f64>,
    /// See [`Difference`].
    pub z: Option<f64>,
    /// See [`Difference`].
    pub p: Option<f64>,
    /// Whether the move is more than chance explains at 95 %.
    pub significant: Option<bool>,
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
    /// `previous`, where a comparison was asked for.
    pub compare: Option<&'static str>,
    /// The time zone in which days begin.
    pub timezone: String,
    /// The variant of the question that was asked.
    pub variant: String,
}

impl Plan {
    /// Makes the report from the days of [`span`](Plan::span), in any order. Days that are missing had nothing; days outside are ignored.
    pub fn report(&self, days: &[DayTotals], timezone: &str, variant: &str) -> ScoreReport {
        let total = self.total(days);
        let scored = total.scores.scored();
        let (score, interval95) = score_of(&total.scores);
        ScoreReport {
            score,
            scored,
            interval95,
            counts: Counts::of(&total.scores),
            distribution: total.scores,
            shown: total.shown,
            dismissed: total.dismissed,
            commented: total.commented,
            response_rate: rate(total.answered, total.shown),
            comment_rate: rate(total.commented, scored),
            median_seconds: total.elapsed.median(),
            low_sample: scored < LOW_SAMPLE,
            series: self.step.map(|step| self.series(step, days)),
            groups: [],
            previous: self.previous.map(|period| previous(period, days, &total.scores)),
            query: Echo {
                from: self.period.first(),
                to: self.period.last(),
                interval: self.step,
                compare: self.previous.map(|_| "previous"),
                timezone: timezone.to_owned(),
                variant: variant.to_owned(),
            },
        }
    }

    fn total(&self, days: &[DayTotals]) -> DayTotals {
        let mut total = DayTotals::none(self.period.first());
        days.iter().filter(|day| self.period.contains(day.day)).for_each(|day| total += *day);
        total
    }

    fn series(&self, step: Step, days: &[DayTotals]) -> Vec<Point> {
        let mut steps: Vec<_> =
            self.period.steps(step).map(|period| (period, DayTotals::none(period.first()))).collect();
        for day in days.iter().filter(|day| self.period.contains(day.day)) {
            let index = steps.partition_point(|(period, _)| period.last() < day.day);
            if let Some((_, total)) = steps.get_mut(index) {
                *total += *day;
            }
        }
        steps.into_iter().map(|(period, total)| Point::of(period, &total)).collect()
    }
}

impl DayTotals {
    /// A day on which nothing happened.
    fn none(day: Day) -> Self {
        let (scores, elapsed) = (Histogram::default(), Elapsed::default());
        Self { day, scores, shown: 0, answered: 0, dismissed: 0, commented: 0, elapsed }
    }
}

/// Adds what happened; the day stays.
impl AddAssign for DayTotals {
    fn add_assign(&mut self, other: Self) {
        self.scores += other.scores;
        self.shown = self.shown.saturating_add(other.shown);
        self.answered = self.answered.saturating_add(other.answered);
        self.dismissed = self.dismissed.saturating_add(other.dismissed);
        self.commented = self.commented.saturating_add(other.commented);
        self.elapsed += other.elapsed;
    }
}

impl Counts {
    fn of(scores: &Histogram) -> Self {
        Self { promoters: scores.promoters(), passives: scores.passives(), detractors: scores.detractors() }
    }
}

impl Point {
    fn of(period: Period, total: &DayTotals) -> Self {
        let (score, interval95) = score_of(&total.scores);
        let scored = total.scores.scored();
        Self {
            from: period.first(),
            to: period.last(),
            score,
            scored,
            interval95,
            counts: Counts::of(&total.scores),
            shown: total.shown,
            response_rate: rate(total.answered, total.shown),
        }
    }
}

fn previous(period: Period, days: &[DayTotals], now: &Histogram) -> Previous {
    let before: Histogram = days.iter().filter(|day| period.contains(day.day)).map(|day| day.scores).sum();
    let (score, interval95) = score_of(&before);
    let difference = Difference::between(now, &before);
    Previous {
        from: period.first(),
        to: period.last(),
        score,
        scored: before.scored(),
        interval95,
        counts: Counts::of(&before),
        delta: difference.map(|it| it.delta),
        z: difference.map(|it| it.z),
        p: difference.map(|it| it.p),
        significant: difference.map(|it| it.significant),
    }
}

fn score_of(scores: &Histogram) -> (Option<f64>, Option<Interval>) {
    let nps = Nps::of(scores);
    let interval = |nps: Nps| Interval { low: nps.low(), high: nps.high(), method: interval::METHOD };
    (nps.map(|nps| nps.value()), nps.map(interval))
}

/// A share, 0 to 1; `None` of nothing.
fn rate(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 / whole as f64).min(1.0))
}

#[cfg(test)]
mod tests;
