//! The numbers that every part of a report is made of, and when they are withheld.
//!
//! A total, a point, a group and a compared period all say the same of their responses. They say it
//! through [`Metrics`], so that what is hidden, or left out because one category is asked for, is
//! so everywhere.

use api::report::{Counts, Interval, Seconds, Shares};
use nps::{Category, Histogram, Nps, Proportion};

use super::Totals;

/// Metrics of some responses.
pub(super) struct Metrics {
    pub score: Option<f64>,
    /// `None` only of a hidden category.
    pub scored: Option<u64>,
    pub interval95: Option<Interval>,
    pub counts: Option<Counts>,
    pub shares: Option<Shares>,
    pub distribution: Option<Histogram>,
    pub commented: Option<u64>,
    pub comment_rate: Option<f64>,
    pub seconds: Option<Seconds>,
    /// Outside `None`: no category is asked for. Inside: hidden, or there are no responses.
    pub share: Option<Option<Proportion>>,
}

impl Metrics {
    /// Hidden responses keep their number and nothing else. Of one category, what is not kept by
    /// category is left out.
    pub fn new(totals: &Totals, category: Option<Category>, hidden: bool) -> Self {
        let all = totals.scores.scored();
        let kept = category.map_or(totals.scores, |category| totals.scores.only(category));
        let scored = kept.scored();
        let whole = category.is_none() && !hidden;
        let (score, interval95) = if whole { score_of(&kept) } else { (None, None) };
        Self {
            score,
            // How many of a few responses are of detractors is what hiding them is for.
            scored: (category.is_none() || !hidden).then_some(scored),
            interval95,
            counts: (!hidden).then(|| Counts::from(&kept)),
            shares: if whole { Shares::new(&kept) } else { None },
            distribution: (!hidden).then_some(kept),
            commented: whole.then_some(totals.commented),
            comment_rate: if whole { rate(totals.commented, all) } else { None },
            seconds: if whole { Seconds::new(&totals.elapsed) } else { None },
            share: category.map(|_| if hidden { None } else { Proportion::new(scored, all) }),
        }
    }
}

pub(super) fn score_of(scores: &Histogram) -> (Option<f64>, Option<Interval>) {
    let nps = Nps::new(scores);
    (nps.map(|nps| nps.value()), nps.map(Interval::from))
}

/// A share, 0 to 1; `None` of nothing.
pub(super) fn rate(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 / whole as f64).min(1.0))
}
