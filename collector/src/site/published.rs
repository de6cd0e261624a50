//! Scores for strangers: what share keys and the badge show.
//!
//! They read a snapshot of the days that were over at the site's last midnight. It is made by the
//! first reader after that midnight, so a site that nobody looks at costs nothing. The first
//! snapshot of a site, and one in which the range of the reader would be empty, is made at once and
//! has the present day. What a snapshot may show, `collector_core::published` decides.

mod groups;

use api::report::{Days, ScoreQuery, ScoreReport};
use api::{Day, Period};
use collector_core::published::{Cell, Counts, publish};
use collector_core::report::{DayTotals, Plan, Rows, Totals};

use super::meta;
use super::request::{ApiRequest, KEY_PARAMETER};
use super::score::{self, TotalsQuery};
use super::state::SiteState;
use crate::http::problem::quoted;
use crate::http::request_url::query_reader;
use crate::http::{ApiResult, Problem, Response, response};

/// Ranges of a share key.
const RANGES: [&str; 5] = ["7d", "30d", "90d", "365d", "all"];
/// Number of 1970-01-01 in the table.
const FIRST_DAY: i32 = 1_000_000;
/// Cells that are read at once.
const PAGE: i32 = 500;
/// Name in `meta` of the day on which the snapshot was made; see [`set_made`].
const MADE: &str = "published";

/// `GET …/score` with a share key.
pub fn get(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let pairs = request.query();
    let mut given = query_reader(&pairs, &["range", "interval", "group_by", KEY_PARAMETER]);
    if given.get("range").is_some_and(|range| !RANGES.contains(&range)) {
        given.error("range", "Must be 7d, 30d, 90d, 365d or all. For other days use a read key.");
    }
    if given.get("interval").is_some_and(|interval| interval != "week") {
        given.error("interval", "Must be week. For other intervals use a read key.");
    }
    let property = groups::property(site)?;
    if given.get("group_by").is_some_and(|name| name != property) {
        let detail = format!(
            "Must be {}: one property is published, the first that the site declares or else the \
             channel. For others use a read key.",
            quoted(&property)
        );
        given.error("group_by", &detail);
    }
    given.finish(())?;
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let query = ScoreQuery::parse(pairs.filter(|(name, _)| *name != KEY_PARAMETER))?;
    let text = serde_json::to_string(&report(site, &query)?).map_err(Problem::internal)?;
    Ok(response::tagged(text, request.if_none_match()))
}

/// Returns the report of a query without a variant and a filter.
pub fn report(site: &SiteState, query: &ScoreQuery) -> ApiResult<ScoreReport> {
    let last = last_day(site)?;
    if query.groups() && groups::begin(site)? {
        update(site, last)?;
    }
    let report = read_report(site, query, last)?;
    let today = site.today()?;
    if report.scored != Some(0) || !update(site, today)? {
        return Ok(report);
    }
    set_made(site, today, true)?;
    read_report(site, query, today)
}

/// Returns the published days.
pub fn days(site: &SiteState) -> ApiResult<Vec<DayTotals>> {
    last_day(site)?;
    Ok(totals(read(site, 0)?))
}

/// Returns the last day of the snapshot, once it is up to date.
fn last_day(site: &SiteState) -> ApiResult<Day> {
    let today = site.today()?;
    let made = meta::get(&site.database, MADE)?.and_then(|made| made.parse::<i32>().ok());
    let (is_new, has_day) = match made {
        Some(made) if made >> 1 >= today.number() => (false, made & 1 == 1),
        stale => (true, stale.is_none()),
    };
    let last = if has_day { today } else { today.plus(-1) };
    if is_new {
        update(site, last)?;
        set_made(site, today, has_day)?;
    }
    Ok(last)
}

/// Stores on which day the snapshot was made, and whether it has that day.
fn set_made(site: &SiteState, today: Day, has_day: bool) -> ApiResult<()> {
    meta::set(&site.database, MADE, &(today.number() << 1 | i32::from(has_day)).to_string())
}

fn read_report(site: &SiteState, query: &ScoreQuery, last: Day) -> ApiResult<ScoreReport> {
    let first = match query.days {
        Days::Latest(days) => number(last.plus(1 - i32::from(days))),
        _ => 0,
    };
    let cells = read(site, first)?;
    let groups = if query.groups() { groups::of_report(site, first, &cells)? } else { Vec::new() };
    let days = totals(cells);
    let settings = site.settings()?;
    let ends = [days.iter().map(|day| day.day).min(), days.iter().map(|day| day.day).max()];
    let plan = Plan::new(query, last, ends[0], ends[1])?;
    Ok(plan.report(Rows { groups, ..Rows::of_days(days) }, settings.zone.name(), &settings.survey.variant))
}

/// Makes the snapshot of the days until a day. Returns whether any figure of the total has changed.
fn update(site: &SiteState, last: Day) -> ApiResult<bool> {
    // The groups must know of each change of the total.
    site.database.transaction(|| {
        let (mut cells, days) = (read(site, 0)?, live_days(site, last)?);
        let has_changed = publish(&mut cells, &days);
        groups::update(site, &cells, &days)?;
        if has_changed {
            store(site, cells)?;
        }
        Ok(has_changed)
    })
}

/// Stores the cells that have changed.
fn store(site: &SiteState, cells: Vec<Cell>) -> ApiResult<()> {
    let mut contents = Vec::new();
    for cell in cells.into_iter().filter(|cell| cell.has_changed) {
        let mut content = vec![vec![cell.day, u64::from(cell.is_withdrawn)], cell.days];
        content.extend(cell.shown);
        contents.push(content);
    }
    let contents = serde_json::to_string(&contents).map_err(Problem::internal)?;
    let replace = "INSERT OR REPLACE INTO published (variant, day, cell) \
        SELECT ?, value ->> '$[0][0]', value FROM json_each(?)";
    let variant = site.settings()?.survey.variant.as_str().into();
    site.database.run(replace, vec![variant, contents.into()])?;
    Ok(())
}

/// Returns the totals of the days until a day, as they are.
fn live_days(site: &SiteState, last: Day) -> ApiResult<Vec<(u64, Counts)>> {
    let settings = site.settings()?;
    let variant = &settings.survey.variant;
    let [first, _] = score::first_and_last_day(&site.database, variant)?;
    let span = first.and_then(|first| Period::new(first, last));
    let Some(span) = span else { return Ok(Vec::new()) };
    let mut days: Vec<(u64, Counts)> = Vec::new();
    // A day has a part for each channel.
    for DayTotals { day, totals } in score::days(&site.database, &TotalsQuery::all(variant, span))? {
        let day = number(day);
        if days.last().is_none_or(|(last, _)| *last != day) {
            days.push((day, vec![0; score::FACTS]));
        }
        if let Some((_, sums)) = days.last_mut() {
            sums.iter_mut().zip(counts(&totals)).for_each(|(sum, count)| *sum += count);
        }
    }
    Ok(days)
}

/// Reads the cells of the present variant from a day on, in order.
fn read(site: &SiteState, first: u64) -> ApiResult<Vec<Cell>> {
    let query = "SELECT json_group_array(json(cell)) FROM \
        (SELECT cell FROM published WHERE variant = ? AND day >= ? ORDER BY day LIMIT ?)";
    let settings = site.settings()?;
    let (mut cells, mut first) = (Vec::new(), first);
    loop {
        let values = vec![settings.survey.variant.as_str().into(), first.cast_signed().into(), PAGE.into()];
        let rows: Vec<Vec<Counts>> = site.database.json(query, values)?;
        let is_last = rows.len() < PAGE as usize;
        for mut content in rows {
            let shown = content.split_off(content.len().min(2));
            let days = content.pop().unwrap_or_default();
            let head = content.pop().unwrap_or_default();
            let (day, is_withdrawn) = (head.first().copied().unwrap_or(0), head.last() == Some(&1));
            first = day + 1;
            cells.push(Cell { day, days, shown, is_withdrawn, has_changed: false });
        }
        if is_last {
            return Ok(cells);
        }
    }
}

/// Returns what cells show, each as one day.
fn totals(cells: Vec<Cell>) -> Vec<DayTotals> {
    let days = cells
        .iter()
        .filter_map(|cell| Some(DayTotals { day: day(cell.day)?, totals: score::totals(cell.figures()?)? }));
    days.collect()
}

/// Returns the counts that are published of some totals.
fn counts(totals: &Totals) -> Counts {
    let others = [totals.shown, totals.answered, totals.dismissed, totals.commented, 0];
    totals.scores.counts().iter().chain(&others).copied().collect()
}

/// Returns the day of a number.
fn day(number: u64) -> Option<Day> {
    Some(Day::new(i32::try_from(number).ok()? - FIRST_DAY))
}

/// Numbers a day so that no day is negative.
fn number(day: Day) -> u64 {
    u64::try_from(day.number() + FIRST_DAY).unwrap_or(0)
}
