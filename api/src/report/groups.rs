//! One property's values side by side.
//!
//! Each segment of the property is a group over the whole period. The groups add up to the total above them, which is why
//! a small one is hidden together with another; see [`suppress`](super::suppress).

use serde::Serialize;

use super::figures::{Counts, Figures, Interval, rate};
use super::suppress::{cover, is_small};
use super::{LOW_SAMPLE, Segment, Totals};
use nps::Histogram;

/// The answers with one value of a property.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// The value; `None` for answers without the property, and for [`other`](Self::other).
    pub value: Option<String>,
    /// Whether these are the answers of all values that are not kept apart.
    pub other: bool,
    /// Whether there are too few answers to show, here or in another group that could be computed from this one.
    pub hidden: bool,
    /// −100 to 100 in full precision; `None` without answers or where hidden.
    pub score: Option<f64>,
    /// How many answers there are.
    pub scored: u64,
    /// The 95 % interval of the score; `None` without answers or where hidden.
    pub interval95: Option<Interval>,
    /// How the answers divide; `None` where hidden.
    pub counts: Option<Counts>,
    /// How many answers fell on each score, 0 first; `None` where hidden.
    pub distribution: Option<Histogram>,
    /// How often the survey was shown.
    pub shown: u64,
    /// How often "Not now" was chosen.
    pub dismissed: u64,
    /// Answered showings per showing, 0 to 1; `None` without a showing.
    pub response_rate: Option<f64>,
    /// Comments per answer, 0 to 1; `None` without answers or where hidden.
    pub comment_rate: Option<f64>,
    /// The median time to answer, in seconds; `None` without times or where hidden.
    pub median_seconds: Option<f64>,
    /// Whether there are fewer than [`LOW_SAMPLE`] answers.
    pub low_sample: bool,
}

/// The groups, that with most answers first, equals in the order of their segments. A segment may come in parts.
pub(super) fn groups(mut parts: Vec<(Segment, Totals)>) -> Vec<Group> {
    parts.sort_by(|(a, _), (b, _)| a.cmp(b));
    parts.dedup_by(|(later, more), (earlier, totals)| {
        let same = later == earlier;
        if same {
            *totals += *more;
        }
        same
    });
    let scored: Vec<u64> = parts.iter().map(|(_, totals)| totals.scores.scored()).collect();
    let cover = cover(&scored);
    let groups = parts.into_iter().zip(scored).enumerate();
    let mut groups: Vec<Group> = groups
        .map(|(index, ((segment, totals), scored))| {
            Group::of(segment, &totals, is_small(scored) || cover == Some(index))
        })
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.scored));
    groups
}

impl Group {
    fn of(segment: Segment, totals: &Totals, hidden: bool) -> Self {
        let figures = Figures::of(totals, None, hidden);
        let scored = totals.scores.scored();
        let other = segment == Segment::Other;
        let value = if let Segment::Value(value) = segment { Some(value) } else { None };
        Self {
            value,
            other,
            hidden,
            score: figures.score,
            scored,
            interval95: figures.interval95,
            counts: figures.counts,
            distribution: figures.distribution,
            shown: totals.shown,
            dismissed: totals.dismissed,
            response_rate: rate(totals.answered, totals.shown),
            comment_rate: figures.comment_rate,
            median_seconds: figures.seconds.map(|seconds| seconds.median),
            low_sample: scored < LOW_SAMPLE,
        }
    }
}
