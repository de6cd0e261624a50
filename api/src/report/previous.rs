//! An earlier period beside the one that was asked for.

use serde::Serialize;

use super::{Counts, Interval, Shares};
use crate::Day;

/// The compared period, and how the score has moved since. The last four are `None` where either
/// period has no responses or is hidden.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Previous {
    /// Its first day.
    pub from: Day,
    /// Its last day, which is part of it.
    pub to: Day,
    /// Whether there are too few responses to show; absent without a filter or another
    /// variant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// The score of these days; `None` without responses or where hidden.
    pub score: Option<f64>,
    /// Number of scores.
    pub scored: u64,
    /// The 95 % interval of the score; `None` where there is no score.
    pub interval95: Option<Interval>,
    /// Scores by category; `None` if hidden.
    pub counts: Option<Counts>,
    /// Shares of the categories; `None` without responses or if hidden.
    pub shares: Option<Shares>,
    /// The score of the period minus that of this one.
    pub delta: Option<f64>,
    /// See [`Difference`](nps::Difference).
    pub z: Option<f64>,
    /// See [`Difference`](nps::Difference).
    pub p: Option<f64>,
    /// Whether the move is more than chance explains at 95 %.
    pub significant: Option<bool>,
}
