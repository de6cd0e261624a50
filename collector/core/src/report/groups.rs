//! Groups: the values of one property side by side.
//!
//! Each segment of the property is a group over the whole period. The groups add up to the total
//! above them, which is why a small one is hidden together with another; see
//! [`suppress`](super::suppress).

use api::report::{Group, LOW_SAMPLE, Segment};

use super::Totals;
use super::metrics::{Metrics, rate};
use super::suppress::{complementary_segment, is_small};

/// The groups, that with most responses first, equals in the order of their segments. A segment may
/// come in parts.
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
    let complementary_segment = complementary_segment(&scored);
    let groups = parts.into_iter().zip(scored).enumerate();
    let mut groups: Vec<Group> = groups
        .map(|(index, ((segment, totals), scored))| {
            group(segment, &totals, is_small(scored) || complementary_segment == Some(index))
        })
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.scored));
    groups
}

fn group(segment: Segment, totals: &Totals, hidden: bool) -> Group {
    let figures = Metrics::new(totals, None, hidden);
    let scored = totals.scores.scored();
    let other = segment == Segment::Other;
    let value = if let Segment::Value(value) = segment { Some(value) } else { None };
    Group {
        value,
        other,
        hidden,
        score: figures.score,
        scored,
        interval95: figures.interval95,
        counts: figures.counts,
        shares: figures.shares,
        distribution: figures.distribution.map(|scores| *scores.counts()),
        shown: totals.shown,
        dismissed: totals.dismissed,
        response_rate: rate(totals.answered, totals.shown),
        comment_rate: figures.comment_rate,
        median_seconds: figures.seconds.map(|seconds| seconds.median),
        low_sample: scored < LOW_SAMPLE,
    }
}
