//! Cost of the widget for a visitor on a phone until the eleven choices are on screen, beside
//! posthog-js.
//!
//! Both show the question at once on the same small page, in the same Chromium, from this machine.
//! The widget comes from the real collector, and posthog-js as [`PostHog`] describes. Visits to the
//! two alternate, and so does which of them is first, so that other load on the machine affects
//! both. Each figure is given twice: of the whole page, which is what the visitor waits for, and
//! less the median of the same page without either widget.

use std::cmp::Ordering;

use anyhow::Result;

use super::Bench;
use super::posthog::PostHog;
use super::server::{File, Server};
use super::table::{Table, verdict};
use super::visit::{Cost, visit};
use crate::progress::log;

/// Measured quantity.
struct Figure {
    what: &'static str,
    of: fn(&Cost) -> f64,
    /// Unit, and its size in the measured unit.
    unit: (&'static str, f64),
    /// Goals: the largest ratio to posthog-js for the whole page, and less the page alone.
    goals: [Option<f64>; 2],
}

const FIGURES: [Figure; 4] = [
    Figure {
        what: "bytes on the wire",
        of: |cost| cost.bytes,
        unit: ("KB", 1_000.0),
        goals: [None, Some(0.35)],
    },
    Figure {
        what: "work of the main thread",
        of: |cost| cost.task_ms,
        unit: ("ms", 1.0),
        goals: [Some(0.65), Some(0.75)],
    },
    Figure {
        what: "work until 4 s after the navigation",
        of: |cost| cost.settled_ms,
        unit: ("ms", 1.0),
        goals: [None, None],
    },
    Figure {
        what: "time until the choices are on screen",
        of: |cost| cost.time_ms,
        unit: ("ms", 1.0),
        goals: [Some(0.62), None],
    },
];

impl Bench {
    /// Visits both widgets that number of times.
    pub fn widget(&self, pairs: u64, table: &mut Table) -> Result<()> {
        let (site, rival) = (self.site()?, PostHog::start()?);
        let tag = format!(
            "<script async src=\"{}/e/{}.js\" data-delay=\"0\" data-view=\"1\"></script>",
            self.workerd.url(),
            site.id
        );
        let page = |tag: &str| {
            let page = format!(
                "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
                 <title>A page</title>{tag}<h1>A page</h1><p>Some text"
            );
            File::new("text/html; charset=utf-8", page.as_bytes())
        };
        let (empty, ours, theirs) = (page("")?, page(&tag)?, page(&rival.tag())?);
        let pages = Server::start(move |path| match path {
            "/" | "/empty" => Some(empty.clone()),
            "/grapevine" => Some(ours.clone()),
            "/posthog" => Some(theirs.clone()),
            _ => None,
        })?;
        let look = |path: &str| visit(&format!("{}/", pages.origin()), &format!("{}{path}", pages.origin()));

        let (mut empty, mut both) = (Vec::new(), Vec::new());
        for pair in 0..pairs {
            log(&format!("widget: pair {} of {pairs}", pair + 1));
            empty.push(look("/empty")?);
            both.push(if pair % 2 == 0 {
                (look("/grapevine")?, look("/posthog")?)
            } else {
                let theirs = look("/posthog")?;
                (look("/grapevine")?, theirs)
            });
        }
        rival.was_served()?;

        let median = |of: fn(&Cost) -> f64| Spread::new(empty.iter().map(of)).median;
        let alone = Cost {
            bytes: median(|cost| cost.bytes),
            task_ms: median(|cost| cost.task_ms),
            settled_ms: median(|cost| cost.settled_ms),
            time_ms: median(|cost| cost.time_ms),
        };
        let widgets: Vec<_> =
            both.iter().map(|(ours, theirs)| (ours.less(alone), theirs.less(alone))).collect();
        let rival = format!("posthog-js {}", rival.version);
        for (index, what, pages) in [(0, "whole page", both), (1, "less the page alone", widgets)] {
            let title = format!("{what}, medians of {pairs} pairs");
            let heading =
                [&*title, "grapevine", "least–most", &rival, "least–most", "ratio", "least–most", "goal", ""];
            table.row(heading.map(str::to_owned));
            FIGURES.iter().for_each(|figure| table.row(figure.row(&pages, figure.goals[index])));
        }
        table.row(["the page alone".to_owned(), FIGURES.map(|figure| figure.text(&alone)).join(", ")]);
        Ok(())
    }
}

impl Figure {
    fn text(&self, cost: &Cost) -> String {
        let (unit, size) = self.unit;
        format!("{:.1} {unit}", (self.of)(cost) / size)
    }

    fn row(&self, both: &[(Cost, Cost)], goal: Option<f64>) -> Vec<String> {
        let (unit, size) = self.unit;
        let figure = |number: f64| format!("{:.1} {unit}", number / size);
        let range = |spread: &Spread| format!("{:.1}–{:.1}", spread.least / size, spread.most / size);
        let ours = Spread::new(both.iter().map(|(ours, _)| (self.of)(ours)));
        let theirs = Spread::new(both.iter().map(|(_, theirs)| (self.of)(theirs)));
        let ratios = Spread::new(both.iter().map(|(ours, theirs)| (self.of)(ours) / (self.of)(theirs)));
        let ratio = ours.median / theirs.median;
        vec![
            self.what.to_owned(),
            figure(ours.median),
            range(&ours),
            figure(theirs.median),
            range(&theirs),
            format!("{ratio:.3}"),
            format!("{:.3}–{:.3}", ratios.least, ratios.most),
            goal.map(|goal| format!("<= {goal}")).unwrap_or_default(),
            goal.map(|goal| verdict(ratio <= goal)).unwrap_or_default().to_owned(),
        ]
    }
}

/// Spread of the figures of several visits.
pub struct Spread {
    least: f64,
    /// Middle figure.
    pub median: f64,
    most: f64,
}

impl Spread {
    /// Returns the spread of figures.
    pub fn new(figures: impl Iterator<Item = f64>) -> Self {
        let mut figures: Vec<f64> = figures.collect();
        figures.sort_by(|one, other| one.partial_cmp(other).unwrap_or(Ordering::Equal));
        let figure_at = |index: usize| figures.get(index).copied().unwrap_or(f64::NAN);
        let (last, middle) = (figures.len().saturating_sub(1), figures.len() / 2);
        let median = if figures.len().is_multiple_of(2) {
            (figure_at(middle.saturating_sub(1)) + figure_at(middle)) / 2.0
        } else {
            figure_at(middle)
        };
        Self { least: figure_at(0), median, most: figure_at(last) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_value() {
        let spread = Spread::new([9.0, 1.0, 3.0].into_iter());
        assert_eq!((spread.least, spread.median, spread.most), (1.0, 3.0, 9.0));
        assert_eq!(Spread::new([4.0, 1.0, 2.0, 9.0].into_iter()).median, 3.0);
    }

    #[test]
    fn a_row_has_the_ratio_of_the_medians_and_its_verdict() {
        let cost = |bytes| Cost { bytes, ..Cost::default() };
        let both = [(cost(30_000.0), cost(100_000.0)), (cost(40_000.0), cost(100_000.0))];
        let row = FIGURES[0].row(&both, Some(0.35));
        let figures =
            ["35.0 KB", "30.0–40.0", "100.0 KB", "100.0–100.0", "0.350", "0.300–0.400", "<= 0.35", "met"];
        assert_eq!(row[1..], figures);
    }
}
