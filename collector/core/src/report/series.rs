//! The trend: each step of the period with its own score.
//!
//! Steps follow the calendar and share no day, so a series adds up to the total. Single steps of a
//! small site jump about; a rolling window says beside each point what the score of the last N days
//! was when the step ended, and is as calm as N is long.

use api::Period;
use api::day::Step;
use api::report::{Point, Rolling};
use nps::{Category, Histogram};

use super::metrics::{Metrics, rate, score_of};
use super::suppress::{MovingWindow, SuppressionMask};
use super::{DayTotals, Plan, Totals};

impl Plan {
    /// The window that ends with a step.
    pub(super) fn rolling_window(&self, step: Period) -> Option<Period> {
        let days = self.rolling?;
        Period::new(step.last().plus(1 - i32::from(days)), step.last())
    }

    pub(super) fn series(
        &self,
        step: Step,
        days: &[DayTotals],
        mask: Option<&SuppressionMask>,
    ) -> Vec<Point> {
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
        let (mut of_steps, mut of_windows) =
            (mask.map(SuppressionMask::window), mask.map(SuppressionMask::window));
        let mut windows = windows.into_iter();
        steps
            .into_iter()
            .map(|(period, totals)| {
                let rolling =
                    windows.next().map(|(days, scores)| rolling_score(days, &scores, of_windows.as_mut()));
                point(period, &totals, self.category, of_steps.as_mut(), rolling)
            })
            .collect()
    }
}

fn point(
    period: Period,
    totals: &Totals,
    category: Option<Category>,
    mask: Option<&mut MovingWindow<'_>>,
    rolling: Option<Rolling>,
) -> Point {
    let hidden = mask.map(|mask| mask.hides(period, totals.scores.scored()));
    let figures = Metrics::new(totals, category, hidden == Some(true));
    Point {
        from: period.first(),
        to: period.last(),
        hidden,
        score: figures.score,
        scored: figures.scored,
        interval95: figures.interval95,
        counts: figures.counts,
        shares: figures.shares,
        shown: totals.shown,
        dismissed: totals.dismissed,
        response_rate: rate(totals.answered, totals.shown),
        comment_rate: figures.comment_rate,
        share: figures.share.map(|share| share.map(|share| share.value)),
        rolling,
    }
}
fn rolling_score(period: Period, scores: &Histogram, mask: Option<&mut MovingWindow<'_>>) -> Rolling {
    let scored = scores.scored();
    let hidden = mask.map(|mask| mask.hides(period, scored));
    let (score, interval95) = if hidden == Some(true) { (None, None) } else { score_of(scores) };
    Rolling { from: period.first(), hidden, score, scored, interval95 }
}
