//! Rounding for display.

/// Rounds a number for display to that many decimals (9 at most), half away from zero, and never to
/// "-0".
pub fn round(value: f64, decimals: u32) -> f64 {
    let power = 10_f64.powi(decimals.min(9).cast_signed());
    // A score that ends in 5 is often a hair below its half in binary (0.285 is 0.28499…), so ties
    // get a nudge of a few ulps.
    let scaled = value * power * (1.0 + 4.0 * f64::EPSILON);
    // Beyond 2^53 there are no decimals to round. Adding 0 turns −0 into 0.
    if scaled.abs() < 9e15 { scaled.round() / power + 0.0 } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    /// Against exact rational arithmetic, for every score of up to 400 responses: 100·k/n to 0, 1
    /// and 2 decimals.
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
