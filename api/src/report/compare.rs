//! A period beside an earlier one, and whether the score has moved.
//!
//! Two stretches of days that share none are two independent groups of answers, which is what [`Difference`] compares.

use serde::Serialize;

use super::DayTotals;
use super::figures::{Counts, Interval, score_of};
use crate::{Day, Period};
use nps::{Difference, Histogram};

/// The compared period, and how the score has moved since. The last four are `None` where either period has no answers
/// or is hidden.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Previous {
    /// Its first day.
    pub from: Day,
    /// Its last day, which is part of it.
    pub to: Day,
    /// Whether there are too few answers to show; absent without a filter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// The score of these days; `None` without answers or where hidden.
    pub score: Option<f64>,
    /// How many answers there are.
    pub scored: u64,
    /// The 95 % interval of the score; `None` where there is no score.
    pub interval95: Option<Interval>,
    /// How the answers divide; `None` where hidden.
    pub counts: Option<Counts>,
    /// The score of the period minus that of this one.
    pub delta: Option<f64>,
    /// See [`Difference`].
    pub z: Option<f64>,
    /// See [`Difference`].
    pub p: Option<f64>,
    /// Whether the move is more than chance explains at 95 %.
    pub significant: Option<bool>,
}

/// The answers of those days.
pub(super) fn scores(days: &[DayTotals], period: Period) -> Histogram {
    days.iter().filter(|day| period.contains(day.day)).map(|day| day.totals.scores).sum()
}

impl Previous {
    /// Compares what is not hidden: `now` is `None` where the period itself is.
    pub(super) fn of(
        period: Period,
        before: &Histogram,
        hidden: Option<bool>,
        now: Option<&Histogram>,
    ) -> Self {
        let visible = (hidden != Some(true)).then_some(before);
        let (score, interval95) = visible.map(score_of).unwrap_or_default();
        let difference = now.zip(visible).and_then(|(now, before)| Difference::between(now, before));
        Self {
            from: period.first(),
            to: period.last(),
            hidden,
            score,
            scored: before.scored(),
            interval95,
            counts: visible.map(Counts::of),
            delta: difference.map(|it| it.delta),
            z: difference.map(|it| it.z),
            p: difference.map(|it| it.p),
            significant: difference.map(|it| it.significant),
        }
    }
}
