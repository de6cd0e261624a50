//! Groups of a snapshot: `group_by` with a share key.
//!
//! One property of a site is published: the first that it declares, or else the channel. Each row
//! is a [`GroupCell`], beside the cells that it divides.

use api::Period;
use api::report::{CHANNEL, Segment};
use collector_core::published::{Cell, Counts, GroupCell, ValueCounts, group_sums, publish_groups};
use collector_core::report::Totals;
use serde_json::Value;

use crate::http::{ApiResult, Problem};
use crate::site::meta;
use crate::site::score;
use crate::site::state::SiteState;

/// Name in `meta` of the property by which snapshots are divided: that of the latest request that
/// groups. Without one nothing is divided, since it would be for good.
const DIVIDED: &str = "published_by";

/// Returns the property by which share keys can group.
pub fn property(site: &SiteState) -> ApiResult<String> {
    Ok(site.settings()?.properties.first().map_or(CHANNEL, String::as_str).to_owned())
}

/// Divides the cells of a snapshot, and brings earlier groups up to date with them.
pub fn update(site: &SiteState, cells: &[Cell], days: &[(u64, Counts)]) -> ApiResult<()> {
    let (database, settings) = (&*site.database, site.settings()?);
    let name = meta::get(database, DIVIDED)?.unwrap_or_default();
    let variant = &settings.survey.variant;
    let property = score::complete_property(database, &name).ok();
    let span = days
        .first()
        .zip(days.last())
        .and_then(|((first, _), (last, _))| Period::new(super::day(*first)?, super::day(*last)?));
    let read_values = |days: &[u64]| -> ApiResult<Option<Vec<ValueCounts>>> {
        let (Some(property), Some(span)) = (&property, span) else { return Ok(None) };
        let mut values = Vec::new();
        for (segment, totals) in score::groups_of_days(database, property, (variant, span), &list(days))? {
            match segment {
                Segment::Value(value) => values.push((value, super::counts(&totals))),
                Segment::Absent => values.push((String::new(), super::counts(&totals))),
                Segment::Other => {}
            }
        }
        Ok(Some(values))
    };
    let mut groups = read(site)?;
    publish_groups(&mut groups, cells, days, &name, read_values)?;
    for group in groups.into_iter().filter(|group| group.has_changed) {
        let day = group.cells.last().copied().unwrap_or(0);
        let mut figures = vec![vec![group.cells, vec![u64::from(group.is_final)]]];
        figures.extend(group.shown);
        let figures = serde_json::to_string(&figures).map_err(Problem::internal)?;
        let replace = "INSERT OR REPLACE INTO published (variant, day, cell) \
            VALUES (?, ?, json_array(json(?), json(?)))";
        let names = Value::from(group.names).to_string();
        database.run(
            replace,
            vec![key(variant).into(), day.cast_signed().into(), names.into(), figures.into()],
        )?;
    }
    Ok(())
}

/// Returns the condition that a row is of one of these days.
fn list(days: &[u64]) -> String {
    let mut list = String::from("day IN (");
    for day in days.iter().filter_map(|day| super::day(*day)) {
        list.push_str(if list.ends_with('(') { "" } else { "," });
        list.push_str(&day.number().to_string());
    }
    list.push(')');
    list
}

/// Begins to divide snapshots by the site's property. Returns whether they were not before.
pub fn begin(site: &SiteState) -> ApiResult<bool> {
    let (database, name) = (&*site.database, property(site)?);
    score::complete_property(database, &name)?;
    let is_new = meta::get(database, DIVIDED)?.as_ref() != Some(&name);
    if is_new {
        meta::set(database, DIVIDED, &name)?;
    }
    Ok(is_new)
}

/// Returns the groups of the cells from a day on. What is in no group is other.
pub fn of_report(site: &SiteState, first: u64, cells: &[Cell]) -> ApiResult<Vec<(Segment, Totals)>> {
    let name = property(site)?;
    let mut groups = read(site)?;
    groups.retain(|group| group.is_by(&name) && group.cells.iter().all(|day| *day >= first));
    let mut sums = group_sums(cells, &groups);
    let rest = sums.pop();
    let mut found = Vec::new();
    let mut add = |segment, counts: Counts| {
        found.extend(
            score::totals(&counts).filter(|totals| *totals != Totals::default()).map(|it| (segment, it)),
        );
    };
    for (value, counts) in sums {
        add(if value.is_empty() { Segment::Absent } else { Segment::Value(value) }, counts);
    }
    rest.into_iter().for_each(|(_, counts)| add(Segment::Other, counts));
    Ok(found)
}

/// Reads the group cells of the present variant, in order. A row each: together they may be too
/// large for one value.
fn read(site: &SiteState) -> ApiResult<Vec<GroupCell>> {
    let part = "SELECT cell -> ? FROM published WHERE variant = ? ORDER BY day";
    let key = key(&site.settings()?.survey.variant);
    let parts = |path: &str| site.database.texts(part, vec![path.into(), key.as_str().into()]);
    let mut groups = Vec::new();
    for (names, figures) in parts("$[0]")?.iter().zip(parts("$[1]")?) {
        let names: Vec<String> = serde_json::from_str(names).map_err(Problem::internal)?;
        let mut shown: Vec<Vec<Counts>> = serde_json::from_str(&figures).map_err(Problem::internal)?;
        let mut head = if shown.is_empty() { Vec::new() } else { shown.remove(0) };
        let is_final = head.pop().is_some_and(|state| state.first() == Some(&1));
        let cells = head.pop().unwrap_or_default();
        groups.push(GroupCell { cells, names, shown, is_final, has_changed: false });
    }
    Ok(groups)
}

/// Returns the variant under which the group cells of a variant are stored: no name of one has a
/// blank.
fn key(variant: &str) -> String {
    [variant, " groups"].concat()
}
