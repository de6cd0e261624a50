//! Properties that hold for all responses, not just for examples.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use nps::{Difference, Histogram, Nps};
use proptest::prelude::*;

/// The largest count of one score: with eleven of them, up to about 1e13 responses.
const LARGE: u64 = 1_000_000_000_000;

fn histogram() -> impl Strategy<Value = Histogram> {
    // Small and large counts, and zeros, all often.
    let count = prop_oneof![Just(0), 0..20_u64, 0..LARGE];
    prop::array::uniform11(count).prop_map(Histogram::from_counts)
}

fn answers(promoters: u64, passives: u64, detractors: u64) -> Histogram {
    Histogram::from_counts([0, 0, detractors, 0, 0, 0, 0, passives, 0, promoters, 0])
}

fn assert_sound(scores: &Histogram) {
    let nps = Nps::new(scores).unwrap();
    let (low, value, high) = (nps.low(), nps.value(), nps.high());
    assert!(-100.0 <= low && low <= value && value <= high && high <= 100.0, "{scores:?} makes {nps:?}");
    assert!(low < high, "{scores:?} makes {nps:?}");
    assert!([low, value, high].iter().all(|number| *number != 0.0 || number.is_sign_positive()), "{nps:?}");
}

/// Generates `(promoters, passives, detractors)` with one to `most` responses in all.
fn small(most: u64) -> impl Iterator<Item = Histogram> {
    let triples = (0..=most)
        .flat_map(move |a| (0..=most - a).flat_map(move |b| (0..=most - a - b).map(move |c| (a, b, c))));
    triples.filter(|(a, b, c)| a + b + c > 0).map(|(a, b, c)| answers(a, b, c))
}

#[test]
fn the_interval_of_every_small_sample_contains_its_score() {
    assert_eq!(small(12).inspect(assert_sound).count(), 454);
}

#[test]
fn every_difference_of_small_samples_is_finite() {
    for now in small(6) {
        for before in small(6) {
            let there = Difference::between(&now, &before).unwrap();
            let back = Difference::between(&before, &now).unwrap();
            assert!(there.z.is_finite() && (0.0..=1.0).contains(&there.p), "{there:?}");
            assert_eq!((there.delta, there.z, there.p), (-back.delta, -back.z, back.p));
            assert_eq!(there.significant, there.p < 0.05);
        }
    }
}

proptest! {
    #[test]
    fn merging_is_associative_and_commutative_and_has_an_identity(a in histogram(), b in histogram(), c in histogram()) {
        prop_assert_eq!((a + b) + c, a + (b + c));
        prop_assert_eq!(a + b, b + a);
        prop_assert_eq!(a + Histogram::default(), a);
        prop_assert_eq!([a, b, c].into_iter().sum::<Histogram>(), a + b + c);
        prop_assert_eq!((a + b).scored(), a.scored() + b.scored());
    }

    #[test]
    fn the_three_categories_partition_the_answers(scores in histogram()) {
        prop_assert_eq!(scores.promoters() + scores.passives() + scores.detractors(), scores.scored());
    }

    #[test]
    fn passives_move_the_score_toward_zero_and_never_past_it(scores in histogram(), more in 1..LARGE) {
        prop_assume!(scores.scored() > 0);
        let before = Nps::new(&scores).unwrap().value();
        let after = Nps::new(&(scores + answers(0, more, 0))).unwrap().value();
        prop_assert!(after.abs() <= before.abs() && after * before >= 0.0, "{before} became {after}");
    }

    #[test]
    fn the_interval_contains_the_score_and_stays_on_the_scale(scores in histogram()) {
        prop_assume!(scores.scored() > 0);
        assert_sound(&scores);
    }

    #[test]
    fn more_answers_of_one_kind_never_widen_the_interval(scores in histogram(), times in 2..9_u64) {
        prop_assume!(scores.scored() > 0);
        let width = |scores: &Histogram| Nps::new(scores).map(|nps| nps.high() - nps.low()).unwrap();
        let more = Histogram::from_counts(scores.counts().map(|count| count * times));
        prop_assert!(width(&more) <= width(&scores));
    }
}
