//! "What we changed": the score before and after the day of a note.
//!
//! The two sides never share a day: what came before ends the day before the note, what came after begins with its day and
//! goes on until the window is full or today is reached. Whether the change caused the move, no number can say.

use serde::Serialize;

use super::DayTotals;
use super::compare::{Previous, scores};
use super::figures::{Counts, Interval, score_of};
use crate::{Day, Period};
use nps::Histogram;

/// The score on both sides of a day. The last four are `None` where a side has no answers or is still to come.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Around {
    /// The days before.
    pub before: Side,
    /// The day itself and those after; `None` while the day is to come.
    pub after: Option<Side>,
    /// The score after minus the score before.
    pub delta: Option<f64>,
    /// See [`Difference`](nps::Difference).
    pub z: Option<f64>,
    /// See [`Difference`](nps::Difference).
    pub p: Option<f64>,
    /// Whether the move is more than chance explains at 95 %.
    pub significant: Option<bool>,
}

/// The days on one side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// The first day.
    pub from: Day,
    /// The last day, which is part of it.
    pub to: Day,
    /// The score of these days; `None` without answers.
    pub score: Option<f64>,
    /// How many answers there are.
    pub scored: u64,
    /// The 95 % interval of the score; `None` without answers.
    pub interval95: Option<Interval>,
    /// How the answers divide.
    pub counts: Counts,
}

/// The days to read for [`around`]: a window, at least one day, on each side of the day, no further than today.
pub fn around_span(day: Day, window_days: u16, today: Day) -> Period {
    let (before, after) = sides(day, window_days, today);
    Period::new(before.first(), after.unwrap_or(before).last()).unwrap_or(before)
}

/// Compares the days before a note with those since. `days` are those of [`around_span`], in any order.
pub fn around(day: Day, window_days: u16, today: Day, days: &[DayTotals]) -> Around {
    let (before, after) = sides(day, window_days, today);
    let (old, new) = (scores(days, before), after.map(|after| scores(days, after)));
    let moved = Previous::of(before, &old, None, new.as_ref());
    Around {
        before: Side::of(before, &old),
        after: after.zip(new).map(|(period, scores)| Side::of(period, &scores)),
        delta: moved.delta,
        z: moved.z,
        p: moved.p,
        significant: moved.significant,
    }
}

/// The days before and, unless the day is to come, those from it.
fn sides(day: Day, window_days: u16, today: Day) -> (Period, Option<Period>) {
    let last = day.plus(i32::from(window_days.max(1)) - 1);
    let window = Period::new(day, last).unwrap_or(Period::from(day));
    (window.before(), Period::new(day, last.min(today)))
}

impl Side {
    fn of(period: Period, scores: &Histogram) -> Self {
        let (score, interval95) = score_of(scores);
        Self {
            from: period.first(),
            to: period.last(),
            score,
            scored: scores.scored(),
            interval95,
            counts: Counts::of(scores),
        }
    }
}
