//! Small cells: which segments say nothing but how many responses they have.
//!
//! The score of one to four responses is nearly each person's score, so such a segment is hidden.
//! Since the total is always there, all visible segments taken from it leave the sum of the hidden
//! ones; were that one segment, or a handful of responses, hiding would be for show. So further
//! segments are hidden, the smallest first, until the hidden ones together have at least
//! [`MIN_CELL`] responses and two of them have any. Where there are not enough segments for that,
//! the small ones are still hidden, although the total tells what they are.
//!
//! A filter shows one segment over many stretches of days: the period, each point of the series,
//! each rolling window, the compared period. The [`SuppressionMask`] applies the same rule to each
//! of them, so a filter hides exactly what `group_by` would hide for the same days.
//!
//! The rule looks at one stretch of days at a time. It does not stop a reader from taking one
//! period from a longer one.

use api::Period;
use api::report::Segment;

use super::{Cell, Cells};

/// With fewer responses than this, and at least one, a segment is hidden.
pub const MIN_CELL: u64 = 5;

/// Whether so many responses are too few to show.
pub(super) fn is_small(scored: u64) -> bool {
    (1..MIN_CELL).contains(&scored)
}

/// Which segment is hidden beside those that are small, so that these cannot be computed: the
/// smallest of the others that has responses, the first of equals. One is always enough, since it
/// has at least [`MIN_CELL`] responses.
pub(crate) fn complementary_segment(scored: &[u64]) -> Option<usize> {
    let (mut members, mut answers) = (0_u64, 0_u64);
    for scored in scored.iter().filter(|scored| is_small(**scored)) {
        members += 1;
        answers += scored;
    }
    if members == 0 || (members >= 2 && answers >= MIN_CELL) {
        return None;
    }
    let large = scored.iter().enumerate().filter(|(_, scored)| **scored >= MIN_CELL);
    large.min_by_key(|(_, scored)| **scored).map(|(index, _)| index)
}

/// Knows for any days whether the segment that a filter keeps must be hidden.
pub(super) struct SuppressionMask {
    /// Sorted by day. Segments are numbered in their order, on which [`complementary_segment`]
    /// depends.
    rows: Vec<Cell>,
    segments: usize,
    /// The number of the filter's segment; `None` where it has no cells.
    own: Option<usize>,
}

impl SuppressionMask {
    pub fn new(cells: Cells, own: &Segment) -> Self {
        let mut order: Vec<&Segment> = cells.segments.iter().collect();
        order.sort_unstable();
        order.dedup();
        let numbers: Vec<Option<usize>> =
            cells.segments.iter().map(|segment| order.binary_search(&segment).ok()).collect();
        let (segments, own) = (order.len(), order.binary_search(&own).ok());
        let mut rows = cells.rows;
        rows.retain_mut(|row| {
            let number = numbers.get(row.segment).copied().flatten();
            row.segment = number.unwrap_or_default();
            number.is_some()
        });
        rows.sort_by_key(|row| row.day);
        Self { rows, segments, own }
    }

    pub fn window(&self) -> MovingWindow<'_> {
        MovingWindow { mask: self, sums: vec![0; self.segments], start: 0, end: 0 }
    }
}

/// A stretch of days that moves along a [`SuppressionMask`], so that long windows cost no more than
/// short ones.
pub(super) struct MovingWindow<'a> {
    mask: &'a SuppressionMask,
    /// The responses of each segment in the rows from `start` up to `end`.
    sums: Vec<u64>,
    start: usize,
    end: usize,
}

impl MovingWindow<'_> {
    /// Whether the filter's segment, which has that many responses in the period, is hidden.
    /// Neither end of the period may lie before that of the one asked about before.
    pub fn hides(&mut self, period: Period, scored: u64) -> bool {
        while let Some(row) = self.mask.rows.get(self.end).filter(|row| row.day <= period.last()) {
            if let Some(sum) = self.sums.get_mut(row.segment) {
                *sum = sum.wrapping_add(row.scored);
            }
            self.end += 1;
        }
        while let Some(row) = self.mask.rows.get(self.start).filter(|row| row.day < period.first()) {
            if let Some(sum) = self.sums.get_mut(row.segment) {
                *sum = sum.wrapping_sub(row.scored);
            }
            self.start += 1;
        }
        is_small(scored) || self.mask.own.is_some_and(|own| complementary_segment(&self.sums) == Some(own))
    }
}
