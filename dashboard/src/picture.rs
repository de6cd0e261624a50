//! Charts as pictures to paste elsewhere: SVG without a style sheet, on white, with its heading.

use std::fmt::Write;

use crate::charts::{DotPlot, Flag, Frame, Step, Trend};
use crate::format;
use crate::markup::escape;

/// Width in pixels.
pub const WIDTH: f64 = 960.0;
/// Room at every side.
const EDGE: f64 = 32.0;
/// Room for the heading.
const TOP: f64 = 96.0;
const ACCENT: &str = "#4a3f9f";
const SOFT: &str = "#5c5c63";
const LINE: &str = "#dcdcd7";
const INK: &str = "#1d1d1f";
const PASSIVE: &str = "#c5c5c9";
const DETRACTOR: &str = "#6b6b73";
/// Longer names are cut.
const NAME: usize = 26;

/// Picture of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// SVG of [`WIDTH`].
    pub svg: String,
    /// Height in pixels.
    pub height: f64,
}

/// Heading of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Name of the site and of the chart.
    pub title: String,
    /// Days and number of responses.
    pub subtitle: String,
}

/// Elements of a picture, which begin at 0 below the heading and within the edges.
struct Body(String);

impl Body {
    fn text(&mut self, (x, y): (f64, f64), attributes: &str, text: &str) {
        let _ = write!(self.0, "<text x=\"{x}\" y=\"{y}\" {attributes}>{}</text>", escape(text));
    }

    fn path(&mut self, data: &str, attributes: &str) {
        let _ = write!(self.0, "<path d=\"{data}\" {attributes}/>");
    }

    fn circle(&mut self, (x, y): (f64, f64), radius: f64, fill: &str) {
        let _ = write!(
            self.0,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{fill}\" stroke=\"{ACCENT}\" \
             stroke-width=\"1.5\"/>"
        );
    }

    fn finish(self, heading: &Heading, height: f64) -> Picture {
        let height = height + TOP + EDGE;
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
             viewBox=\"0 0 {WIDTH} {height}\" font-family=\"system-ui, sans-serif\" font-size=\"14\" \
             fill=\"{INK}\">\
             <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\
             <text x=\"{EDGE}\" y=\"46\" font-size=\"20\" font-weight=\"600\">{}</text>\
             <text x=\"{EDGE}\" y=\"70\" fill=\"{SOFT}\">{}</text>\
             <g transform=\"translate({EDGE} {TOP})\">{}</g></svg>",
            escape(&heading.title),
            escape(&heading.subtitle),
            self.0
        );
        Picture { svg, height }
    }
}

/// Draws the trend.
pub fn trend(heading: &Heading, steps: &[Step], flags: &[Flag]) -> Picture {
    let frame = Frame::new(WIDTH - 2.0 * EDGE);
    let trend = Trend::new(steps, frame);
    let mut body = Body(String::new());
    for (score, y) in &trend.ticks {
        body.path(&format!("M{} {y}H{}", frame.left, frame.width), &format!("stroke=\"{LINE}\""));
        let attributes = format!("text-anchor=\"end\" fill=\"{SOFT}\" font-size=\"12\"");
        body.text((frame.left - 8.0, y + 4.0), &attributes, &format::score(*score));
    }
    body.path(&trend.band, &format!("fill=\"{ACCENT}\" opacity=\".16\""));
    for flag in flags {
        let Some(x) = Trend::step_of(steps, flag.day).and_then(|step| trend.places.get(step)) else {
            continue;
        };
        let fill = if flag.is_automatic { "#fff" } else { INK };
        let data = format!("M{x} {}V4h9l-3 4 3 4h-9", frame.line_bottom);
        body.path(&data, &format!("fill=\"{fill}\" stroke=\"{SOFT}\""));
    }
    let bars = trend.bars.iter().map(|[x, y, width, height]| format!("M{x} {y}h{width}v{height}h-{width}z"));
    body.path(&bars.collect::<String>(), &format!("fill=\"{PASSIVE}\""));
    body.path(&trend.line, &format!("fill=\"none\" stroke=\"{ACCENT}\" stroke-width=\"2\""));
    for mark in trend.marks.iter().filter(|mark| mark.is_hollow || trend.marks.len() <= 60) {
        body.circle((mark.x, mark.y), 3.5, if mark.is_hollow { "#fff" } else { ACCENT });
    }
    for (step, x) in &trend.labels {
        let label = steps.get(*step).map(|step| step.label(steps.len())).unwrap_or_default();
        let attributes = format!("text-anchor=\"middle\" fill=\"{SOFT}\" font-size=\"12\"");
        body.text((x.min(frame.width - 30.0), frame.bottom + 18.0), &attributes, &label);
    }
    body.finish(heading, frame.bottom + 26.0)
}

/// Draws the groups.
pub fn groups(heading: &Heading, plot: &DotPlot) -> Picture {
    const ROW: f64 = 40.0;
    const LEFT: f64 = 210.0;
    const TRACK: f64 = 420.0;
    let place = |percent: f64| LEFT + TRACK * percent / 100.0;
    let bottom = ROW * plot.dots.len() as f64;
    let mut body = Body(String::new());
    if let Some(overall) = plot.overall {
        body.path(
            &format!("M{} 0V{bottom}", place(overall)),
            &format!("stroke=\"{SOFT}\" stroke-dasharray=\"3 3\""),
        );
    }
    for (row, dot) in plot.dots.iter().enumerate() {
        let y = ROW * (row as f64 + 0.5);
        let name: String = dot.label.chars().take(NAME).collect();
        let cut = if name == dot.label { "" } else { "…" };
        body.text((0.0, y + 5.0), "", &format!("{name}{cut}"));
        if let Some((score, low, high)) = dot.places {
            let data = format!("M{} {y}H{}", place(low), place(high));
            body.path(&data, &format!("stroke=\"{ACCENT}\" stroke-width=\"4\" opacity=\".5\""));
            body.circle((place(score), y), 6.0, ACCENT);
        }
        let figures = match dot.score {
            Some((score, low, high)) => {
                let (score, range) = (format::score(score), format::interval(low, high));
                format!("{score} ({range}), {}", format::counted(dot.scored, "response"))
            }
            None if dot.hidden => "hidden, fewer than 5".into(),
            None => "no score".into(),
        };
        body.text((LEFT + TRACK + 24.0, y + 5.0), "", &figures);
    }
    for (score, percent) in &plot.ticks {
        let attributes = format!("text-anchor=\"middle\" fill=\"{SOFT}\" font-size=\"12\"");
        body.text((place(*percent), bottom + 16.0), &attributes, &format::score(*score));
    }
    body.finish(heading, bottom + 24.0)
}

/// Draws the shares of promoters, passives and detractors.
pub fn shares(heading: &Heading, counts: [u64; 3]) -> Picture {
    let categories =
        [("promoters", "9–10", ACCENT), ("passives", "7–8", PASSIVE), ("detractors", "0–6", DETRACTOR)];
    let all = counts.iter().sum::<u64>().max(1) as f64;
    let (mut body, mut left) = (Body(String::new()), 0.0);
    let width = WIDTH - 2.0 * EDGE;
    let shown = categories.iter().zip(counts).zip(format::percents(counts)).enumerate();
    for (place, (((name, scores, fill), count), percent)) in shown {
        let share = width * count as f64 / all;
        body.path(&format!("M{left} 0h{share}v28h-{share}z"), &format!("fill=\"{fill}\""));
        left += share;
        let x = width / 3.0 * place as f64;
        body.path(&format!("M{x} 48h12v12h-12z"), &format!("fill=\"{fill}\""));
        body.text((x + 20.0, 59.0), "", &format!("{percent}% {name} {scores}"));
    }
    body.finish(heading, 64.0)
}

#[cfg(test)]
mod tests {
    use api::Day;
    use serde_json::json;

    use super::*;
    use crate::charts::steps;
    use crate::model::{FromJson, Group, Point};

    fn heading() -> Heading {
        Heading { title: "Tea & <b>".into(), subtitle: "1 Nov 2026 to 26 Nov 2026".into() }
    }

    /// Asserts that a picture is well-formed as far as its brackets show, and returns it.
    fn checked(picture: &Picture) -> &str {
        let svg = &picture.svg;
        assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>"), "{svg}");
        assert_eq!(svg.matches('<').count(), svg.matches('>').count(), "{svg}");
        assert!(svg.contains("Tea &amp; &lt;b&gt;") && !svg.contains("NaN"), "{svg}");
        svg
    }

    #[test]
    fn a_trend_has_its_line_labels_and_flags() {
        let day = |number: i32| Day::parse("2026-11-01").unwrap().plus(number);
        let series: Vec<Point> = (0..10)
            .map(|number| {
                let interval = json!({ "low": -3.0, "high": 23.0 });
                FromJson::from_json(&json!({
                    "from": day(number).to_string(), "to": day(number).to_string(), "score": 10.0,
                    "scored": 40, "interval95": interval,
                }))
                .unwrap()
            })
            .collect();
        let flags = [Flag { day: day(3), is_automatic: true }, Flag { day: day(99), is_automatic: false }];
        let picture = trend(&heading(), &steps(&series), &flags);
        let svg = checked(&picture);
        assert_eq!(svg.matches("<circle").count(), 10);
        assert_eq!(svg.matches("h9l-3 4 3 4h-9").count(), 1, "days outside have no flag");
        assert!(svg.contains(">10 Nov<"), "{svg}");
        checked(&trend(&heading(), &[], &[]));
    }

    #[test]
    fn groups_have_their_figures_and_hostile_names_are_text() {
        let group = |value: &str, scored: u64| -> Group {
            FromJson::from_json(&json!({
                "value": value, "scored": scored, "hidden": scored < 5, "score": 20.0,
                "interval95": { "low": 11.0, "high": 29.0 },
            }))
            .unwrap()
        };
        let plot = DotPlot::new(&[group("<script>\"'", 40), group("few", 2)], Some(20.0));
        let picture = groups(&heading(), &plot);
        let svg = checked(&picture);
        assert!(
            svg.contains("&lt;script&gt;&quot;&#39;") && svg.contains("20 (11 to 29), 40 responses"),
            "{svg}"
        );
        assert!(svg.contains("hidden, fewer than 5"), "{svg}");
    }

    #[test]
    fn shares_fill_the_width() {
        let picture = shares(&heading(), [50, 30, 20]);
        let svg = checked(&picture);
        for part in ["50% promoters 9–10", "M0 0h448v28h-448z", "20% detractors 0–6"] {
            assert!(svg.contains(part), "{part}: {svg}");
        }
        checked(&shares(&heading(), [0, 0, 0]));
    }
}
