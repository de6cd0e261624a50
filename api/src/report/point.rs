//! Point of a series: one step of the period.

use serde::Serialize;

use super::{Counts, Interval, Shares};
use crate::Day;

/// Point of a series: one step of the period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// Its first day.
    pub from: Day,
    /// Its last day, which is part of it.
    pub to: Day,
    /// Whether there are too few responses to show; absent without a filter or another
    /// variant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// The score of these days; `None` without responses, where hidden, or of one category.
    pub score: Option<f64>,
    /// Number of scores; `None` for a category that is hidden.
    pub scored: Option<u64>,
    /// The 95 % interval of the score; `None` where there is no score.
    pub interval95: Option<Interval>,
    /// Scores by category; `None` if hidden.
    pub counts: Option<Counts>,
    /// Shares of the categories; `None` without responses, if hidden, or for one category.
    pub shares: Option<Shares>,
    /// Number of impressions.
    pub shown: u64,
    /// Number of dismissals ("Not now").
    pub dismissed: u64,
    /// Responses per impression, 0 to 1; `None` without an impression.
    pub response_rate: Option<f64>,
    /// Comments per response, 0 to 1; `None` without responses, where hidden, or of one category.
    pub comment_rate: Option<f64>,
    /// The share of the category that was asked for, 0 to 1, or `None` without responses or where
    /// hidden; absent where none was asked for.
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
}
