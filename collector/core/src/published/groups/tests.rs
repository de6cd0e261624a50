use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use proptest::prelude::*;

use super::super::publish;
use super::*;

/// Numbers of scores 0 and 10 by day and value. The value `"other"` has no place of its own.
type Live = BTreeMap<(u64, &'static str), [u64; 2]>;

/// Site whose figures are published.
#[derive(Default)]
struct Site {
    live: Live,
    cells: Vec<Cell>,
    groups: Vec<GroupCell>,
}

fn counts([low, high]: [u64; 2]) -> Counts {
    let mut counts = vec![0; 11];
    (counts[0], counts[10]) = (low, high);
    counts
}

/// Groups of a cell with their figures.
fn parts(group: &GroupCell) -> Vec<ValueCounts> {
    let mut parts = Vec::new();
    group.add_to(&mut parts);
    parts
}

impl Site {
    fn add(&mut self, day: u64, value: &'static str, many: u64) {
        self.live.entry((day, value)).or_default()[1] += many;
    }

    fn publish_by(&mut self, property: &str) {
        let mut days: BTreeMap<u64, Counts> = BTreeMap::new();
        for ((day, _), scores) in &self.live {
            add(days.entry(*day).or_default(), &counts(*scores));
        }
        let days: Vec<_> = days.into_iter().collect();
        self.cells.iter_mut().for_each(|cell| cell.has_changed = false);
        self.groups.iter_mut().for_each(|group| group.has_changed = false);
        publish(&mut self.cells, &days);
        let read = |of: &[u64]| {
            let mut values: BTreeMap<String, Counts> = BTreeMap::new();
            for ((day, value), scores) in &self.live {
                if of.contains(day) && *value != "other" {
                    add(values.entry((*value).to_owned()).or_default(), &counts(*scores));
                }
            }
            Ok::<_, Infallible>(Some(values.into_iter().collect()))
        };
        let Ok(()) = publish_groups(&mut self.groups, &self.cells, &days, property, read);
        // What is up to date is published as it is.
        let (mut again, mut cells) = (self.groups.clone(), self.cells.clone());
        cells.iter_mut().for_each(|cell| cell.has_changed = false);
        let Ok(()) = publish_groups(&mut again, &cells, &days, property, read);
        assert_eq!(again, self.groups);
    }

    /// Publishes, and returns the number of responses of each group and of all.
    fn publish(&mut self) -> (BTreeMap<String, u64>, u64) {
        self.publish_by("plan");
        let mut groups = BTreeMap::new();
        for (value, figures) in self.groups.iter().flat_map(parts) {
            *groups.entry(value).or_default() += scored(&figures);
        }
        let mut sums = group_sums(&self.cells, &self.groups);
        let rest = sums.pop().unwrap().1;
        assert_eq!(groups, sums.into_iter().map(|(value, figures)| (value, scored(&figures))).collect());
        assert_eq!(scored(&rest) + groups.values().sum::<u64>(), self.total());
        (groups, self.total())
    }

    fn total(&self) -> u64 {
        self.cells.iter().filter_map(Cell::figures).map(scored).sum()
    }

    fn assert_publishes(&mut self, groups: &[(&str, u64)], total: u64) {
        let groups = groups.iter().map(|(value, many)| ((*value).to_owned(), *many)).collect();
        assert_eq!(self.publish(), (groups, total));
    }
}

#[test]
fn a_group_is_shown_from_five_responses_on() {
    let mut site = Site::default();
    site.add(1, "pro", 5);
    site.add(1, "", 4);
    site.assert_publishes(&[], 9);
    site.add(2, "", 5);
    site.assert_publishes(&[("", 9), ("pro", 5)], 14);
    site.add(3, "pro", 4);
    site.assert_publishes(&[("", 9), ("pro", 5)], 14);
    site.add(4, "pro", 1);
    site.assert_publishes(&[("", 9), ("pro", 10)], 19);
}

#[test]
fn the_smallest_group_joins_a_rest_that_would_be_small() {
    let mut site = Site::default();
    for (value, many) in [("pro", 20), ("free", 9), ("team", 2)] {
        site.add(1, value, many);
    }
    site.assert_publishes(&[("pro", 20)], 31);
    let mut site = Site::default();
    for (value, many) in [("pro", 20), ("free", 9), ("team", 2), ("club", 3)] {
        site.add(1, value, many);
    }
    site.assert_publishes(&[("free", 9), ("pro", 20)], 34);
}

#[test]
fn values_without_a_place_of_their_own_are_never_a_group() {
    let mut site = Site::default();
    site.add(1, "other", 50);
    site.assert_publishes(&[], 50);
    site.add(2, "pro", 6);
    site.add(2, "other", 1);
    site.assert_publishes(&[("pro", 6)], 57);
    site.add(3, "pro", 100);
    site.add(3, "other", 4);
    site.assert_publishes(&[("pro", 6)], 161);
    site.add(4, "other", 6);
    site.assert_publishes(&[("pro", 106)], 167);
}

#[test]
fn the_groups_of_a_cell_change_together_or_never_again() {
    let mut site = Site::default();
    site.add(1, "pro", 5);
    site.add(1, "free", 5);
    site.assert_publishes(&[("free", 5), ("pro", 5)], 10);
    site.add(1, "pro", 4);
    site.assert_publishes(&[("free", 5), ("pro", 5)], 10);
    site.add(1, "pro", 1);
    site.assert_publishes(&[("free", 5), ("pro", 10)], 15);
    site.add(1, "free", 4);
    site.add(1, "pro", 5);
    site.assert_publishes(&[("free", 5), ("pro", 10)], 24);
    site.add(1, "free", 6);
    site.assert_publishes(&[("free", 5), ("pro", 10)], 30);
}

#[test]
fn groups_that_have_lost_responses_are_withdrawn_with_the_total() {
    let mut site = Site::default();
    site.add(1, "pro", 12);
    site.add(1, "free", 12);
    site.assert_publishes(&[("free", 12), ("pro", 12)], 24);
    site.live.insert((1, "pro"), [0, 7]);
    site.assert_publishes(&[("free", 12), ("pro", 7)], 19);
    site.live.insert((1, "pro"), [0, 4]);
    site.assert_publishes(&[("free", 12), ("pro", 7)], 19);
    site.live.insert((1, "free"), [0, 10]);
    site.assert_publishes(&[], 14);
    site.add(1, "free", 20);
    site.assert_publishes(&[], 34);
}

#[test]
fn cells_are_divided_by_one_property_for_good() {
    let mut site = Site::default();
    site.add(1, "pro", 12);
    site.publish_by("plan");
    site.add(2, "de", 6);
    site.publish_by("country");
    let divided: Vec<_> =
        site.groups.iter().map(|group| (group.names[0].as_str(), group.cells.clone())).collect();
    assert_eq!(divided, [("plan", vec![1]), ("country", vec![2])]);
    site.add(1, "pro", 5);
    site.publish_by("country");
    assert!(site.groups[0].shown.is_empty(), "another property is no longer counted");
    site.publish_by("plan");
    assert_eq!(site.groups.len(), 2);
}

#[test]
fn cells_far_apart_are_not_divided_together() {
    let mut site = Site::default();
    site.add(1, "pro", 3);
    site.add(1, "free", 3);
    site.add(40, "pro", 6);
    site.assert_publishes(&[("pro", 6)], 12);
}

fn value() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["pro", "free", "team", "", "other"])
}

type Change = (u64, &'static str, usize, u64, bool);

fn changes() -> impl Strategy<Value = Vec<Vec<Change>>> {
    let many = prop_oneof![4 => 1u64..4, 1 => 4u64..30];
    let change = (0u64..8, value(), 0usize..2, many, prop::bool::weighted(0.2));
    prop::collection::vec(prop::collection::vec(change, 0..8), 1..16)
}

/// Whether scores are of nobody or of at least five people.
fn is_large(scores: u64) -> bool {
    scores == 0 || scores >= MIN_CELL
}

proptest! {
    /// Neither a group, nor what is in no group, nor a change of either is of one to four people.
    #[test]
    fn no_group_of_one_to_four_can_be_computed_from_the_published_groups(steps in changes()) {
        let mut site = Site::default();
        let mut seen: BTreeMap<(Vec<u64>, Option<String>), BTreeSet<Counts>> = BTreeMap::new();
        for changes in steps {
            for (day, value, score, many, is_erasure) in changes {
                let scores = &mut site.live.entry((day, value)).or_default()[score];
                *scores = if is_erasure { scores.saturating_sub(many) } else { *scores + many };
            }
            let (groups, total) = site.publish();
            prop_assert!(groups.values().all(|scored| is_large(*scored)), "{:?}", groups);
            prop_assert!(is_large(total - groups.values().sum::<u64>()), "{:?} of {}", groups, total);
            for group in &site.groups {
                let members: Vec<&Cell> =
                    site.cells.iter().filter(|cell| group.cells.contains(&cell.day)).collect();
                let (_, published) = totals(&members, &[]);
                let figures: Vec<Counts> = parts(group).into_iter().map(|(_, figures)| figures).collect();
                let mut outside = published.clone();
                figures.iter().for_each(|figures| subtract(&mut outside, figures));
                prop_assert_eq!(scored(&outside) + figures.iter().map(scored).sum::<u64>(), scored(&published));
                prop_assert!(is_large(scored(&outside)));
                for (value, figures) in parts(group) {
                    seen.entry((group.cells.clone(), Some(value))).or_default().insert(figures);
                }
                if !group.is_final {
                    seen.entry((group.cells.clone(), None)).or_default().insert(outside);
                }
            }
        }
        for (part, figures) in seen {
            for one in &figures {
                prop_assert!(figures.iter().all(|other| differs_enough(one, other)), "{:?}: {:?}", part, figures);
            }
        }
    }

    /// While nothing is erased, no total of any time minus groups of any times is of one to four
    /// people. Here it is known who is in each figure.
    #[test]
    fn no_group_of_another_time_completes_a_total(steps in changes()) {
        let mut site = Site::default();
        // Responses of each value in the figures that each cell shows.
        let mut members: BTreeMap<u64, BTreeMap<&str, u64>> = BTreeMap::new();
        type Seen = BTreeSet<(BTreeMap<String, u64>, Vec<(String, u64)>)>;
        let mut seen: BTreeMap<Vec<u64>, Seen> = BTreeMap::new();
        for changes in steps {
            for (day, value, score, many, _) in changes {
                site.live.entry((day, value)).or_default()[score] += many;
            }
            site.publish();
            for cell in site.cells.iter().filter(|cell| cell.has_changed) {
                let of_cell = members.entry(cell.day).or_default();
                of_cell.clear();
                for ((day, value), scores) in &site.live {
                    if cell.days.contains(day) {
                        *of_cell.entry(value).or_default() += scores.iter().sum::<u64>();
                    }
                }
            }
            for group in &site.groups {
                let mut total: BTreeMap<String, u64> = BTreeMap::new();
                for (value, many) in group.cells.iter().filter_map(|day| members.get(day)).flatten() {
                    *total.entry((*value).to_owned()).or_default() += many;
                }
                let groups = parts(group).into_iter().map(|(value, figures)| (value, scored(&figures)));
                seen.entry(group.cells.clone()).or_default().insert((total, groups.collect()));
            }
        }
        for versions in seen.values() {
            for (total, _) in versions {
                // Numbers of people who are in the total or in the groups and not in both.
                let of_groups = versions.iter().map(|(_, groups)| groups.clone()).next().unwrap_or_default();
                let outside = total.iter().filter(|(value, _)| of_groups.iter().all(|(of, _)| of != *value));
                let mut people: BTreeSet<u64> = BTreeSet::from([outside.map(|(_, many)| many).sum()]);
                for (value, _) in &of_groups {
                    let in_total = total.get(value).copied().unwrap_or(0);
                    let times = versions.iter().flat_map(|(_, groups)| groups).filter(|(of, _)| of == value);
                    let differences: BTreeSet<u64> = times.map(|(_, many)| many.abs_diff(in_total)).collect();
                    people = people.iter().flat_map(|sum| differences.iter().map(move |more| sum + more)).collect();
                }
                prop_assert!(people.iter().all(|many| is_large(*many)), "{:?}", versions);
            }
        }
    }
}
