//! What the collector reads for a report: sums, never single answers.
//!
//! The collector keeps one row of sums per property, variant, local day and value. [`Totals`] is such a row without its
//! keys; since totals add up, a report may get them by day, by value, or in parts.

use std::ops::AddAssign;

use api::Day;
use api::report::Segment;
use nps::{Histogram, TimeToAnswer};

/// What is known of some answers and showings. Totals add up; counts stop at the largest `u64`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// The answers on the scale.
    pub scores: Histogram,
    /// How often the survey was shown. Of imported answers no showing is known, so they are not among these.
    pub shown: u64,
    /// How many of these showings were answered on the scale.
    pub answered: u64,
    /// How often "Not now" was chosen.
    pub dismissed: u64,
    /// How many answers came with a comment.
    pub commented: u64,
    /// How long the answers took.
    pub elapsed: TimeToAnswer,
}

/// What is known of one local day. A day may come in several parts, which add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayTotals {
    /// The day.
    pub day: Day,
    /// What happened on it.
    pub totals: Totals,
}

/// How many answers one segment has on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The day.
    pub day: Day,
    /// Which segment, as the index in [`Cells::segments`].
    pub segment: usize,
    /// How many answers on the scale.
    pub scored: u64,
}

/// How the answers to a filtered query's property spread over **all** its segments, day by day. From these a report
/// learns whether the one that was asked for must be hidden.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells {
    /// The segments, in any order.
    pub segments: Vec<Segment>,
    /// The counts over [`Plan::span`](super::Plan::span), in any order; in that of days is fastest. Zeros may be left out.
    pub rows: Vec<Cell>,
}

/// Everything that a report is made from. What a query does not ask for stays empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// The days of [`Plan::span`](super::Plan::span), in any order; with a filter, only what has its value. Days that are
    /// missing had nothing; days outside are ignored.
    pub days: Vec<DayTotals>,
    /// With `group_by`: each segment's totals over [`Plan::period`](super::Plan::period), in any order.
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
