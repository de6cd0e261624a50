//! Adjusted score and its standard error, from which the interval and the difference are computed.
//!
//! Both follow B. Rocks, "Interval Estimation for the 'Net Promoter Score'", The American
//! Statistician 70(4), 2016 (arXiv 1601.07235): an adjusted Wald interval, for which 3/4 is added
//! to the promoters, 3/2 to the passives and 3/4 to the detractors. With p, s and d the adjusted
//! shares of N = n + 3, its centre is p − d and its variance p + d − (p − d)², over N. J. Sauro and
//! J. Lewis, measuringu.com/nps-confidence-intervals, use the same form.

use crate::Histogram;

/// 97.5% quantile of the standard normal distribution.
pub(crate) const Z95: f64 = 1.959963984540054;

/// Adjusted score on the scale −1 to 1, and the square of its standard error, which is never 0.
pub(crate) struct Adjusted {
    pub(crate) centre: f64,
    pub(crate) squared_error: f64,
}

impl Adjusted {
    pub(crate) fn new(histogram: &Histogram) -> Self {
        let n = histogram.scored() as f64 + 3.0;
        let promoters = (histogram.promoters() as f64 + 0.75) / n;
        let passives = (histogram.passives() as f64 + 1.5) / n;
        let detractors = (histogram.detractors() as f64 + 0.75) / n;
        // p + d − (p − d)² with p + s + d = 1. Written as a sum it cannot cancel to 0 or below when
        // all responses agree.
        let variance = passives * (promoters + detractors) + 4.0 * promoters * detractors;
        Self { centre: promoters - detractors, squared_error: variance / n }
    }
}
