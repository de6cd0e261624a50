//! Report that `GET /v1/sites/SITE/score` returns.
//!
//! With today's date, an [`api::report::ScoreQuery`] becomes a [`Plan`], which names the days to
//! read. With what was read, as [`Rows`], the plan makes the [`ScoreReport`]. Every number of a
//! report comes from totals of days, so it costs the same however many responses a day has, and a
//! series adds up to the total above it.
//!
//! Totals are kept for one property at a time, so a query groups by one or filters by one. The
//! total of the present variant is never hidden; the responses with one value of a property, or to
//! another variant, are hidden where they are few, see [`MIN_CELL`].
//! [`before_after`](fn@before_after) compares the score before and after a single day instead.

mod before_after;
mod compare;
mod groups;
mod metrics;
mod plan;
mod rows;
mod series;
mod suppress;

pub use before_after::{before_after, before_after_span};
pub use plan::{MAX_POINTS, Plan};
pub use rows::{Cell, Cells, DayTotals, Rows, Totals};
pub use suppress::MIN_CELL;
pub(crate) use suppress::complementary_segment;

use api::report::{Breakdown, EffectiveFilter, EffectiveQuery, LOW_SAMPLE, ScoreReport, Segment};
use compare::{previous, scores};
use metrics::{Metrics, rate};
use suppress::SuppressionMask;

impl Plan {
    /// Makes the report from what was read for it.
    pub fn report(&self, rows: Rows, timezone: &str, variant: &str) -> ScoreReport {
        let Rows { days, groups, cells } = rows;
        // Of another variant than the present one there is no total in which it could be seen.
        let value = self.by.filter_value().or(self.variant.as_ref().map(|_| &Segment::Other));
        let mask = value.map(|value| SuppressionMask::new(cells, value));
        let mask = mask.as_ref();
        let total = self.total(&days);
        let scored = total.scores.scored();
        let hidden = mask.map(|mask| mask.window().hides(self.period, scored));
        let figures = Metrics::new(&total, self.category, hidden == Some(true));
        let now = (hidden != Some(true)).then_some(&total.scores);
        ScoreReport {
            score: figures.score,
            scored: figures.scored,
            interval95: figures.interval95,
            counts: figures.counts,
            shares: figures.shares,
            distribution: figures.distribution.map(|scores| *scores.counts()),
            shown: total.shown,
            answered: total.answered,
            dismissed: total.dismissed,
            commented: figures.commented,
            response_rate: rate(total.answered, total.shown),
            dismissal_rate: rate(total.dismissed, total.shown),
            comment_rate: figures.comment_rate,
            median_seconds: figures.seconds.map(|seconds| seconds.median),
            seconds: figures.seconds,
            low_sample: scored < LOW_SAMPLE,
            hidden,
            share: figures.share.map(|share| share.map(Into::into)),
            series: self.step.map(|step| self.series(step, &days, mask)),
            groups: if matches!(self.by, Breakdown::Group(_)) { groups::groups(groups) } else { Vec::new() },
            previous: self.previous.map(|period| {
                let before = scores(&days, period);
                let hidden = mask.map(|mask| mask.window().hides(period, before.scored()));
                previous(period, &before, hidden, now)
            }),
            query: self.echo(timezone, variant),
        }
    }

    fn total(&self, days: &[DayTotals]) -> Totals {
        let mut total = Totals::default();
        days.iter().filter(|day| self.period.contains(day.day)).for_each(|day| total += day.totals);
        total
    }

    fn echo(&self, timezone: &str, variant: &str) -> EffectiveQuery {
        let (group_by, filter) = match &self.by {
            Breakdown::Nothing => (None, None),
            Breakdown::Group(property) => (Some(property.clone()), None),
            Breakdown::Filter { property, value } => {
                let value = if let Segment::Value(value) = value { Some(value.clone()) } else { None };
                (None, Some(EffectiveFilter { name: property.clone(), value }))
            }
        };
        EffectiveQuery {
            from: self.period.first(),
            to: self.period.last(),
            interval: self.step,
            rolling: self.rolling.map(|days| format!("{days}d")),
            compare: self.compare,
            group_by,
            filter,
            category: self.category,
            timezone: timezone.to_owned(),
            variant: variant.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
