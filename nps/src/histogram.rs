//! Histogram of scores, from which every number is computed.

use std::iter::Sum;
use std::ops::AddAssign;

use crate::{Category, Score};

/// Histogram of scores: the number of responses with each score, 0 first.
///
/// Histograms add up: those of two days, or of two shards, make that of both, in any order. Counts
/// stop at the largest `u64` instead of wrapping.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Histogram([u64; 11]);

impl Histogram {
    /// The histogram with those counts, that of score 0 first.
    pub const fn from_counts(counts: [u64; 11]) -> Self {
        Self(counts)
    }

    /// The counts, that of score 0 first.
    pub const fn counts(&self) -> &[u64; 11] {
        &self.0
    }

    /// Counts `times` more responses of that score.
    pub fn add(&mut self, score: Score, times: u64) {
        if let Some(count) = self.0.get_mut(usize::from(score.get())) {
            *count = count.saturating_add(times);
        }
    }

    /// Returns the number of scores.
    pub fn scored(&self) -> u64 {
        self.0.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Returns the number of 9s and 10s.
    pub fn promoters(&self) -> u64 {
        self.within(Category::Promoter)
    }

    /// Returns the number of 7s and 8s.
    pub fn passives(&self) -> u64 {
        self.within(Category::Passive)
    }

    /// Returns the number of scores from 0 to 6.
    pub fn detractors(&self) -> u64 {
        self.within(Category::Detractor)
    }

    /// The responses of one category; all other scores have none.
    pub fn only(&self, category: Category) -> Self {
        let mut kept = *self;
        for (score, count) in Score::ALL.iter().zip(&mut kept.0) {
            if score.category() != category {
                *count = 0;
            }
        }
        kept
    }

    fn within(&self, category: Category) -> u64 {
        let counts = Score::ALL.iter().zip(&self.0).filter(|(score, _)| score.category() == category);
        counts.fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }
}

impl AddAssign for Histogram {
    fn add_assign(&mut self, other: Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count = count.saturating_add(more);
        }
    }
}

// Not imported, for in its presence `histogram.add(score, 1)` would mean this one.
impl std::ops::Add for Histogram {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl Sum for Histogram {
    fn sum<I: Iterator<Item = Self>>(histograms: I) -> Self {
        histograms.fold(Self::default(), |sum, one| sum + one)
    }
}

impl FromIterator<Score> for Histogram {
    fn from_iter<I: IntoIterator<Item = Score>>(scores: I) -> Self {
        let mut histogram = Self::default();
        for score in scores {
            histogram.add(score, 1);
        }
        histogram
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_score_counts_in_its_category() {
        let histogram = Histogram::from_counts([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);
        assert_eq!(histogram.detractors(), 127);
        assert_eq!(histogram.passives(), 128 + 256);
        assert_eq!(histogram.promoters(), 512 + 1024);
        assert_eq!(histogram.scored(), 2047);
    }

    #[test]
    fn one_category_alone_keeps_its_scores() {
        let histogram = Histogram::from_counts([1; 11]);
        assert_eq!(histogram.only(Category::Detractor).counts(), &[1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
        assert_eq!(histogram.only(Category::Passive).counts(), &[0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0]);
        assert_eq!(histogram.only(Category::Promoter).counts(), &[0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    }

    #[test]
    fn collecting_scores_counts_each_once() {
        let histogram: Histogram = Score::ALL.into_iter().chain(Score::new(7)).collect();
        assert_eq!(histogram.counts(), &[1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1]);
    }

    #[test]
    fn counts_saturate() {
        let full = Histogram::from_counts([u64::MAX; 11]);
        assert_eq!(full + full, full);
        assert_eq!(full.scored(), u64::MAX);
    }
}
