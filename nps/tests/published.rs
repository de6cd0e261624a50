//! Published scores, intervals and differences come out, and so do the edges.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use nps::{Difference, Histogram, Nps, round};

fn answers(promoters: u64, passives: u64, detractors: u64) -> Histogram {
    Histogram::from_counts([detractors, 0, 0, 0, 0, 0, 0, passives, 0, 0, promoters])
}

fn rounded(promoters: u64, passives: u64, detractors: u64) -> [f64; 3] {
    let nps = Nps::new(&answers(promoters, passives, detractors)).unwrap();
    [nps.value(), nps.low(), nps.high()].map(|value| round(value, 2))
}

#[test]
fn the_intervals_match_published_values() {
    assert_eq!(rounded(314, 179, 35), [52.84, 47.27, 57.81]);
    assert_eq!(rounded(10, 0, 0), [100.0, 47.5, 100.0]);
    assert_eq!(rounded(0, 10, 0), [0.0, -18.47, 18.47]);
    assert_eq!(rounded(3, 2, 1), [33.33, -26.74, 71.19]);
}

#[test]
fn without_answers_there_is_no_score() {
    assert_eq!(Nps::new(&Histogram::default()), None);
    assert_eq!(Difference::between(&answers(1, 0, 0), &Histogram::default()), None);
    assert_eq!(Difference::between(&Histogram::default(), &answers(1, 0, 0)), None);
}

#[test]
fn the_interval_of_a_single_answer_is_wide() {
    assert_eq!(rounded(1, 0, 0), [100.0, -48.5, 100.0]);
    assert_eq!(rounded(0, 0, 1), [-100.0, -100.0, 48.5]);
    assert_eq!(rounded(0, 1, 0), [0.0, -60.01, 60.01]);
}

#[test]
fn equal_promoters_and_detractors_score_positive_zero() {
    assert!(Nps::new(&answers(7, 3, 7)).unwrap().value().is_sign_positive());
    let same = Difference::between(&answers(5, 1, 2), &answers(5, 1, 2)).unwrap();
    assert!(same.delta.is_sign_positive() && same.z.is_sign_positive());
    assert_eq!((same.delta, same.z, same.p, same.significant), (0.0, 0.0, 1.0, false));
}

#[test]
fn the_difference_matches_a_published_value() {
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
    for nps in [answers(most, most, most), answers(most, 0, most)].iter().filter_map(Nps::new) {
        assert!(nps.low() <= nps.value() && nps.value() <= nps.high());
    }
}
