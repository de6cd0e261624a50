//! Groups of a snapshot: `group_by` with a share key.
//!
//! One property of a site is published: the first that it declares, or else the channel. Each row
//! is a [`GroupCell`], beside the cells that it divides.

use api::report::{CHANNEL, Segment};
use collector_core::published::{Cell, Counts, GroupCell, ValueCounts, group_sums, publish_groups};
use collector_core::report::Totals;

use crate::http::{ApiResult, Problem};
use crate::site::meta;
use crate::site::score;
use crate::site::state::SiteState;

/// Name in `meta` of the property by which snapshots are divided: that of the latest request that
/// groups. Without one nothing is divided, since it would be for good.
const DIVIDED: &str = "published_by";

/// Row of a group cell: property, whether it changes no more, cells, values, figures.
type Row = (String, bool, Vec<u64>, Vec<Option<String>>, Vec<Vec<Counts>>);

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
    let read_values = |days: &[u64]| -> ApiResult<Option<Vec<ValueCounts>>> {
        let Some(property) = &property else { return Ok(None) };
        let days = days.iter().filter_map(|day| Some(super::day(*day)?.number()));
        let groups = score::groups_of_days(database, property, variant, &days.collect::<Vec<_>>())?;
        let counts = groups.into_iter().filter_map(|(segment, totals)| match segment {
            Segment::Value(value) => Some((Some(value), super::counts(&totals))),
            Segment::Absent => Some((None, super::counts(&totals))),
            Segment::Other => None,
        });
        Ok(Some(counts.collect()))
    };
    let mut groups = read(site)?;
    publish_groups(&mut groups, cells, days, &name, read_values)?;
    for group in groups.into_iter().filter(|group| group.has_changed) {
        let day = group.cells.last().copied().unwrap_or(0);
        let row: Row = (group.property, group.is_final, group.cells, group.values, group.shown);
        let row = serde_json::to_string(&row).map_err(Problem::internal)?;
        let replace = "INSERT OR REPLACE INTO published (variant, day, cell) VALUES (?, ?, ?)";
        database.run(replace, vec![key(variant).into(), day.cast_signed().into(), row.into()])?;
    }
    Ok(())
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
    groups.retain(|group| group.property == name && group.cells.first() >= Some(&first));
    let (values, rest) = group_sums(cells, &groups);
    let values =
        values.into_iter().map(|(value, counts)| (value.map_or(Segment::Absent, Segment::Value), counts));
    let parts = values.chain([(Segment::Other, rest)]);
    let parts = parts.filter_map(|(segment, counts)| Some((segment, score::totals(&counts)?)));
    Ok(parts.filter(|(_, totals)| *totals != Totals::default()).collect())
}

/// Reads the group cells of the present variant, in order. A row each: together they may be too
/// large for one value.
fn read(site: &SiteState) -> ApiResult<Vec<GroupCell>> {
    let query = "SELECT cell FROM published WHERE variant = ? ORDER BY day";
    let rows = site.database.texts(query, vec![key(&site.settings()?.survey.variant).into()])?;
    let rows = rows.iter().map(|row| {
        let (property, is_final, cells, values, shown): Row =
            serde_json::from_str(row).map_err(Problem::internal)?;
        Ok(GroupCell { cells, property, is_final, values, shown, has_changed: false })
    });
    rows.collect()
}

/// Returns the variant under which the group cells of a variant are stored: no name of one has a
/// blank.
fn key(variant: &str) -> String {
    [variant, " groups"].concat()
}
