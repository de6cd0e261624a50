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

use super::{Cell, Counts, MAX_SHOWN, add, differs_enough, is_same, scored, surplus};
use crate::report::{MIN_CELL, complementary_segment};

/// The most days between the first and the last cell that are divided together.
const MAX_SPAN: u64 = 28;
/// Denominator of the part of the responses that the rest of a new division may have.
const REST: u64 = 10;

/// Value of a property, empty where it is absent, with counts of the responses that have it.
pub type ValueCounts = (String, Counts);

/// Division of some cells into groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupCell {
    /// Days that its cells count for. Never empty.
    pub cells: Vec<u64>,
    /// Property whose values are the groups, and then the value of each.
    pub names: Vec<String>,
    /// Figures that the rest has shown, and then those of each group, the latest last. Empty once
    /// it is withdrawn.
    pub shown: Vec<Vec<Counts>>,
    /// Whether it changes no more.
    pub is_final: bool,
    /// Whether it is new or has changed since it was read.
    pub has_changed: bool,
}

impl GroupCell {
    /// Whether the groups are values of this property.
    pub fn is_by(&self, property: &str) -> bool {
        self.names.first().is_some_and(|name| name == property)
    }

    /// Adds the figures of the groups to those of their values.
    fn add_to(&self, sums: &mut Vec<ValueCounts>) {
        for (value, shown) in self.names.iter().zip(&self.shown).skip(1) {
            shown.last().into_iter().for_each(|figures| add_value(sums, value, figures));
        }
    }

    /// Brings the groups up to date with their cells, which have changed.
    fn update(&mut self, cells: &[&Cell], days: &[(u64, Counts)], values: Option<Vec<ValueCounts>>) {
        self.has_changed = true;
        let (live, published) = totals(cells, days);
        let mut now = Vec::new();
        if let Some(values) = &values {
            now.push(live.clone());
            for name in self.names.iter().skip(1) {
                let found = values.iter().find(|(value, _)| value == name);
                now.push(found.map(|(_, counts)| counts.clone()).unwrap_or_default());
            }
            subtract_groups(&mut now);
        }
        let (mut has_lost, mut all) = (values.is_none(), Counts::new());
        self.is_final |= has_lost || !is_same(&live, &published);
        for (shown, now) in self.shown.iter().zip(&now) {
            let is_small = (1..MIN_CELL).contains(&scored(now));
            let may_change = !is_small && shown.len() < MAX_SHOWN;
            self.is_final |= !may_change || !shown.iter().all(|shown| differs_enough(shown, now));
            if let Some(shown) = shown.last() {
                has_lost |= surplus(shown, now) > 0;
                add(&mut all, shown);
            }
        }
        if !self.is_final {
            for (shown, now) in self.shown.iter_mut().zip(now) {
                if shown.last() != Some(&now) {
                    shown.push(now);
                }
            }
        } else if has_lost || surplus(&all, &published) > 0 {
            self.shown.clear();
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
    let mut free: Vec<&Cell> = cells.iter().collect();
    let mut is_first = true;
    for group in groups.iter_mut() {
        let (mut own, mut of_own, mut has_changed) = (Vec::new(), Vec::new(), false);
        free.retain(|cell| {
            let is_own = group.cells.contains(&cell.day);
            if is_own {
                own.push(*cell);
                of_own.extend_from_slice(&cell.days);
                has_changed |= cell.has_changed;
            }
            !is_own
        });
        if !group.shown.is_empty() {
            let is_by = group.is_by(property);
            if has_changed {
                let values = if is_by { read(&of_own)? } else { None };
                group.update(&own, days, values);
            }
            is_first &= !is_by || group.shown.is_empty();
        }
    }
    let mut open = Division::default();
    for cell in free {
        let (live, published) = totals(&[cell], days);
        if cell.is_withdrawn || !is_same(&live, &published) {
            continue;
        }
        if open.cells.first().is_some_and(|first| cell.day.abs_diff(*first) > MAX_SPAN) {
            open.close(property, false, groups);
            open = Division::default();
        }
        let Some(values) = read(&cell.days)? else { return Ok(()) };
        open.cells.push(cell.day);
        add(&mut open.total, &live);
        for (value, counts) in &values {
            add_value(&mut open.values, value, counts);
        }
        if open.close(property, true, groups) {
            (open, is_first) = (Division::default(), false);
        }
    }
    if is_first {
        open.close(property, false, groups);
    }
    Ok(())
}

/// Returns the sums of the groups, and last of all in the cells that is in none of them.
pub fn group_sums(cells: &[Cell], groups: &[GroupCell]) -> Vec<ValueCounts> {
    let (mut sums, mut rest) = (Vec::new(), Counts::new());
    cells.iter().filter_map(Cell::figures).for_each(|figures| add(&mut rest, figures));
    groups.iter().for_each(|group| group.add_to(&mut sums));
    sums.iter().for_each(|(_, counts)| subtract(&mut rest, counts));
    sums.push((String::new(), rest));
    sums
}

/// Cells that are being divided.
#[derive(Default)]
struct Division {
    cells: Vec<u64>,
    total: Counts,
    values: Vec<ValueCounts>,
}

impl Division {
    /// Divides the cells, unless no group could be shown, or, where the rest should be small, too
    /// few responses. Returns whether it did.
    fn close(&self, property: &str, with_small_rest: bool, groups: &mut Vec<GroupCell>) -> bool {
        let total = scored(&self.total);
        let mut numbers: Vec<u64> = self.values.iter().map(|(_, counts)| scored(counts)).collect();
        // Values that have no place of their own are a group that is never shown.
        numbers.push(total.saturating_sub(numbers.iter().sum()));
        let joins_rest = complementary_segment(&numbers);
        let (mut names, mut figures) = (vec![property.to_owned()], vec![self.total.clone()]);
        for (index, (value, counts)) in self.values.iter().enumerate() {
            if scored(counts) >= MIN_CELL && joins_rest != Some(index) {
                names.push(value.clone());
                figures.push(counts.clone());
            }
        }
        subtract_groups(&mut figures);
        let rest = figures.first().map_or(0, scored);
        if names.len() == 1 || (with_small_rest && rest * REST > total) {
            return false;
        }
        let shown = figures.into_iter().map(|figures| vec![figures]).collect();
        groups.push(GroupCell {
            cells: self.cells.clone(),
            names,
            shown,
            is_final: false,
            has_changed: true,
        });
        true
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

fn add_value(sums: &mut Vec<ValueCounts>, value: &str, counts: &Counts) {
    match sums.iter_mut().find(|(known, _)| known == value) {
        Some((_, sum)) => add(sum, counts),
        None => sums.push((value.to_owned(), counts.clone())),
    }
}

/// Subtracts all other counts from the first.
fn subtract_groups(counts: &mut [Counts]) {
    if let Some((first, groups)) = counts.split_first_mut() {
        groups.iter().for_each(|group| subtract(first, group));
    }
}

fn subtract(from: &mut Counts, counts: &Counts) {
    from.iter_mut().zip(counts).for_each(|(from, count)| *from = from.saturating_sub(*count));
}

#[cfg(test)]
mod tests;
