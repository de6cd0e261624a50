//! The score before and after the day of a note.

use serde::Serialize;

use super::{Counts, Interval, Shares};
use crate::Day;

/// The score on both sides of a day. The last four are `None` where a side has no responses or is
/// still to come.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BeforeAfter {
    /// The days before.
    pub before: Window,
    /// The day itself and those after; `None` while the day is to come.
    pub after: Option<Window>,
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
pub struct Window {
    /// The first day.
    pub from: Day,
    /// The last day, which is part of it.
    pub to: Day,
    /// The score of these days; `None` without responses.
    pub score: Option<f64>,
    /// Number of scores.
    pub scored: u64,
    /// The 95 % interval of the score; `None` without responses.
    pub interval95: Option<Interval>,
    /// Scores by category.
    pub counts: Counts,
    /// Shares of the categories; `None` without responses.
    pub shares: Option<Shares>,
}
