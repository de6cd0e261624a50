//! Time to answer, in a form that adds up by day.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

/// Number of buckets.
pub const BUCKETS: usize = 32;

/// Histogram of times to answer in thirds of an octave.
///
/// Bucket k holds 500·2^(k/3) ms up to 500·2^((k+1)/3) ms, so each is 26% wider than the one
/// before, from half a second to 812 s. The first bucket also holds all shorter times, the last all
/// longer ones. Counts saturate at the largest `u64`.
///
/// A [`quantile`](Self::quantile) is in the bucket of the exact one. Between 0.5 s and 812 s it is
/// off by less than a factor of 2^(1/3), which is at most 26% too long or 21% too short.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TimeToAnswer([u64; BUCKETS]);

impl TimeToAnswer {
    /// Which bucket a time in milliseconds falls into, 0 to 31.
    pub fn bucket_of(ms: u32) -> usize {
        (1..BUCKETS).take_while(|bucket| f64::from(ms) >= edge_ms(*bucket)).count()
    }

    /// The histogram with those counts, that of the shortest times first.
    pub const fn from_counts(counts: [u64; BUCKETS]) -> Self {
        Self(counts)
    }

    /// The counts, that of the shortest times first.
    pub const fn counts(&self) -> &[u64; BUCKETS] {
        &self.0
    }

    /// The time in seconds within which that share of the people answered, 0 to 1; `None` without
    /// times.
    ///
    /// That is the ⌈share · n⌉-th shortest time: half (0.5) of four people have answered when the
    /// second has. Within its bucket, times are taken to be spread evenly on a logarithmic scale.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let total = self.0.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
        let rank = ((share.clamp(0.0, 1.0) * total as f64).ceil() as u64).clamp(1, total.max(1));
        let mut below = 0_u64;
        for (bucket, count) in self.0.iter().enumerate() {
            let upto = below.saturating_add(*count);
            if rank <= upto {
                let within = ((rank - below) as f64 - 0.5) / *count as f64;
                return Some(edge_ms(bucket) * (within / 3.0).exp2() / 1_000.0);
            }
            below = upto;
        }
        None
    }

    /// The median time to answer in seconds; `None` without times.
    pub fn median(&self) -> Option<f64> {
        self.quantile(0.5)
    }
}

/// Returns the lower edge of a bucket in milliseconds. Exact at each octave.
fn edge_ms(bucket: usize) -> f64 {
    let third = match bucket % 3 {
        0 => 1.0,
        1 => 1.259_921_049_894_873_2,
        _ => 1.587_401_051_968_199_4,
    };
    (0..bucket / 3).fold(500.0 * third, |edge, _| edge * 2.0)
}

impl AddAssign for TimeToAnswer {
    fn add_assign(&mut self, other: Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count = count.saturating_add(more);
        }
    }
}

impl Add for TimeToAnswer {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl Sum for TimeToAnswer {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| sum + one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn from_times(times_ms: &[u32]) -> TimeToAnswer {
        let mut counts = [0; BUCKETS];
        for ms in times_ms {
            counts[TimeToAnswer::bucket_of(*ms)] += 1;
        }
        TimeToAnswer::from_counts(counts)
    }

    #[test]
    fn buckets_are_thirds_of_an_octave() {
        for (ms, bucket) in [
            (0, 0),
            (499, 0),
            (500, 0),
            (629, 0),
            (630, 1),
            (793, 1),
            (794, 2),
            (999, 2),
            (1_000, 3),
            (2_000, 6),
            (3_999, 8),
            (4_000, 9),
            (512_000, 30),
            (645_079, 30),
            (645_080, 31),
            (812_749, 31),
            (u32::MAX, 31),
        ] {
            assert_eq!(TimeToAnswer::bucket_of(ms), bucket, "{ms} ms");
        }
        assert!((edge_ms(31) - 500.0 * (31.0_f64 / 3.0).exp2()).abs() < 1e-6);
    }

    #[test]
    fn without_times_there_is_no_quantile() {
        assert_eq!(TimeToAnswer::default().median(), None);
        assert_eq!(TimeToAnswer::default().quantile(1.0), None);
    }

    #[test]
    fn quantiles_are_in_the_bucket_of_their_rank() {
        let elapsed = from_times(&[600, 2_100, 2_200, 9_000]);
        let median = elapsed.median().unwrap();
        assert!((2.0..2.52).contains(&median), "{median}");
        assert!((0.5..0.63).contains(&elapsed.quantile(0.0).unwrap()));
        assert!((0.5..0.63).contains(&elapsed.quantile(f64::NAN).unwrap()));
        assert!((8.0..10.1).contains(&elapsed.quantile(7.0).unwrap()));
    }

    #[test]
    fn the_largest_counts_stay_finite() {
        let full = TimeToAnswer::from_counts([u64::MAX; BUCKETS]);
        assert_eq!(full + full, full);
        for share in [0.0, 0.5, 1.0] {
            assert!(full.quantile(share).unwrap().is_finite());
        }
    }

    proptest! {
        #[test]
        fn the_error_of_the_median_is_bounded(mut times in prop::collection::vec(500_u32..800_000, 1..200)) {
            let estimate = from_times(&times).median().unwrap();
            times.sort_unstable();
            let exact = f64::from(times[times.len().div_ceil(2) - 1]) / 1_000.0;
            let factor = (estimate / exact).max(exact / estimate);
            prop_assert!(factor < 2_f64.cbrt(), "{estimate} s for {exact} s");
        }

        #[test]
        fn histograms_of_times_merge(a in prop::collection::vec(any::<u32>(), 0..50), b in prop::collection::vec(any::<u32>(), 0..50)) {
            let both: Vec<u32> = a.iter().chain(&b).copied().collect();
            prop_assert_eq!(from_times(&a) + from_times(&b), from_times(&both));
            prop_assert_eq!([from_times(&a), from_times(&b)].into_iter().sum::<TimeToAnswer>(), from_times(&both));
        }
    }
}
