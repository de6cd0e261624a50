//! Figures for strangers: cells of days that never disclose a group of fewer than five responses.
//!
//! The days of a variant are divided into cells: consecutive days that have [`MIN_CELL`] responses
//! together. A day belongs to one cell, for good. All published figures are sums of whole cells, so
//! the difference of any two of them, say of 90 days and 30 days, is a sum of whole cells too.
//!
//! A cell changes only where the new figures differ from **each** that it has shown by at least
//! [`MIN_CELL`] responses more, or fewer, or both. So responses that come late, that change their
//! score or that are erased show only together with enough others. A cell with fewer than
//! [`MIN_CELL`] responses left is withdrawn under the same rule.

mod groups;

pub use groups::{GroupCell, ValueCounts, group_sums, publish_groups};

use crate::report::MIN_CELL;

/// Number of scores, which stand first in [`Counts`].
const SCORES: usize = 11;
/// The most figures that a cell shows in its life. Then it can only be withdrawn.
const MAX_SHOWN: usize = 8;

/// The most days between the first and the last day of a new cell.
const MAX_SPAN: u64 = 90;

/// Counts of some responses: those with each score, 0 first, and then other totals.
pub type Counts = Vec<u64>;

/// Cell of days. Days are numbered from any day before the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// Day that the cell counts for: the last when it was made.
    pub day: u64,
    /// Its days.
    pub days: Vec<u64>,
    /// Figures that it has shown, the latest last. Never empty.
    pub shown: Vec<Counts>,
    /// Whether it shows none at present.
    pub is_withdrawn: bool,
    /// Whether it is new or has changed since it was read.
    pub has_changed: bool,
}

impl Cell {
    /// Returns the figures that the cell shows.
    pub fn figures(&self) -> Option<&Counts> {
        self.shown.last().filter(|_| !self.is_withdrawn)
    }

    /// Shows new figures, or withdraws them, where that discloses no small group. Returns whether
    /// anything has changed.
    fn update(&mut self, counts: Counts) -> bool {
        if !self.shown.iter().all(|shown| differs_enough(shown, &counts)) {
            return false;
        }
        let is_same = self.shown.last().is_some_and(|shown| is_same(shown, &counts));
        let is_small = scored(&counts) < MIN_CELL;
        let has_changed = if is_small || is_same {
            std::mem::replace(&mut self.is_withdrawn, is_small) != is_small
        } else {
            self.shown.len() < MAX_SHOWN
        };
        if has_changed && !is_small && !is_same {
            self.shown.push(counts);
            self.is_withdrawn = false;
        }
        self.has_changed |= has_changed;
        has_changed
    }
}

/// Brings cells up to the counts of days, each day once and in order. Returns whether any has
/// changed.
pub fn publish(cells: &mut Vec<Cell>, days: &[(u64, Counts)]) -> bool {
    let mut known = vec![false; days.len()];
    let (mut has_changed, mut latest, mut latest_counts) = (false, None::<usize>, Counts::new());
    for index in 0..cells.len() {
        let mut counts = Counts::new();
        let Some(cell) = cells.get_mut(index) else { continue };
        for day in &cell.days {
            if let Ok(found) = days.binary_search_by_key(day, |(day, _)| *day) {
                known.get_mut(found).into_iter().for_each(|known| *known = true);
                days.get(found).into_iter().for_each(|(_, more)| add(&mut counts, more));
            }
        }
        has_changed |= cell.update(counts.clone());
        (latest, latest_counts) = (Some(index), counts);
    }
    let (mut open, mut open_counts) = (Vec::new(), Counts::new());
    for (index, (day, counts)) in days.iter().enumerate() {
        if known.get(index) == Some(&true) {
            continue;
        }
        // A few responses of long ago stay by themselves.
        if open.first().is_some_and(|first| day - first > MAX_SPAN) {
            open.clear();
            open_counts.clear();
        }
        open.push(*day);
        add(&mut open_counts, counts);
        if scored(&open_counts) >= MIN_CELL {
            let (days, shown) = (std::mem::take(&mut open), vec![std::mem::take(&mut open_counts)]);
            cells.push(Cell { day: *day, days, shown, is_withdrawn: false, has_changed: true });
            (has_changed, latest) = (true, None);
        }
    }
    // The days that are left join the latest cell where that has enough to show with them.
    if let (Some(cell), Some(first)) = (latest.and_then(|latest| cells.get_mut(latest)), open.first())
        && (cell.day..cell.day + MAX_SPAN).contains(first)
        && scored(&open_counts) > 0
    {
        add(&mut latest_counts, &open_counts);
        if cell.update(latest_counts) {
            cell.days.append(&mut open);
            has_changed = true;
        }
    }
    has_changed
}

/// Returns the number of responses.
fn scored(counts: &Counts) -> u64 {
    counts.iter().take(SCORES).sum()
}

fn add(all: &mut Counts, more: &Counts) {
    all.resize(all.len().max(more.len()), 0);
    all.iter_mut().zip(more).for_each(|(all, more)| *all += more);
}

/// Returns the number of responses of the first that the second has not.
fn surplus(one: &Counts, other: &Counts) -> u64 {
    let other = |index| other.get(index).copied().unwrap_or(0);
    one.iter().take(SCORES).enumerate().map(|(index, one)| one.saturating_sub(other(index))).sum()
}

/// Whether two counts have the same scores.
fn is_same(one: &Counts, other: &Counts) -> bool {
    surplus(one, other) + surplus(other, one) == 0
}

/// Whether counts have no response or at least [`MIN_CELL`] that others have not, and the other way
/// round.
fn differs_enough(one: &Counts, other: &Counts) -> bool {
    [surplus(one, other), surplus(other, one)].iter().all(|more| *more == 0 || *more >= MIN_CELL)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    /// Counts of so many responses with the score 9.
    fn nines(many: u64) -> Counts {
        let mut counts = vec![0; SCORES];
        counts[9] = many;
        counts
    }

    /// Publishes those numbers of responses of each day, and returns what each cell shows.
    fn numbers_after(cells: &mut Vec<Cell>, days: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let days: Vec<_> = days.iter().map(|(day, many)| (*day, nines(*many))).collect();
        publish(cells, &days);
        cells.iter().filter_map(|cell| Some((cell.day, scored(cell.figures()?)))).collect()
    }

    #[test]
    fn days_are_published_together_from_five_responses_on() {
        let mut cells = Vec::new();
        assert_eq!(numbers_after(&mut cells, &[(1, 4)]), []);
        assert_eq!(numbers_after(&mut cells, &[(1, 4), (2, 3), (3, 5), (4, 1)]), [(2, 7), (3, 5)]);
        assert_eq!(
            numbers_after(&mut cells, &[(1, 4), (2, 3), (3, 5), (4, 1), (7, 4)]),
            [(2, 7), (3, 5), (7, 5)]
        );
    }

    #[test]
    fn a_few_responses_of_long_ago_do_not_count_for_today() {
        let mut cells = Vec::new();
        assert_eq!(numbers_after(&mut cells, &[(1, 4), (92, 5)]), [(92, 5)]);
        assert_eq!(numbers_after(&mut cells, &[(1, 4), (92, 9)]), [(92, 5)]);
    }

    #[test]
    fn a_cell_grows_by_five_or_more() {
        let mut cells = Vec::new();
        for (now, expected) in
            [(4, vec![]), (5, vec![5]), (9, vec![5]), (10, vec![10]), (14, vec![10]), (30, vec![30])]
        {
            let found: Vec<u64> =
                numbers_after(&mut cells, &[(1, now)]).into_iter().map(|(_, many)| many).collect();
            assert_eq!(found, expected, "{now}");
        }
    }

    #[test]
    fn a_few_later_responses_join_the_latest_cell() {
        let mut cells = Vec::new();
        assert_eq!(numbers_after(&mut cells, &[(1, 5)]), [(1, 5)]);
        assert_eq!(numbers_after(&mut cells, &[(1, 9)]), [(1, 5)]);
        assert_eq!(numbers_after(&mut cells, &[(1, 9), (2, 1)]), [(1, 10)]);
        assert_eq!(numbers_after(&mut cells, &[(1, 9), (2, 5)]), [(1, 10)]);
        assert_eq!(numbers_after(&mut cells, &[(1, 9), (2, 6)]), [(1, 15)]);
    }

    #[test]
    fn erased_responses_leave_with_four_others_and_the_rest_is_never_small() {
        let mut cells = Vec::new();
        for (now, expected) in
            [(12, vec![12]), (11, vec![12]), (8, vec![12]), (7, vec![7]), (3, vec![7]), (2, vec![])]
        {
            let found: Vec<u64> =
                numbers_after(&mut cells, &[(1, now)]).into_iter().map(|(_, many)| many).collect();
            assert_eq!(found, expected, "{now}");
        }
        assert_eq!(
            numbers_after(&mut cells, &[(1, 6)]),
            [],
            "five of these and one more would tell of the one"
        );
        assert_eq!(numbers_after(&mut cells, &[(1, 17)]), [(1, 17)]);
    }

    #[test]
    fn a_changed_score_is_not_seen_by_itself() {
        let mut cells = Vec::new();
        let mut day = nines(20);
        publish(&mut cells, &[(1, day.clone())]);
        day[9] -= 1;
        day[0] += 1;
        day[5] += 5;
        assert!(!publish(&mut cells, &[(1, day.clone())]));
        day[9] -= 4;
        assert!(publish(&mut cells, &[(1, day.clone())]));
    }

    #[test]
    fn a_cell_shows_a_limited_number_of_figures() {
        let mut cells = Vec::new();
        for many in 1..=50 {
            numbers_after(&mut cells, &[(1, many * 10)]);
        }
        assert_eq!(cells[0].shown.len(), MAX_SHOWN);
        assert_eq!(numbers_after(&mut cells, &[]), [], "but erasure holds");
    }

    #[derive(Debug, Clone)]
    enum Change {
        Add { day: u64, score: usize, many: u64 },
        Erase { day: u64, score: usize, many: u64 },
        Rescore { day: u64, from: usize, to: usize },
    }

    fn change() -> impl Strategy<Value = Change> {
        let (day, score, many) = (0u64..12, 0usize..SCORES, prop_oneof![4 => 1u64..4, 1 => 4u64..30]);
        prop_oneof![
            4 => (day.clone(), score.clone(), many.clone())
                .prop_map(|(day, score, many)| Change::Add { day, score, many }),
            2 => (day.clone(), score.clone(), many)
                .prop_map(|(day, score, many)| Change::Erase { day, score, many }),
            1 => (day, score.clone(), score).prop_map(|(day, from, to)| Change::Rescore { day, from, to }),
        ]
    }

    proptest! {
        /// Whatever happens between the snapshots, no difference of what strangers have seen is a
        /// group of one to four.
        #[test]
        fn no_group_of_one_to_four_can_be_computed_from_the_published_series(
            steps in prop::collection::vec(prop::collection::vec(change(), 0..6), 1..25),
        ) {
            let mut live: BTreeMap<u64, Counts> = BTreeMap::new();
            let mut cells = Vec::new();
            let mut seen: BTreeMap<u64, BTreeSet<Counts>> = BTreeMap::new();
            for changes in steps {
                for change in changes {
                    let (Change::Add { day, .. }
                    | Change::Erase { day, .. }
                    | Change::Rescore { day, .. }) = change;
                    let counts = live.entry(day).or_insert_with(|| nines(0));
                    match change {
                        Change::Add { score, many, .. } => counts[score] += many,
                        Change::Erase { score, many, .. } => {
                            counts[score] = counts[score].saturating_sub(many);
                        }
                        Change::Rescore { from, to, .. } if counts[from] > 0 => {
                            counts[from] -= 1;
                            counts[to] += 1;
                        }
                        Change::Rescore { .. } => {}
                    }
                }
                let days: Vec<_> = live.clone().into_iter().collect();
                publish(&mut cells, &days);
                let members: Vec<u64> = cells.iter().flat_map(|cell| cell.days.clone()).collect();
                prop_assert_eq!(members.iter().collect::<BTreeSet<_>>().len(), members.len());
                for cell in &cells {
                    seen.entry(cell.day).or_default().extend(cell.figures().cloned());
                }
                // Two ranges of one snapshot differ by whole cells.
                let mut figures = cells.iter().filter_map(Cell::figures);
                prop_assert!(figures.all(|figures| scored(figures) >= MIN_CELL));
                // What is up to date again is published again.
                prop_assert!(!publish(&mut cells.clone(), &days));
            }
            for figures in seen.values() {
                let pairs = figures.iter().flat_map(|one| figures.iter().map(move |other| (one, other)));
                for (one, other) in pairs {
                    prop_assert!(differs_enough(one, other), "{:?} and {:?}", one, other);
                    let more = one.iter().zip(other).map(|(one, other)| one.saturating_sub(*other));
                    let more: u64 = more.sum();
                    prop_assert!(!(1..5).contains(&more), "{}", more);
                }
            }
        }
    }
}
