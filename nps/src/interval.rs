//! The score, how sure it is, and whether two scores differ.
//!
//! Both follow B. Rocks, "Interval Estimation for the 'Net Promoter Score'", The American Statistician 70(4), 2016
//! (arXiv 1601.07235): an adjusted Wald interval, for which 3/4 is added to the promoters, 3/2 to the passives and 3/4
//! to the detractors. With p, s and d the adjusted shares of N = n + 3, its centre is p − d and its variance
//! p + d − (p − d)², over N. J. Sauro and J. Lewis, measuringu.com/nps-confidence-intervals, use the same form.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use crate::Histogram;

/// What the interval is called in an answer.
pub const METHOD: &str = "adjusted Wald, weights 3/4, 3/2, 3/4";

/// The 97.5 % quantile of the standard normal distribution.
pub(crate) const Z95: f64 = 1.959963984540054;

/// A Net Promoter Score with its 95 % interval, each from −100 to 100 in full precision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nps {
    value: f64,
    low: f64,
    high: f64,
}

impl Nps {
    /// The score of those answers; `None` without answers.
    pub fn of(histogram: &Histogram) -> Option<Self> {
        let scored = histogram.scored();
        if scored == 0 {
            return None;
        }
        let value = 100.0 * (histogram.promoters() as f64 - histogram.detractors() as f64) / scored as f64;
        let adjusted = Adjusted::of(histogram);
        let half = Z95 * adjusted.squared_error.sqrt();
        // The centre lies nearer to 0 than the score does, so a lone promoter is outside its own interval. An interval
        // that excludes what was measured helps nobody: widen it.
        let low = (100.0 * (adjusted.centre - half)).max(-100.0).min(value);
        let high = (100.0 * (adjusted.centre + half)).min(100.0).max(value);
        Some(Self { value, low, high })
    }

    /// (promoters − detractors) / all answers × 100.
    pub const fn value(&self) -> f64 {
        self.value
    }

    /// The lower end of the 95 % interval, never above the score.
    pub const fn low(&self) -> f64 {
        self.low
    }

    /// The upper end of the 95 % interval, never below the score.
    pub const fn high(&self) -> f64 {
        self.high
    }
}

/// How far the score of one group of answers is from that of another, and whether chance alone explains it.
///
/// `z` comes from the adjusted scores and `delta` from the plain ones, so with a handful of answers their signs may differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The score now minus the score before, −200 to 200.
    pub delta: f64,
    /// The difference of the adjusted scores in units of its standard error.
    pub z: f64,
    /// How often chance alone gives a difference at least this large: two-sided, 0 to 1.
    pub p: f64,
    /// Whether `p` is under 0.05.
    pub significant: bool,
}

impl Difference {
    /// Compares two independent groups of answers; `None` where one of them has none.
    pub fn between(now: &Histogram, before: &Histogram) -> Option<Self> {
        let delta = Nps::of(now)?.value - Nps::of(before)?.value;
        let (now, before) = (Adjusted::of(now), Adjusted::of(before));
        let z = (now.centre - before.centre) / (now.squared_error + before.squared_error).sqrt();
        let p = erfc(z.abs() * FRAC_1_SQRT_2);
        Some(Self { delta, z, p, significant: p < 0.05 })
    }
}

/// The adjusted score on the scale −1 to 1, and the square of its standard error, which is never 0.
struct Adjusted {
    centre: f64,
    squared_error: f64,
}

impl Adjusted {
    fn of(histogram: &Histogram) -> Self {
        let n = histogram.scored() as f64 + 3.0;
        let promoters = (histogram.promoters() as f64 + 0.75) / n;
        let passives = (histogram.passives() as f64 + 1.5) / n;
        let detractors = (histogram.detractors() as f64 + 0.75) / n;
        // p + d − (p − d)² with p + s + d = 1. Written as a sum it cannot cancel to 0 or below when all answers agree.
        let variance = passives * (promoters + detractors) + 4.0 * promoters * detractors;
        Self { centre: promoters - detractors, squared_error: variance / n }
    }
}

/// The complementary error function of x ≥ 0, to about 1e-14 of its value.
///
/// Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.6 (the series, all of whose terms are positive) below
/// 2.5 and 7.1.14 (the continued fraction) above.
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

/// A number as it is shown: rounded to that many decimals (9 at most), half away from zero, and never "-0".
pub fn round(value: f64, decimals: u32) -> f64 {
    let power = 10_f64.powi(decimals.min(9).cast_signed());
    // A score that ends in 5 is often a hair below its half in binary (0.285 is 0.28499…), so ties get a nudge of a few ulps.
    let scaled = value * power * (1.0 + 4.0 * f64::EPSILON);
    // Beyond 2^53 there are no decimals to round. Adding 0 turns −0 into 0.
    if scaled.abs() < 9e15 { scaled.round() / power + 0.0 } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(promoters: u64, passives: u64, detractors: u64) -> Histogram {
        Histogram::from_counts([detractors, 0, 0, 0, 0, 0, 0, passives, 0, 0, promoters])
    }

    fn rounded(promoters: u64, passives: u64, detractors: u64) -> [f64; 3] {
        let nps = Nps::of(&answers(promoters, passives, detractors)).unwrap();
        [nps.value(), nps.low(), nps.high()].map(|value| round(value, 2))
    }

    #[test]
    fn the_published_intervals_come_out() {
        assert_eq!(rounded(314, 179, 35), [52.84, 47.27, 57.81]);
        assert_eq!(rounded(10, 0, 0), [100.0, 47.5, 100.0]);
        assert_eq!(rounded(0, 10, 0), [0.0, -18.47, 18.47]);
        assert_eq!(rounded(3, 2, 1), [33.33, -26.74, 71.19]);
    }

    #[test]
    fn without_answers_there_is_no_score() {
        assert_eq!(Nps::of(&Histogram::default()), None);
        assert_eq!(Difference::between(&answers(1, 0, 0), &Histogram::default()), None);
        assert_eq!(Difference::between(&Histogram::default(), &answers(1, 0, 0)), None);
    }

    #[test]
    fn a_lone_answer_widens_its_interval() {
        assert_eq!(rounded(1, 0, 0), [100.0, -48.5, 100.0]);
        assert_eq!(rounded(0, 0, 1), [-100.0, -100.0, 48.5]);
        assert_eq!(rounded(0, 1, 0), [0.0, -60.01, 60.01]);
    }

    #[test]
    fn as_many_of_each_is_plain_zero() {
        assert!(Nps::of(&answers(7, 3, 7)).unwrap().value().is_sign_positive());
        let same = Difference::between(&answers(5, 1, 2), &answers(5, 1, 2)).unwrap();
        assert!(same.delta.is_sign_positive() && same.z.is_sign_positive());
        assert_eq!((same.delta, same.z, same.p, same.significant), (0.0, 0.0, 1.0, false));
    }

    #[test]
    fn the_published_difference_comes_out() {
        let difference = Difference::between(&answers(93, 32, 9), &answers(49, 30, 8)).unwrap();
        assert_eq!(
            [round(difference.delta, 2), round(difference.z, 3), round(difference.p, 3)],
            [15.56, 1.797, 0.072]
        );
        assert!(!difference.significant);
    }

    #[test]
    fn the_largest_counts_stay_finite() {
        let most = u64::MAX;
        let difference = Difference::between(&answers(most, 0, 0), &answers(0, 0, most)).unwrap();
        assert_eq!(difference.delta, 200.0);
        assert!(difference.z.is_finite() && difference.z > 1e9);
        assert_eq!((difference.p, difference.significant), (0.0, true));
        for nps in [answers(most, most, most), answers(most, 0, most)].iter().filter_map(Nps::of) {
            assert!(nps.low() <= nps.value() && nps.value() <= nps.high());
        }
    }

    /// References to 16 digits from Python's `math.erfc`.
    #[test]
    fn the_complementary_error_function_is_right() {
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
    fn display_rounds_half_away_from_zero() {
        for (value, decimals, expected) in [
            (2.5, 0, 3.0),
            (-2.5, 0, -3.0),
            (0.285, 2, 0.29),
            (-1.005, 2, -1.01),
            (52.84090909, 1, 52.8),
            (1e300, 2, 1e300),
        ] {
            assert_eq!(round(value, decimals), expected);
        }
        assert!(round(-0.04, 1).is_sign_positive());
    }

    /// Against exact rational arithmetic, for every score of up to 400 answers: 100·k/n to 0, 1 and 2 decimals.
    #[test]
    fn display_rounds_every_score_as_the_fraction_would() {
        for n in 1..=400_i64 {
            for k in 0..=n {
                for (decimals, power) in [(0, 1), (1, 10), (2, 100)] {
                    let exact = (2 * 100 * power * k + n) / (2 * n);
                    let shown = round(100.0 * k as f64 / n as f64, decimals);
                    assert_eq!(shown, exact as f64 / power as f64, "100 · {k} / {n} to {decimals} decimals");
                }
            }
        }
    }
}
