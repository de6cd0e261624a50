//! Difference between two scores.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use crate::adjusted_wald::{Adjusted, Z95};
use crate::{Histogram, Nps};

/// Difference between the scores of two groups of responses, and whether chance alone explains it.
///
/// `z` comes from the adjusted scores and `delta` from the plain ones, so with a handful of
/// responses their signs may differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Score now minus the score before, −200 to 200.
    pub delta: f64,
    /// The difference of the adjusted scores in units of its standard error.
    pub z: f64,
    /// Probability that chance alone gives a difference at least this large: two-sided, 0 to 1.
    pub p: f64,
    /// Whether `p` is under 0.05.
    pub significant: bool,
}

impl Difference {
    /// Compares two independent groups of responses; `None` if either is empty.
    pub fn between(now: &Histogram, before: &Histogram) -> Option<Self> {
        let delta = Nps::new(now)?.value() - Nps::new(before)?.value();
        let (now, before) = (Adjusted::new(now), Adjusted::new(before));
        let z = (now.centre - before.centre) / (now.squared_error + before.squared_error).sqrt();
        let p = erfc(z.abs() * FRAC_1_SQRT_2);
        Some(Self { delta, z, p, significant: p < 0.05 })
    }

    /// Returns half the width of the 95% interval of the difference, in points of the score: chance
    /// alone often moves a score that far. `None` if either group is empty.
    pub fn margin(now: &Histogram, before: &Histogram) -> Option<f64> {
        if now.scored() == 0 || before.scored() == 0 {
            return None;
        }
        let (now, before) = (Adjusted::new(now), Adjusted::new(before));
        Some(100.0 * Z95 * (now.squared_error + before.squared_error).sqrt())
    }
}

/// Returns the complementary error function of x ≥ 0, to about 1e-14 of its value.
///
/// Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.6 (the series, all of whose
/// terms are positive) below 2.5 and 7.1.14 (the continued fraction) above.
fn erfc(x: f64) -> f64 {
    if x < 2.5 {
        let terms = (1..80).scan(x, |term, k| {
            *term *= 2.0 * x * x / f64::from(2 * k + 1);
            Some(*term)
        });
        1.0 - 2.0 / PI.sqrt() * (-x * x).exp() * (x + terms.sum::<f64>())
    } else {
        let fraction = (1..100).rev().fold(x, |inner, k| x + f64::from(k) / 2.0 / inner);
        (-x * x).exp() / PI.sqrt() / fraction
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// References to 16 digits from Python's `math.erfc`.
    #[test]
    fn the_complementary_error_function_matches_published_values() {
        for (x, expected) in [
            (0.0, 1.0),
            (0.01, 0.9887165844441503),
            (0.5, 0.4795001221869535),
            (1.0, 0.15729920705028513),
            (Z95 * FRAC_1_SQRT_2, 0.05),
            (2.0, 0.004677734981047265),
            (2.4999, 0.0004071699003334514),
            (2.5, 0.0004069520174449589),
            (3.0, 2.2090496998585438e-05),
            (5.0, 1.5374597944280351e-12),
            (10.0, 2.088487583762545e-45),
        ] {
            let got = erfc(x);
            assert!((got - expected).abs() <= 1e-12 * expected, "erfc({x}) = {got}, not {expected}");
        }
        assert_eq!(erfc(1e9), 0.0);
    }
    #[test]
    fn a_difference_of_the_margin_is_where_significance_begins() {
        let before = Histogram::from_counts([0, 0, 0, 0, 0, 0, 300, 0, 400, 0, 300]);
        let mut seen = [false; 2];
        for more in 0..100 {
            let now = Histogram::from_counts([0, 0, 0, 0, 0, 0, 300 - more, 0, 400, 0, 300 + more]);
            let difference = Difference::between(&now, &before).unwrap();
            let margin = Difference::margin(&now, &before).unwrap();
            // The test compares adjusted scores, which differ from the plain ones by little here.
            if (difference.delta - margin).abs() > 0.2 {
                assert_eq!(difference.significant, difference.delta > margin, "{more} more");
                seen[usize::from(difference.significant)] = true;
            }
        }
        assert_eq!(seen, [true; 2]);
        assert_eq!(Difference::margin(&before, &Histogram::default()), None);
    }
}
