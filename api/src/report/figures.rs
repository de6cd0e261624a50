//! Numbers of which every part of a report is made.

use nps::{Histogram, Nps, TimeToAnswer};
use serde::Serialize;

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end, −100 to 100.
    pub low: f64,
    /// The upper end, −100 to 100.
    pub high: f64,
    /// Name of the method.
    pub method: &'static str,
}

impl From<Nps> for Interval {
    fn from(nps: Nps) -> Self {
        Self { low: nps.low(), high: nps.high(), method: nps::INTERVAL_METHOD }
    }
}

/// Scores by category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Responses of 9 and 10.
    pub promoters: u64,
    /// Responses of 7 and 8.
    pub passives: u64,
    /// Responses of 0 to 6.
    pub detractors: u64,
}

impl From<&Histogram> for Counts {
    fn from(scores: &Histogram) -> Self {
        Self { promoters: scores.promoters(), passives: scores.passives(), detractors: scores.detractors() }
    }
}

/// Shares of the categories among all responses, each from 0 to 1. They add up to 1 but for
/// rounding.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Shares {
    /// Share of the responses of 9 and 10.
    pub promoters: f64,
    /// Share of the responses of 7 and 8.
    pub passives: f64,
    /// Share of the responses of 0 to 6.
    pub detractors: f64,
}

impl Shares {
    /// Returns the shares of these scores; `None` without scores.
    pub fn new(scores: &Histogram) -> Option<Self> {
        let share = |part: u64| Some(nps::Proportion::new(part, scores.scored())?.value);
        Some(Self {
            promoters: share(scores.promoters())?,
            passives: share(scores.passives())?,
            detractors: share(scores.detractors())?,
        })
    }
}

/// Time to answer in seconds, as precise as [`TimeToAnswer`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Seconds {
    /// A quarter of the responses took no longer.
    pub lower_quartile: f64,
    /// Half of the responses took no longer.
    pub median: f64,
    /// Three quarters of the responses took no longer.
    pub upper_quartile: f64,
}

impl Seconds {
    /// Returns the quartiles of these times; `None` without times.
    pub fn new(elapsed: &TimeToAnswer) -> Option<Self> {
        Some(Self {
            lower_quartile: elapsed.quantile(0.25)?,
            median: elapsed.median()?,
            upper_quartile: elapsed.quantile(0.75)?,
        })
    }
}

/// A share of one category among all responses with its 95 % Wilson interval, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// The part divided by the whole.
    pub value: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

impl From<nps::Proportion> for Share {
    fn from(nps::Proportion { value, low, high }: nps::Proportion) -> Self {
        Self { value, low, high }
    }
}
