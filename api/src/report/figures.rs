//! The numbers that every part of a report is made of, and when they are withheld.
//!
//! A total, a point, a group and a compared period all say the same of their answers. They say it through [`Figures`], so
//! that what is hidden, or left out because one category is asked for, is so everywhere.

use serde::Serialize;

use super::Totals;
use nps::{Category, Elapsed, Histogram, Nps, Share, interval};

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end, −100 to 100.
    pub low: f64,
    /// The upper end, −100 to 100.
    pub high: f64,
    /// How it is computed.
    pub method: &'static str,
}

/// How answers divide into the three categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Answers of 9 and 10.
    pub promoters: u64,
    /// Answers of 7 and 8.
    pub passives: u64,
    /// Answers of 0 to 6.
    pub detractors: u64,
}

/// How long answers took, in seconds, as near as [`Elapsed`] says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Seconds {
    /// A quarter of the answers took no longer.
    pub lower_quartile: f64,
    /// Half of the answers took no longer.
    pub median: f64,
    /// Three quarters of the answers took no longer.
    pub upper_quartile: f64,
}

/// What is said of some answers.
pub(super) struct Figures {
    pub score: Option<f64>,
    /// `None` only of a hidden category.
    pub scored: Option<u64>,
    pub interval95: Option<Interval>,
    pub counts: Option<Counts>,
    pub distribution: Option<Histogram>,
    pub commented: Option<u64>,
    pub comment_rate: Option<f64>,
    pub seconds: Option<Seconds>,
    /// Outside `None`: no category is asked for. Inside: hidden, or there are no answers.
    pub share: Option<Option<Share>>,
}

impl Figures {
    /// Hidden answers keep their number and nothing else. Of one category, what is not kept by category is left out.
    pub fn of(totals: &Totals, category: Option<Category>, hidden: bool) -> Self {
        let all = totals.scores.scored();
        let kept = category.map_or(totals.scores, |category| totals.scores.only(category));
        let scored = kept.scored();
        let whole = category.is_none() && !hidden;
        let (score, interval95) = if whole { score_of(&kept) } else { (None, None) };
        Self {
            score,
            // How many of a few answers are detractors is what hiding them is for.
            scored: (category.is_none() || !hidden).then_some(scored),
            interval95,
            counts: (!hidden).then(|| Counts::of(&kept)),
            distribution: (!hidden).then_some(kept),
            commented: whole.then_some(totals.commented),
            comment_rate: if whole { rate(totals.commented, all) } else { None },
            seconds: if whole { Seconds::of(&totals.elapsed) } else { None },
            share: category.map(|_| if hidden { None } else { Share::of(scored, all) }),
        }
    }
}

impl Counts {
    pub(super) fn of(scores: &Histogram) -> Self {
        Self { promoters: scores.promoters(), passives: scores.passives(), detractors: scores.detractors() }
    }
}

impl Seconds {
    fn of(elapsed: &Elapsed) -> Option<Self> {
        Some(Self {
            lower_quartile: elapsed.quantile(0.25)?,
            median: elapsed.median()?,
            upper_quartile: elapsed.quantile(0.75)?,
        })
    }
}

pub(super) fn score_of(scores: &Histogram) -> (Option<f64>, Option<Interval>) {
    let nps = Nps::of(scores);
    let interval = |nps: Nps| Interval { low: nps.low(), high: nps.high(), method: interval::METHOD };
    (nps.map(|nps| nps.value()), nps.map(interval))
}

/// A share, 0 to 1; `None` of nothing.
pub(super) fn rate(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 / whole as f64).min(1.0))
}
