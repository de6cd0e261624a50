//! Share of one category among all responses, with its confidence interval.
//!
//! The interval is that of E. B. Wilson, "Probable Inference, the Law of Succession, and
//! Statistical Inference", Journal of the American Statistical Association 22(158), 1927. It stays
//! within 0 and 1. It keeps its coverage for small samples and for shares near the ends, where the
//! textbook interval does not (Brown, Cai and DasGupta, "Interval Estimation for a Binomial
//! Proportion", Statistical Science 16(2), 2001).

use crate::adjusted_wald::Z95;

/// A share with its 95% Wilson interval, each from 0 to 1 in full precision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportion {
    /// The part divided by the whole.
    pub value: f64,
    /// The lower end of the interval, never above the share.
    pub low: f64,
    /// The upper end of the interval, never below the share.
    pub high: f64,
}

impl Proportion {
    /// The share of `part` in `whole`; `None` of nothing. A part larger than the whole counts as
    /// all of it.
    pub fn new(part: u64, whole: u64) -> Option<Self> {
        if whole == 0 {
            return None;
        }
        let n = whole as f64;
        let value = (part as f64 / n).min(1.0);
        let z2 = Z95 * Z95;
        let centre = (value + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z95 * (value * (1.0 - value) / n + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
        // At 0 and at 1 the interval ends there exactly; rounding must not say otherwise.
        let low = (centre - half).max(0.0).min(value);
        let high = (centre + half).min(1.0).max(value);
        Some(Self { value, low, high })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::round;

    fn rounded(part: u64, whole: u64) -> [f64; 2] {
        let share = Proportion::new(part, whole).unwrap();
        [round(share.low, 4), round(share.high, 4)]
    }

    /// R. G. Newcombe, "Two-sided Confidence Intervals for the Single Proportion", Statistics in
    /// Medicine 17, 1998, table I.
    #[test]
    fn the_intervals_match_published_values() {
        assert_eq!(rounded(81, 263), [0.2553, 0.3662]);
        assert_eq!(rounded(15, 148), [0.0624, 0.1605]);
        assert_eq!(rounded(0, 20), [0.0, 0.1611]);
        assert_eq!(rounded(1, 29), [0.0061, 0.1718]);
    }

    #[test]
    fn the_interval_contains_the_share_and_stays_within_0_and_1() {
        assert_eq!(Proportion::new(0, 0), None);
        for (part, whole) in [(0, 1), (1, 1), (9, 3), (u64::MAX, u64::MAX), (0, u64::MAX)] {
            let Proportion { value, low, high } = Proportion::new(part, whole).unwrap();
            assert!(0.0 <= low && low <= value && value <= high && high <= 1.0, "{part} of {whole}");
        }
    }
}
