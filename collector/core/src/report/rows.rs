//! Rows of a report: totals, never single responses.
//!
//! The collector keeps one row of sums per property, variant, local day and value. [`Totals`] is
//! such a row without its keys; since totals add up, a report may get them by day, by value, or in
//! parts.

use std::ops::AddAssign;

use api::Day;
use api::report::Segment;
use nps::{Histogram, TimeToAnswer};

/// Totals of some responses and impressions. Totals add up; counts stop at the largest `u64`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// The responses on the scale.
    pub scores: Histogram,
    /// Number of impressions. Imported responses have none.
    pub shown: u64,
    /// Number of impressions that got a score.
    pub answered: u64,
    /// Number of dismissals ("Not now").
    pub dismissed: u64,
    /// Number of responses with a comment.
    pub commented: u64,
    /// Time to answer.
    pub elapsed: TimeToAnswer,
}

/// Totals of one local day. A day may come in several parts, which add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayTotals {
    /// The day.
    pub day: Day,
    /// Totals of the day.
    pub totals: Totals,
}

/// Number of scores of one segment on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The day.
    pub day: Day,
    /// Which segment, as the index in [`Cells::segments`].
    pub segment: usize,
    /// Number of scores.
    pub scored: u64,
}

/// Scores of a filtered query's property over **all** its segments, day by day. From these a report
/// learns whether the one that was asked for must be hidden.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells {
    /// The segments, in any order.
    pub segments: Vec<Segment>,
    /// The counts over [`Plan::span`](super::Plan::span), in any order; in that of days is fastest.
    /// Zeros may be left out.
    pub rows: Vec<Cell>,
}

/// Everything that a report is made from. What a query does not ask for stays empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// The days of [`Plan::span`](super::Plan::span), in any order; with a filter, only what has
    /// its value. Days that are missing had nothing; days outside are ignored.
    pub days: Vec<DayTotals>,
    /// With `group_by`: each segment's totals over [`Plan::period`](super::Plan::period), in any
    /// order.
    pub groups: Vec<(Segment, Totals)>,
    /// With a filter: the cells of its property.
    pub cells: Cells,
}

impl Rows {
    /// Rows for a query that names no property.
    pub fn of_days(days: Vec<DayTotals>) -> Self {
        Self { days, ..Self::default() }
    }
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.scores += other.scores;
        self.shown = self.shown.saturating_add(other.shown);
        self.answered = self.answered.saturating_add(other.answered);
        self.dismissed = self.dismissed.saturating_add(other.dismissed);
        self.commented = self.commented.saturating_add(other.commented);
        self.elapsed += other.elapsed;
    }
}
