//! Whether a group differs from the others.

use nps::{Difference, Histogram, holm};

use crate::format;
use crate::model::Group;

/// Group beside all others.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupTest {
    /// Name.
    pub label: String,
    /// Score of the group.
    pub score: f64,
    /// Score of all others.
    pub others: f64,
    /// Probability of the difference by chance alone, corrected for the number of groups.
    pub p: f64,
}

impl GroupTest {
    /// Whether the difference is more than chance explains.
    pub fn is_significant(&self) -> bool {
        self.p < 0.05
    }
}

/// Compares each group that is shown with all others that are shown, by the difference test with
/// Holm's correction.
pub fn compare_groups(groups: &[Group]) -> Vec<GroupTest> {
    let shown: Vec<(&Group, Histogram)> = groups
        .iter()
        .filter(|group| !group.hidden)
        .filter_map(|group| Some((group, group.counts?.histogram())))
        .filter(|(_, histogram)| histogram.scored() > 0)
        .collect();
    let others = |place: usize| {
        let others = shown.iter().enumerate().filter(|(other, _)| *other != place);
        others.map(|(_, (_, histogram))| *histogram).sum::<Histogram>()
    };
    let compared: Vec<(&Group, Histogram, Difference)> = shown
        .iter()
        .enumerate()
        .filter_map(|(place, (group, histogram))| {
            let others = others(place);
            Some((*group, others, Difference::between(histogram, &others)?))
        })
        .collect();
    let mut p_values: Vec<f64> = compared.iter().map(|(_, _, difference)| difference.p).collect();
    // Two groups are compared with each other once.
    if p_values.len() > 2 {
        p_values = holm(&p_values);
    }
    let tests = compared.iter().zip(p_values);
    tests
        .filter_map(|((group, others, _), p)| {
            let others = nps::Nps::new(others)?.value();
            Some(GroupTest { label: group.label(), score: group.score?, others, p })
        })
        .collect()
}

/// Returns the sentence about the groups; `None` where there is nothing to compare.
pub fn groups_sentence(tests: &[GroupTest]) -> Option<String> {
    if tests.len() < 2 {
        return None;
    }
    let mut found: Vec<&GroupTest> = tests.iter().filter(|test| test.is_significant()).collect();
    found.sort_by(|one, other| one.p.total_cmp(&other.p));
    let Some(first) = found.first() else {
        return Some("No group differs from the others by more than chance usually explains.".into());
    };
    let direction = if first.score > first.others { "higher" } else { "lower" };
    let others = match tests {
        [one, other] => {
            if one.label == first.label {
                &other.label
            } else {
                &one.label
            }
        }
        _ => "the others",
    };
    let mut text = format!(
        "{} ({}) is {direction} than {others} ({}), by more than chance usually explains: worth a look.",
        first.label,
        format::score(first.score),
        format::score(first.others),
    );
    if tests.len() == 2 {
        return Some(text);
    }
    let more: Vec<&str> = found.iter().skip(1).take(3).map(|test| test.label.as_str()).collect();
    match more.split_last() {
        Some((last, [])) => text.push_str(&format!(" {last} differs too.")),
        Some((last, rest)) => text.push_str(&format!(" {} and {last} differ too.", rest.join(", "))),
        None => {}
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::FromJson;

    fn group(label: &str, [detractors, passives, promoters]: [u64; 3]) -> Group {
        let scored = detractors + passives + promoters;
        FromJson::from_json(&json!({
            "value": label, "other": false, "hidden": scored < 5, "scored": scored,
            "score": 100.0 * (promoters as f64 - detractors as f64) / scored as f64, "interval95": null,
            "counts": { "detractors": detractors, "passives": passives, "promoters": promoters },
        }))
        .unwrap()
    }

    #[test]
    fn a_group_that_differs_is_named_with_both_scores() {
        let tests = compare_groups(&[group("pro", [10, 60, 130]), group("team", [60, 60, 70])]);
        assert_eq!(
            groups_sentence(&tests).unwrap(),
            "pro (60) is higher than team (5), by more than chance usually explains: worth a look."
        );
        let three = [group("pro", [10, 60, 130]), group("team", [60, 60, 70]), group("free", [70, 60, 60])];
        assert_eq!(
            groups_sentence(&compare_groups(&three)).unwrap(),
            "pro (60) is higher than the others (0), by more than chance usually explains: worth a look. \
             free and team differ too."
        );
    }

    #[test]
    fn alike_groups_are_not_told_apart_and_hidden_ones_not_compared() {
        let alike = [group("a", [20, 60, 40]), group("b", [22, 58, 40]), group("c", [0, 0, 3])];
        let tests = compare_groups(&alike);
        assert_eq!(tests.len(), 2);
        assert!(groups_sentence(&tests).unwrap().starts_with("No group differs"));
        assert_eq!(groups_sentence(&compare_groups(&alike[..1])), None);
    }

    /// A group of twenty alike ones is at p = 0.03: without the correction it would be news.
    #[test]
    fn many_groups_need_stronger_evidence() {
        let mut groups: Vec<Group> = (0..19).map(|n| group(&n.to_string(), [20, 60, 40])).collect();
        groups.push(group("odd", [13, 57, 54]));
        let tests = compare_groups(&groups);
        let odd = tests.iter().find(|test| test.label == "odd").unwrap();
        assert!(odd.p > 0.05, "{odd:?}");
        let alone = compare_groups(&[group("odd", [130, 570, 540]), group("rest", [200, 600, 400])]);
        assert!(alone[0].is_significant(), "{alone:?}");
    }
}
