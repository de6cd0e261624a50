//! Groups of the published figures, by the values of one property.
//!
//! A [`GroupCell`] divides whole [`Cell`]s of the total into groups: each value with at least
//! [`MIN_CELL`] responses, and the rest. Where the rest would be smaller, the smallest group joins
//! it. So the total minus any groups is a sum of rests and of cells, none of which is small.
//!
//! What a group cell divides is settled once and by one property, since the figures of two
//! properties, or of two divisions, could be subtracted from each other. When its cells change, all
//! of its groups change with them by the rule of [`Cell`]. Where one of them may not, the groups
//! stay as they are for good, and once they have lost a response, they are withdrawn for good: a
//! later change would tell which responses of the total were left out.

use std::collections::BTreeMap;

use super::{Cell, Counts, MAX_SHOWN, add, differs_enough, is_same, scored, surplus};
use crate::report::{MIN_CELL, complementary_segment};

/// The most days between the first and the last cell that are divided together.
const MAX_SPAN: u64 = 28;
/// Denominator of the part of the responses that the rest of a new division may have.
const REST: u64 = 10;

/// Value of a property, or its absence, with counts of the responses that have it.
pub type ValueCounts = (Option<String>, Counts);

/// Division of some cells into groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupCell {
    /// Days that its cells count for, in order. Never empty.
    pub cells: Vec<u64>,
    /// Property whose values are the groups.
    pub property: String,
    /// Whether it changes no more.
    pub is_final: bool,
    /// Value of each group.
    pub values: Vec<Option<String>>,
    /// Figures that the rest has shown, and then those of each group, the latest last. Empty once
    /// it is withdrawn.
    pub shown: Vec<Vec<Counts>>,
    /// Whether it is new or has changed since it was read.
    pub has_changed: bool,
}

impl GroupCell {
    /// Returns the groups with their figures.
    pub fn groups(&self) -> impl Iterator<Item = (&Option<String>, &Counts)> {
        let figures = self.shown.iter().skip(1).filter_map(|shown| shown.last());
        self.values.iter().zip(figures)
    }

    /// Brings the groups up to date with their cells, which have changed.
    fn update(&mut self, cells: &[&Cell], days: &[(u64, Counts)], values: Option<Vec<ValueCounts>>) {
        self.has_changed = true;
        let (live, published) = totals(cells, days);
        let now = values.map(|values| {
            let of_value = |value| values.iter().find(|(found, _)| found == value);
            let of_value = |value| of_value(value).map(|(_, counts)| counts.clone()).unwrap_or_default();
            let groups: Vec<Counts> = self.values.iter().map(of_value).collect();
            [vec![rest(&live, &groups)], groups].concat()
        });
        let now = now.unwrap_or_default();
        let both = || self.shown.iter().zip(&now);
        self.is_final |= !is_same(&live, &published)
            || now.is_empty()
            || !both().all(|(shown, now)| {
                let is_small = (1..MIN_CELL).contains(&scored(now));
                !is_small && shown.len() < MAX_SHOWN && shown.iter().all(|shown| differs_enough(shown, now))
            });
        if !self.is_final {
            for (shown, now) in self.shown.iter_mut().zip(now) {
                if shown.last() != Some(&now) {
                    shown.push(now);
                }
            }
            return;
        }
        let mut all = Counts::new();
        self.shown.iter().filter_map(|shown| shown.last()).for_each(|shown| add(&mut all, shown));
        let has_lost =
            |(shown, now): (&Vec<Counts>, &Counts)| shown.last().is_some_and(|shown| surplus(shown, now) > 0);
        if now.is_empty() || surplus(&all, &published) > 0 || both().any(has_lost) {
            (self.values, self.shown) = Default::default();
        }
    }
}

/// Brings group cells up to date with cells that [`publish`](super::publish) has brought up to the
/// same days, and divides new cells by a property. `read` returns the counts of each of its values
/// on some days, or `None` where they cannot be told now.
pub fn publish_groups<E>(
    groups: &mut Vec<GroupCell>,
    cells: &[Cell],
    days: &[(u64, Counts)],
    property: &str,
    mut read: impl FnMut(&[u64]) -> Result<Option<Vec<ValueCounts>>, E>,
) -> Result<(), E> {
    let mut free: BTreeMap<u64, &Cell> = cells.iter().map(|cell| (cell.day, cell)).collect();
    let mut is_first = true;
    for group in groups.iter_mut() {
        let cells: Vec<&Cell> = group.cells.iter().filter_map(|day| free.remove(day)).collect();
        let (is_withdrawn, is_of_property) = (group.shown.is_empty(), group.property == property);
        is_first &= is_withdrawn || !is_of_property;
        if !is_withdrawn && cells.iter().any(|cell| cell.has_changed) {
            let of_cells: Vec<u64> = cells.iter().flat_map(|cell| cell.days.clone()).collect();
            let values = if is_of_property { read(&of_cells)? } else { None };
            group.update(&cells, days, values);
        }
    }
    let mut open = Division::default();
    for (day, cell) in free {
        let (live, published) = totals(&[cell], days);
        if cell.is_withdrawn || !is_same(&live, &published) {
            continue;
        }
        if open.cells.first().is_some_and(|first| day - first.day > MAX_SPAN) {
            groups.extend(std::mem::take(&mut open).close(property, false));
        }
        let Some(values) = read(&cell.days)? else { return Ok(()) };
        open.cells.push(cell);
        add(&mut open.total, &live);
        for (value, counts) in values {
            add(open.values.entry(value).or_default(), &counts);
        }
        if let Some(group) = open.close(property, true) {
            groups.push(group);
            open = Division::default();
        }
    }
    if is_first && !groups.iter().any(|group| group.property == property && group.has_changed) {
        groups.extend(open.close(property, false));
    }
    Ok(())
}

/// Returns the sums of the groups, and of all in the cells that is in none of them.
pub fn group_sums(cells: &[Cell], groups: &[GroupCell]) -> (Vec<ValueCounts>, Counts) {
    let mut total = Counts::new();
    cells.iter().filter_map(Cell::figures).for_each(|figures| add(&mut total, figures));
    let mut sums: BTreeMap<&Option<String>, Counts> = BTreeMap::new();
    for (value, figures) in groups.iter().flat_map(GroupCell::groups) {
        add(sums.entry(value).or_default(), figures);
    }
    let (values, figures): (Vec<_>, Vec<_>) = sums.into_iter().unzip();
    let rest = rest(&total, &figures);
    (values.into_iter().cloned().zip(figures).collect(), rest)
}

/// Cells that are being divided.
#[derive(Default)]
struct Division<'a> {
    cells: Vec<&'a Cell>,
    total: Counts,
    values: BTreeMap<Option<String>, Counts>,
}

impl Division<'_> {
    /// Divides the cells, unless no group could be shown, or, where the rest should be small, too
    /// few responses.
    fn close(&self, property: &str, with_small_rest: bool) -> Option<GroupCell> {
        let mut numbers: Vec<u64> = self.values.values().map(scored).collect();
        let total = scored(&self.total);
        // Values that have no place of their own are a group that is never shown.
        numbers.push(total.saturating_sub(numbers.iter().sum()));
        let joins_rest = complementary_segment(&numbers);
        let shown = self.values.iter().enumerate();
        let shown =
            shown.filter(|(index, (_, counts))| scored(counts) >= MIN_CELL && joins_rest != Some(*index));
        let (values, figures): (Vec<_>, Vec<_>) =
            shown.map(|(_, (value, counts))| (value.clone(), counts.clone())).unzip();
        let rest = rest(&self.total, &figures);
        if values.is_empty() || (with_small_rest && scored(&rest) * REST > total) {
            return None;
        }
        Some(GroupCell {
            cells: self.cells.iter().map(|cell| cell.day).collect(),
            property: property.to_owned(),
            is_final: false,
            values,
            shown: [vec![rest], figures].concat().into_iter().map(|figures| vec![figures]).collect(),
            has_changed: true,
        })
    }
}

/// Returns the counts of all days of the cells as they are, and as they are published.
fn totals(cells: &[&Cell], days: &[(u64, Counts)]) -> (Counts, Counts) {
    let (mut live, mut published) = (Counts::new(), Counts::new());
    for cell in cells {
        for day in &cell.days {
            let found = days.binary_search_by_key(day, |(day, _)| *day).ok();
            found.and_then(|found| days.get(found)).into_iter().for_each(|(_, more)| add(&mut live, more));
        }
        cell.figures().into_iter().for_each(|more| add(&mut published, more));
    }
    (live, published)
}

/// Returns what is in a total and in none of the groups.
fn rest(total: &Counts, groups: &[Counts]) -> Counts {
    let mut all = Counts::new();
    groups.iter().for_each(|group| add(&mut all, group));
    let of_groups = |index| all.get(index).copied().unwrap_or(0);
    total.iter().enumerate().map(|(index, total)| total.saturating_sub(of_groups(index))).collect()
}

#[cfg(test)]
mod tests;
