//! Correction for several tests at once.

/// Returns the p-values of several tests, adjusted by Holm's method: the probability that chance
/// alone makes **any** of them significant stays at the level of one test.
///
/// S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of
/// Statistics 6(2), 1979. The values come back in the order in which they were given.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<(usize, f64)> = p_values.iter().copied().enumerate().collect();
    order.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    let tests = p_values.len();
    let mut largest = 0.0_f64;
    let mut adjusted = vec![0.0; tests];
    for (rank, (place, p)) in order.into_iter().enumerate() {
        largest = largest.max((p * (tests - rank) as f64).min(1.0));
        if let Some(adjusted) = adjusted.get_mut(place) {
            *adjusted = largest;
        }
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// References from R: `p.adjust(p, "holm")`.
    #[test]
    fn adjusted_values_match_those_of_r() {
        for (given, expected) in [
            (vec![0.01, 0.02, 0.03, 0.04], vec![0.04, 0.06, 0.06, 0.06]),
            (vec![0.04, 0.001, 0.03], vec![0.06, 0.003, 0.06]),
            (vec![0.5, 0.9], vec![1.0, 1.0]),
            (vec![0.02], vec![0.02]),
            (vec![], vec![]),
        ] {
            let adjusted = holm(&given);
            assert_eq!(adjusted.len(), expected.len());
            for (adjusted, expected) in adjusted.iter().zip(&expected) {
                assert!((adjusted - expected).abs() < 1e-12, "{given:?}: {adjusted} is not {expected}");
            }
        }
    }

    proptest! {
        #[test]
        fn adjusting_keeps_the_order_and_lies_between_one_test_and_bonferroni(
            given in prop::collection::vec(0.0..=1.0_f64, 0..20)
        ) {
            let adjusted = holm(&given);
            for (one, p) in adjusted.iter().zip(&given) {
                prop_assert!(*p <= *one && *one <= (p * given.len() as f64).min(1.0) + 1e-12 || *one <= 1.0);
                for (other, q) in adjusted.iter().zip(&given) {
                    prop_assert!(p > q || one <= other);
                }
            }
        }
    }
}
