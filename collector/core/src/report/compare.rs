//! A period beside an earlier one, and whether the score has moved.
//!
//! Two stretches of days that share none are two independent groups of responses, which is what
//! [`Difference`] compares.

use api::Period;
use api::report::{Counts, Previous, Shares};
use nps::{Difference, Histogram};

use super::DayTotals;
use super::metrics::score_of;

/// The responses of those days.
pub(super) fn scores(days: &[DayTotals], period: Period) -> Histogram {
    days.iter().filter(|day| period.contains(day.day)).map(|day| day.totals.scores).sum()
}

/// Compares what is not hidden: `now` is `None` where the period itself is.
pub(super) fn previous(
    period: Period,
    before: &Histogram,
    hidden: Option<bool>,
    now: Option<&Histogram>,
) -> Previous {
    let visible = (hidden != Some(true)).then_some(before);
    let (score, interval95) = visible.map(score_of).unwrap_or_default();
    let difference = now.zip(visible).and_then(|(now, before)| Difference::between(now, before));
    Previous {
        from: period.first(),
        to: period.last(),
        hidden,
        score,
        scored: before.scored(),
        interval95,
        counts: visible.map(Counts::from),
        shares: visible.and_then(Shares::new),
        delta: difference.map(|it| it.delta),
        z: difference.map(|it| it.z),
        p: difference.map(|it| it.p),
        significant: difference.map(|it| it.significant),
    }
}
