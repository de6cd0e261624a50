//! Group of a report: the responses with one value of a property.

use serde::Serialize;

use super::{Counts, Interval, Shares};

/// The responses with one value of a property.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// The value; `None` for responses without the property, and for [`other`](Self::other).
    pub value: Option<String>,
    /// Whether these are the responses of all values that are not kept apart.
    pub other: bool,
    /// Whether there are too few responses to show, here or in another group that could be computed
    /// from this one.
    pub hidden: bool,
    /// −100 to 100 in full precision; `None` without responses or where hidden.
    pub score: Option<f64>,
    /// Number of scores.
    pub scored: u64,
    /// The 95 % interval of the score; `None` without responses or where hidden.
    pub interval95: Option<Interval>,
    /// Scores by category; `None` if hidden.
    pub counts: Option<Counts>,
    /// Shares of the categories; `None` without responses or if hidden.
    pub shares: Option<Shares>,
    /// Number of responses with each score, 0 first; `None` if hidden.
    pub distribution: Option<[u64; 11]>,
    /// Number of impressions.
    pub shown: u64,
    /// Number of dismissals ("Not now").
    pub dismissed: u64,
    /// Responses per impression, 0 to 1; `None` without an impression.
    pub response_rate: Option<f64>,
    /// Comments per response, 0 to 1; `None` without responses or where hidden.
    pub comment_rate: Option<f64>,
    /// The median time to answer, in seconds; `None` without times or where hidden.
    pub median_seconds: Option<f64>,
    /// Whether there are fewer than [`LOW_SAMPLE`](super::LOW_SAMPLE) responses.
    pub low_sample: bool,
}
