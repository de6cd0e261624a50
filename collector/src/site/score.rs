//! Answering for the score: a sum over days.

use nps::elapsed::Elapsed;
use nps::report::{DayTotals, ScoreQuery};
use nps::{Day, Histogram};
use worker::{Response, Url};

use super::{Inner, schema};
use crate::reply::{self, Outcome, Problem};

impl Inner {
    pub fn score(&self, url: &Url) -> Outcome<Response> {
        let settings = self.settings()?;
        let pairs: Vec<_> = url.query_pairs().collect();
        let query = ScoreQuery::parse(pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())))?;
        let variant = query.variant().unwrap_or(&settings.survey.variant);

        let ends = "SELECT json_array(min(day), max(day)) FROM day WHERE variant = ?";
        let [first, last]: [Option<i32>; 2] = self.database.json(ends, vec![variant.into()])?;
        let plan = query.plan(self.today(&settings), first.map(Day::new), last.map(Day::new))?;

        let span = plan.span();
        let values = vec![variant.into(), span.first().number().into(), span.last().number().into()];
        let days: Vec<Vec<Vec<u64>>> = self.database.json(&days_query(), values)?;
        let days = days.into_iter().map(|parts| totals(&parts.concat())).collect::<Option<Vec<_>>>();
        let days = days.ok_or_else(|| Problem::internal("a day of another shape"))?;
        reply::json(200, &plan.report(&days, settings.zone.name(), variant))
    }
}

/// Each day of the range as one JSON array of arrays: its number, then the counts in the order of the schema. A
/// function takes at most 32 arguments in an object, so the counts come in parts.
fn days_query() -> String {
    let names: Vec<String> = schema::counts().into_iter().map(|(name, _)| name).collect();
    let parts: Vec<String> =
        names.chunks(30).map(|part| format!("json_array({})", part.join(", "))).collect();
    format!(
        "SELECT json_group_array(json_array(json_array(day), {})) FROM
            (SELECT * FROM day WHERE variant = ? AND day BETWEEN ? AND ? ORDER BY day)",
        parts.join(", ")
    )
}

fn totals(cells: &[u64]) -> Option<DayTotals> {
    let (day, rest) = cells.split_first()?;
    let (scores, rest) = rest.split_first_chunk::<11>()?;
    let ([shown, answered, dismissed, commented], rest) = rest.split_first_chunk::<4>()?;
    Some(DayTotals {
        day: Day::new(i32::try_from(*day).ok()?),
        scores: Histogram::from_counts(*scores),
        shown: *shown,
        answered: *answered,
        dismissed: *dismissed,
        commented: *commented,
        elapsed: Elapsed::from_counts(rest.try_into().ok()?),
    })
}
