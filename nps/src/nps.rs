//! Net Promoter Score with its confidence interval.

use crate::Histogram;
use crate::adjusted_wald::{Adjusted, Z95};

/// Name of the interval's method.
pub const INTERVAL_METHOD: &str = "adjusted Wald, weights 3/4, 3/2, 3/4";

/// Net Promoter Score with its 95% interval, each from −100 to 100 in full precision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nps {
    value: f64,
    low: f64,
    high: f64,
}

impl Nps {
    /// Returns the score of these responses; `None` without responses.
    pub fn new(histogram: &Histogram) -> Option<Self> {
        let scored = histogram.scored();
        if scored == 0 {
            return None;
        }
        let value = 100.0 * (histogram.promoters() as f64 - histogram.detractors() as f64) / scored as f64;
        let adjusted = Adjusted::new(histogram);
        let half = Z95 * adjusted.squared_error.sqrt();
        // The centre is nearer to 0 than the score, so a single promoter would be outside its own
        // interval. The interval is widened to contain the measured score.
        let low = (100.0 * (adjusted.centre - half)).max(-100.0).min(value);
        let high = (100.0 * (adjusted.centre + half)).min(100.0).max(value);
        Some(Self { value, low, high })
    }

    /// Returns (promoters − detractors) / all responses × 100.
    pub const fn value(&self) -> f64 {
        self.value
    }

    /// Returns the lower end of the 95% interval, never above the score.
    pub const fn low(&self) -> f64 {
        self.low
    }

    /// Returns the upper end of the 95% interval, never below the score.
    pub const fn high(&self) -> f64 {
        self.high
    }
}
