//! Dot plot of groups: a point with its interval for each, sorted by score.

use super::scale::{Scale, score_range};
use crate::model::Group;

/// Group with its places, in per cent of the width.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    /// Name.
    pub label: String,
    /// Value of the property, for a filter; `None` where it cannot be filtered by.
    pub value: Option<String>,
    /// Responses.
    pub scored: u64,
    /// Score, and its interval; `None` where hidden or without responses.
    pub score: Option<(f64, f64, f64)>,
    /// Places of the score and of the ends of its interval.
    pub places: Option<(f64, f64, f64)>,
    /// Whether there are too few responses to show.
    pub hidden: bool,
}

/// Geometry of a dot plot.
#[derive(Debug, Clone, PartialEq)]
pub struct DotPlot {
    /// Groups, the highest score first; hidden ones last.
    pub dots: Vec<Dot>,
    /// Place of the score of all responses.
    pub overall: Option<f64>,
    /// Scores at the axis with their places.
    pub ticks: Vec<(f64, f64)>,
}

impl DotPlot {
    /// Lays out groups beside the score of all responses.
    pub fn new(groups: &[Group], overall: Option<f64>) -> Self {
        let ends = groups.iter().filter(|group| !group.hidden).filter_map(|group| group.interval95);
        let scale = Scale::new(
            score_range(ends.flat_map(|interval| [interval.low, interval.high]).chain(overall)),
            (0.0, 100.0),
        );
        let mut dots: Vec<Dot> = groups.iter().map(|group| dot(group, &scale)).collect();
        dots.sort_by(|one, other| {
            let key = |dot: &Dot| dot.score.map_or(f64::MIN, |(score, ..)| score);
            key(other).total_cmp(&key(one)).then_with(|| other.scored.cmp(&one.scored))
        });
        let ticks = scale.ticks(4).into_iter().map(|score| (score, scale.place(score))).collect();
        Self { dots, overall: overall.map(|score| scale.place(score)), ticks }
    }
}

fn dot(group: &Group, scale: &Scale) -> Dot {
    let interval = group.interval95.filter(|_| !group.hidden);
    let score = group.score.zip(interval).map(|(score, interval)| (score, interval.low, interval.high));
    let value = if group.other { None } else { Some(group.value.clone().unwrap_or_default()) };
    Dot {
        label: group.label(),
        value,
        scored: group.scored,
        score,
        places: score.map(|(score, low, high)| (scale.place(score), scale.place(low), scale.place(high))),
        hidden: group.hidden,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::FromJson;

    fn group(label: &str, score: f64, scored: u64) -> Group {
        FromJson::from_json(&json!({
            "value": label, "other": false, "hidden": scored < 5, "scored": scored, "score": score,
            "interval95": { "low": score - 9.0, "high": score + 9.0 }, "counts": null,
        }))
        .unwrap()
    }

    #[test]
    fn groups_are_sorted_by_score_and_hidden_ones_come_last() {
        let plot =
            DotPlot::new(&[group("b", 10.0, 40), group("few", 99.0, 2), group("a", 50.0, 90)], Some(30.0));
        let labels: Vec<&str> = plot.dots.iter().map(|dot| dot.label.as_str()).collect();
        assert_eq!(labels, ["a", "b", "few"]);
        assert!(plot.dots[2].places.is_none() && plot.dots[2].hidden);
        for (score, low, high) in plot.dots.iter().filter_map(|dot| dot.places) {
            assert!(0.0 <= low && low < score && score < high && high <= 100.0);
        }
        assert!(plot.overall.is_some_and(|place| (0.0..=100.0).contains(&place)) && plot.ticks.len() > 2);
    }
}
