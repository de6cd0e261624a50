//! Report that `GET /v1/sites/SITE/score` returns.

use nps::Category;
use serde::Serialize;

use super::{Compare, Counts, Group, Interval, Point, Previous, Seconds, Share, Shares};
use crate::Day;
use crate::day::Step;
use crate::nps_json;

/// The score of a period and what belongs to it, in the words of the JSON. No number in it
/// is NaN or infinite.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreReport {
    /// −100 to 100 in full precision; `None` without responses, where hidden, or of one category.
    pub score: Option<f64>,
    /// Number of scores; `None` for a category that is hidden.
    pub scored: Option<u64>,
    /// The 95 % interval of the score; `None` where there is no score.
    pub interval95: Option<Interval>,
    /// Scores by category; `None` if hidden.
    pub counts: Option<Counts>,
    /// Shares of the categories; `None` without responses, if hidden, or for one category.
    pub shares: Option<Shares>,
    /// Number of responses with each score, 0 first; `None` if hidden.
    pub distribution: Option<[u64; 11]>,
    /// Number of impressions.
    pub shown: u64,
    /// Number of impressions that got a score.
    pub answered: u64,
    /// Number of dismissals ("Not now").
    pub dismissed: u64,
    /// Number of responses with a comment; `None` if hidden or for one category.
    pub commented: Option<u64>,
    /// Responses per impression, 0 to 1; `None` without an impression.
    pub response_rate: Option<f64>,
    /// Dismissals per impression, 0 to 1; `None` without an impression.
    pub dismissal_rate: Option<f64>,
    /// Comments per response, 0 to 1; `None` without responses, where hidden, or of one category.
    pub comment_rate: Option<f64>,
    /// The median of `seconds`.
    pub median_seconds: Option<f64>,
    /// Time to answer; `None` without times, if hidden, or for one category.
    pub seconds: Option<Seconds>,
    /// Whether there are fewer than [`LOW_SAMPLE`](super::LOW_SAMPLE) responses. With a category,
    /// responses of all categories count.
    pub low_sample: bool,
    /// Whether there are too few responses to show; absent without a filter or another
    /// variant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// The share of the category that was asked for, or `None` without responses or where hidden;
    /// absent where none was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<Option<Share>>,
    /// The steps of the period, each of them; absent where no `interval` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<Vec<Point>>,
    /// The values of the property to group by, that with most responses first; empty where none was
    /// asked for.
    pub groups: Vec<Group>,
    /// The period to compare with; absent where no `compare` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
    /// Effective query: the given parameters and the defaults of the others.
    pub query: EffectiveQuery,
}

/// Effective query of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EffectiveQuery {
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
    pub filter: Option<EffectiveFilter>,
    /// The category, where one was asked for.
    #[serde(serialize_with = "nps_json::category")]
    pub category: Option<Category>,
    /// The time zone in which days begin.
    pub timezone: String,
    /// The variant of the question that was asked.
    pub variant: String,
}

/// The filter of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EffectiveFilter {
    /// The property.
    pub name: String,
    /// The value; `None` for responses without the property.
    pub value: Option<String>,
}
