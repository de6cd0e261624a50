//! The days that a query comes down to.
//!
//! The collector reads the days of [`Plan::span`] at once, whatever mixture of period, compared
//! period and rolling windows it covers, and the plan makes the report from them.

use api::day::Step;
use api::report::{Breakdown, Compare, Days, ScoreQuery};
use api::{Day, Period, ValidationError};
use nps::Category;

/// The most points of a series.
pub const MAX_POINTS: usize = 4_000;

/// The days that a query comes down to, and what is wanted of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The days of the score.
    pub period: Period,
    /// The days to compare it with. Only where it was asked for.
    pub previous: Option<Period>,
    /// Which days these are.
    pub compare: Option<Compare>,
    /// The steps of the series. Only where it was asked for.
    pub step: Option<Step>,
    /// Length in days of the window that ends with each step.
    pub rolling: Option<u16>,
    /// The variant that was asked for, unless it is the site's present one.
    pub variant: Option<String>,
    /// The property that was asked for, to group by or to filter.
    pub by: Breakdown,
    /// The category that was asked for.
    pub category: Option<Category>,
}

impl Plan {
    /// The period that covers all of it, so that the days can be read at once.
    pub fn span(&self) -> Period {
        let mut first = self.period.first();
        if let Some(previous) = self.previous {
            first = first.min(previous.first());
        }
        let step = self.step.and_then(|step| self.period.steps(step).next());
        if let Some(window) = step.and_then(|step| self.rolling_window(step)) {
            first = first.min(window.first());
        }
        Period::new(first, self.period.last()).unwrap_or(self.period)
    }
}

impl Plan {
    /// Says which days are meant, given today and the first and last day that have data, all local.
    ///
    /// "All" goes on past today where there are later responses, which an import can bring.
    pub fn new(
        query: &ScoreQuery,
        today: Day,
        first: Option<Day>,
        last: Option<Day>,
    ) -> Result<Self, ValidationError> {
        let first = first.unwrap_or(today);
        let (from, to) = match query.days {
            Days::All => (first, last.unwrap_or(today).max(today).max(first)),
            Days::Latest(days) => (today.plus(1 - i32::from(days)), today),
            Days::Since(from) => (from, today),
            Days::Until(to) => (first.min(to), to),
            Days::Between(period) => (period.first(), period.last()),
        };
        let Some(period) = Period::new(from, to) else {
            let detail = format!("Lies after today ({today}). Choose an earlier day, or give to as well.");
            return Err(ValidationError::new("from", detail));
        };
        if let Some(step) = query.step
            && period.steps(step).take(MAX_POINTS + 1).count() > MAX_POINTS
        {
            let instead = match step {
                Step::Day => "Take week or month",
                Step::Week => "Take month",
                Step::Month => "Take fewer days with from and to",
            };
            return Err(ValidationError::new(
                "interval",
                format!("Would make more than {MAX_POINTS} points. {instead}."),
            ));
        }
        Ok(Self {
            period,
            previous: previous(query.compare, period)?,
            compare: query.compare,
            step: query.step,
            rolling: query.rolling,
            variant: query.variant.clone(),
            by: query.by.clone(),
            category: query.category,
        })
    }
}

/// Returns the period to compare with.
fn previous(compare: Option<Compare>, period: Period) -> Result<Option<Period>, ValidationError> {
    match compare {
        None => Ok(None),
        Some(Compare::Previous) => Ok(Some(period.before())),
        // Responses that are on both sides would make a difference look surer than it is.
        Some(Compare::Year) if period.year_before().last() >= period.first() => {
            let detail = "The same days one year earlier are partly these days. Choose a year at most.";
            Err(ValidationError::new("compare", detail))
        }
        Some(Compare::Year) => Ok(Some(period.year_before())),
    }
}
