//! Coverage of the 95% interval for the score.
//!
//! The test draws twenty thousand samples of 30 responses from populations with a known score. The
//! interval must contain that score in at least 93% of them. The seed is fixed, so the result never
//! varies. Summed exactly over all samples of 30, the bound holds for every population in whole
//! percents with at least 2% of each category (the least is 93.4%).
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use nps::{Histogram, Nps, Score};

const TRIALS: u32 = 20_000;
const SAMPLE: usize = 30;

/// SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014).
struct SplitMix(u64);

impl SplitMix {
    /// A number from 0 up to 1.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Returns how often the interval holds the true score of a population. The population is given in
/// percent of each score, 0 first.
fn coverage(population: [u32; 11]) -> f64 {
    assert_eq!(population.iter().sum::<u32>(), 100, "a population is 100 %");
    let truth = Nps::new(&Histogram::from_counts(population.map(u64::from))).unwrap().value();
    let mut random = SplitMix(2_026);
    let mut answer = || {
        let mut left = random.unit() * 100.0;
        let drawn = population.iter().position(|share| {
            left -= f64::from(*share);
            left < 0.0
        });
        Score::ALL[drawn.unwrap_or(10)]
    };
    let held = (0..TRIALS).filter(|_| {
        let nps = Nps::new(&(0..SAMPLE).map(|_| answer()).collect()).unwrap();
        nps.low() <= truth && truth <= nps.high()
    });
    held.count() as f64 / f64::from(TRIALS)
}

#[test]
fn the_interval_covers_95_percent_of_samples() {
    for (name, population) in [
        //                      0  1  2  3  4  5  6   7   8   9  10
        ("typical", [2, 1, 1, 2, 2, 6, 6, 12, 18, 22, 28]),
        ("polarised", [30, 8, 4, 3, 1, 1, 1, 2, 2, 8, 40]),
        ("mostly promoters", [1, 0, 0, 0, 0, 1, 1, 4, 8, 25, 60]),
        ("mostly passives", [0, 0, 0, 0, 1, 2, 2, 35, 50, 7, 3]),
        ("mostly detractors", [30, 10, 8, 8, 6, 8, 10, 8, 7, 3, 2]),
    ] {
        let held = coverage(population);
        println!("{name}: {held:.4}");
        assert!(held >= 0.93, "{name}: the interval held the true score in {held} of the trials");
    }
}

/// Known limit: with an almost empty category a sample of 30 may show a single category, and the
/// interval is then too short. This population is the worst of all in whole percents: summed
/// exactly, 90.3%.
#[test]
fn a_population_without_one_category_is_covered_less() {
    let held = coverage([0, 0, 0, 0, 0, 0, 0, 40, 43, 9, 8]);
    println!("no detractors: {held:.4}");
    assert!((0.895..0.91).contains(&held), "{held}");
}
