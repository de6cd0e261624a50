//! "What we changed": the score before and after the day of a note.
//!
//! The two sides never share a day: what came before ends the day before the note, what came after
//! begins with its day and goes on until the window is full or today is reached. Whether the change
//! caused the move, no number can say.

use api::report::{BeforeAfter, Counts, Shares, Window};
use api::{Day, Period};
use nps::Histogram;

use super::DayTotals;
use super::compare::{previous, scores};
use super::metrics::score_of;

/// The days to read for [`before_after`]: a window, at least one day, on each side of the day, no
/// further than today.
pub fn before_after_span(day: Day, window_days: u16, today: Day) -> Period {
    let (before, after) = sides(day, window_days, today);
    Period::new(before.first(), after.unwrap_or(before).last()).unwrap_or(before)
}

/// Compares the days before a note with those since. `days` are those of [`before_after_span`], in
/// any order.
pub fn before_after(day: Day, window_days: u16, today: Day, days: &[DayTotals]) -> BeforeAfter {
    let (before, after) = sides(day, window_days, today);
    let (old, new) = (scores(days, before), after.map(|after| scores(days, after)));
    let moved = previous(before, &old, None, new.as_ref());
    BeforeAfter {
        before: side(before, &old),
        after: after.zip(new).map(|(period, scores)| side(period, &scores)),
        delta: moved.delta,
        z: moved.z,
        p: moved.p,
        significant: moved.significant,
    }
}

/// The days before and, unless the day is to come, those from it.
fn sides(day: Day, window_days: u16, today: Day) -> (Period, Option<Period>) {
    let last = day.plus(i32::from(window_days.max(1)) - 1);
    let window = Period::new(day, last).unwrap_or(Period::from(day));
    (window.before(), Period::new(day, last.min(today)))
}

fn side(period: Period, scores: &Histogram) -> Window {
    let (score, interval95) = score_of(scores);
    Window {
        from: period.first(),
        to: period.last(),
        score,
        scored: scores.scored(),
        interval95,
        counts: Counts::from(scores),
        shares: Shares::new(scores),
    }
}
