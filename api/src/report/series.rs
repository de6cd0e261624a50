//! The trend: each step of the period with its own score.
//!
//! Steps follow the calendar and share no day, so a series adds up to the total. Single steps of a small site jump about; a
//! rolling window says beside each point what the score of the last N days was when the step ended, and is as calm as N is long.

use serde::Serialize;

use super::figures::{Counts, Figures, Interval, rate, score_of};
use super::suppress::{Mask, Window};
use super::{DayTotals, Plan, Totals};
use crate::day::Step;
use crate::{Day, Period};
use nps::{Category, Histogram};

/// One step of a series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// Its first day.
    pub from: Day,
    /// Its last day, which is part of it.
    pub to: Day,
    /// Whether there are too few answers to show; absent without a filter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// The score of these days; `None` without answers, where hidden, or of one category.
    pub score: Option<f64>,
    /// How many answers there are; `None` of a category that is hidden.
    pub scored: Option<u64>,
    /// The 95 % interval of the score; `None` where there is no score.
    pub interval95: Option<Interval>,
    /// How the answers divide; `None` where hidden.
    pub counts: Option<Counts>,
    /// How often the survey was shown.
    pub shown: u64,
    /// How often "Not now" was chosen.
    pub dismissed: u64,
    /// Answered showings per showing, 0 to 1; `None` without a showing.
    pub response_rate: Option<f64>,
    /// Comments per answer, 0 to 1; `None` without answers, where hidden, or of one category.
    pub comment_rate: Option<f64>,
    /// The share of the category that was asked for, 0 to 1, or `None` without answers or where hidden; absent where none was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<Option<f64>>,
    /// The days that end with this step; absent where no `rolling` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rolling: Option<Rolling>,
}

/// The score of the days that end with a step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rolling {
    /// Their first day.
    pub from: Day,
    /// Whether there are too few answers to show; absent without a filter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// The score of these days; `None` without answers or where hidden.
    pub score: Option<f64>,
    /// How many answers there are.
    pub scored: u64,
    /// The 95 % interval of the score; `None` where there is no score.
    pub interval95: Option<Interval>,
}

impl Plan {
    /// The window that ends with a step.
    pub(super) fn rolling_window(&self, step: Period) -> Option<Period> {
        let days = self.rolling?;
        Period::new(step.last().plus(1 - i32::from(days)), step.last())
    }

    pub(super) fn series(&self, step: Step, days: &[DayTotals], mask: Option<&Mask>) -> Vec<Point> {
        let mut steps: Vec<_> = self.period.steps(step).map(|period| (period, Totals::default())).collect();
        let windows = steps.iter().filter_map(|(step, _)| self.rolling_window(*step));
        let mut windows: Vec<_> = windows.map(|period| (period, Histogram::default())).collect();
        for day in days {
            let step = steps.partition_point(|(period, _)| period.last() < day.day);
            if let Some((_, totals)) = steps.get_mut(step).filter(|(period, _)| period.contains(day.day)) {
                *totals += day.totals;
            }
            let from = windows.partition_point(|(period, _)| period.last() < day.day);
            let holding = windows.iter_mut().skip(from).take_while(|(period, _)| period.first() <= day.day);
            holding.for_each(|(_, scores)| *scores += day.totals.scores);
        }
        let (mut of_steps, mut of_windows) = (mask.map(Mask::window), mask.map(Mask::window));
        let mut windows = windows.into_iter();
        steps
            .into_iter()
            .map(|(period, totals)| {
                let rolling =
                    windows.next().map(|(days, scores)| Rolling::of(days, &scores, of_windows.as_mut()));
                Point::of(period, &totals, self.category, of_steps.as_mut(), rolling)
            })
            .collect()
    }
}

impl Point {
    fn of(
        period: Period,
        totals: &Totals,
        category: Option<Category>,
        mask: Option<&mut Window<'_>>,
        rolling: Option<Rolling>,
    ) -> Self {
        let hidden = mask.map(|mask| mask.hides(period, totals.scores.scored()));
        let figures = Figures::of(totals, category, hidden == Some(true));
        Self {
            from: period.first(),
            to: period.last(),
            hidden,
            score: figures.score,
            scored: figures.scored,
            interval95: figures.interval95,
            counts: figures.counts,
            shown: totals.shown,
            dismissed: totals.dismissed,
            response_rate: rate(totals.answered, totals.shown),
            comment_rate: figures.comment_rate,
            share: figures.share.map(|share| share.map(|share| share.value)),
            rolling,
        }
    }
}

impl Rolling {
    fn of(period: Period, scores: &Histogram, mask: Option<&mut Window<'_>>) -> Self {
        let scored = scores.scored();
        let hidden = mask.map(|mask| mask.hides(period, scored));
        let (score, interval95) = if hidden == Some(true) { (None, None) } else { score_of(scores) };
        Self { from: period.first(), hidden, score, scored, interval95 }
    }
}
