//! Trend: a line with its band, and a bar for the responses of each step.

use std::fmt::Write;

use api::Day;
use api::report::LOW_SAMPLE;

use super::scale::{Scale, score_range};
use crate::format;
use crate::model::Point;

/// Step of the trend.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Responses of the step; `None` where hidden.
    pub responses: Option<u64>,
    /// Score at the step; `None` without responses or where hidden.
    pub value: Option<Value>,
}

impl Step {
    /// Returns the label of a step below a chart of so many.
    pub fn label(&self, steps: usize) -> String {
        let is_month = self.to.number() - self.from.number() >= 27;
        if is_month || steps > 120 { format::month(self.from) } else { format::short_day(self.to) }
    }
}

/// Day of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag {
    /// The day.
    pub day: Day,
    /// Whether nobody has written the note.
    pub is_automatic: bool,
}

/// Score at a step with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Value {
    /// Score.
    pub score: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Responses that the score is of.
    pub scored: u64,
}

/// Returns the steps of a series. The score of a step is that of the days which end with it, where
/// the series has such scores.
pub fn steps(series: &[Point]) -> Vec<Step> {
    let step = |point: &Point| {
        let (score, interval, scored) = match &point.rolling {
            Some(rolling) => (rolling.score, rolling.interval95, Some(rolling.scored)),
            None => (point.score, point.interval95, point.scored),
        };
        let value = score.zip(interval).map(|(score, interval)| Value {
            score,
            low: interval.low,
            high: interval.high,
            scored: scored.unwrap_or(0),
        });
        Step { from: point.from, to: point.to, responses: point.scored, value }
    };
    series.iter().map(step).collect()
}

/// Place of a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Width in pixels.
    pub width: f64,
    /// Bottom of the line's part.
    pub line_bottom: f64,
    /// Bottom of the bars.
    pub bottom: f64,
    /// Room at the left for the scores.
    pub left: f64,
}

impl Frame {
    /// Room above and at the right.
    const MARGIN: f64 = 12.0;
    /// Height of the tallest bar.
    const BARS: f64 = 44.0;

    /// Creates the frame of a chart of this width.
    pub const fn new(width: f64) -> Self {
        Self { width, line_bottom: 178.0, bottom: 240.0, left: 38.0 }
    }
}

/// Point of the line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Number of the step.
    pub step: usize,
    /// Place from the left.
    pub x: f64,
    /// Place from the top.
    pub y: f64,
    /// Whether the score is of too few responses.
    pub is_hollow: bool,
}

/// Geometry of a trend.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// Path of the band.
    pub band: String,
    /// Path of the line.
    pub line: String,
    /// Points.
    pub marks: Vec<Mark>,
    /// Bars: left, top, width and height.
    pub bars: Vec<[f64; 4]>,
    /// Scores at the axis with their places from the top.
    pub ticks: Vec<(f64, f64)>,
    /// Steps that are labelled, with their places from the left.
    pub labels: Vec<(usize, f64)>,
    /// Places of all steps from the left.
    pub places: Vec<f64>,
}

impl Trend {
    /// Lays out the steps in a frame.
    pub fn new(steps: &[Step], frame: Frame) -> Self {
        let values = steps.iter().filter_map(|step| step.value);
        let scores = Scale::new(
            score_range(values.flat_map(|value| [value.low, value.high])),
            (frame.line_bottom, Frame::MARGIN),
        );
        let slot = (frame.width - frame.left - Frame::MARGIN) / steps.len().max(1) as f64;
        let place = |index: usize| round(frame.left + slot * (index as f64 + 0.5));
        let places: Vec<f64> = (0..steps.len()).map(place).collect();

        let (mut line, mut marks, mut band) = (String::new(), Vec::new(), String::new());
        let mut run: Vec<(f64, f64, f64)> = Vec::new();
        for ((index, step), x) in steps.iter().enumerate().zip(&places) {
            let Some(value) = step.value else {
                close_band(&mut band, &mut run);
                continue;
            };
            let y = scores.place(value.score);
            let command = if run.is_empty() { 'M' } else { 'L' };
            let _ = write!(line, "{command}{x} {y}");
            run.push((*x, scores.place(value.high), scores.place(value.low)));
            marks.push(Mark { step: index, x: *x, y, is_hollow: value.scored < LOW_SAMPLE });
        }
        close_band(&mut band, &mut run);

        let most = steps.iter().filter_map(|step| step.responses).max().unwrap_or(0).max(1);
        let bar = |(step, x): (&Step, &f64)| {
            let height = round(Frame::BARS * step.responses? as f64 / most as f64);
            let width = round((slot * 0.7).clamp(1.0, 24.0));
            (height > 0.0).then(|| [round(x - width / 2.0), round(frame.bottom - height), width, height])
        };
        let bars = steps.iter().zip(&places).filter_map(bar).collect();
        let ticks = scores.ticks(4).into_iter().map(|score| (score, scores.place(score))).collect();
        Self { band, line, marks, bars, ticks, labels: labels(&places, frame), places }
    }

    /// Returns the number of the step at a place from the left; `None` without steps.
    pub fn step_at(&self, x: f64) -> Option<usize> {
        let distance = |place: &f64| (place - x).abs();
        let nearest = self
            .places
            .iter()
            .enumerate()
            .min_by(|(_, one), (_, other)| distance(one).total_cmp(&distance(other)));
        nearest.map(|(index, _)| index)
    }

    /// Returns the number of the step that contains a day.
    pub fn step_of(steps: &[Step], day: Day) -> Option<usize> {
        steps.iter().position(|step| (step.from..=step.to).contains(&day))
    }
}

/// Appends the band of consecutive points: there along the upper ends, back along the lower ones.
fn close_band(band: &mut String, run: &mut Vec<(f64, f64, f64)>) {
    for (index, (x, high, _)) in run.iter().enumerate() {
        let _ = write!(band, "{}{x} {high}", if index == 0 { 'M' } else { 'L' });
    }
    for (x, _, low) in run.iter().rev() {
        let _ = write!(band, "L{x} {low}");
    }
    if !run.is_empty() {
        band.push('Z');
    }
    run.clear();
}

/// Returns the steps that have a label, as many as there is room for, with the last one.
fn labels(places: &[f64], frame: Frame) -> Vec<(usize, f64)> {
    const ROOM: f64 = 84.0;
    let room = ((frame.width - frame.left) / ROOM).floor().max(1.0);
    let every = (places.len() as f64 / room).ceil().max(1.0) as usize;
    let last = places.len().saturating_sub(1);
    places.iter().copied().enumerate().filter(|(index, _)| (last - index).is_multiple_of(every)).collect()
}

fn round(place: f64) -> f64 {
    (place * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(day: i32, responses: u64, score: Option<f64>) -> Step {
        let day = Day::new(20_000 + day * 7);
        let value =
            score.map(|score| Value { score, low: score - 10.0, high: score + 10.0, scored: responses });
        Step { from: day, to: day.plus(6), responses: Some(responses), value }
    }

    #[test]
    fn a_gap_breaks_the_line_and_the_band() {
        let steps =
            [step(0, 50, Some(40.0)), step(1, 50, Some(42.0)), step(2, 0, None), step(3, 12, Some(30.0))];
        let trend = Trend::new(&steps, Frame::new(600.0));
        assert_eq!(trend.line.matches('M').count(), 2, "{}", trend.line);
        assert_eq!(trend.band.matches('Z').count(), 2, "{}", trend.band);
        let hollow: Vec<bool> = trend.marks.iter().map(|mark| mark.is_hollow).collect();
        assert_eq!(hollow, [false, false, true]);
        assert_eq!((trend.bars.len(), trend.places.len()), (3, 4));
    }

    #[test]
    fn everything_stays_within_the_frame() {
        for width in [280.0, 600.0, 1000.0] {
            for count in [1, 2, 13, 366] {
                let steps: Vec<Step> =
                    (0..count).map(|n| step(n, 40 + n as u64, Some(f64::from(n % 200) - 100.0))).collect();
                let frame = Frame::new(width);
                let trend = Trend::new(&steps, frame);
                for mark in &trend.marks {
                    assert!(
                        (frame.left..=width).contains(&mark.x) && (0.0..=frame.line_bottom).contains(&mark.y)
                    );
                }
                for [x, y, width, height] in &trend.bars {
                    assert!(*x >= frame.left - 1.0 && x + width <= frame.width, "{x} {width}");
                    assert!(*y > frame.line_bottom && y + height <= frame.bottom + 0.1);
                }
                assert!(trend.labels.len() as f64 <= width / 84.0 + 1.0 && !trend.labels.is_empty());
            }
        }
        assert_eq!(Trend::new(&[], Frame::new(600.0)).step_at(10.0), None);
    }

    #[test]
    fn a_place_and_a_day_find_their_step() {
        let steps: Vec<Step> = (0..4).map(|n| step(n, 40, Some(10.0))).collect();
        let trend = Trend::new(&steps, Frame::new(600.0));
        assert_eq!([0.0, 599.0].map(|x| trend.step_at(x)), [Some(0), Some(3)]);
        assert_eq!(trend.step_at(trend.places[2] + 3.0), Some(2));
        assert_eq!(Trend::step_of(&steps, Day::new(20_000 + 13)), Some(1));
        assert_eq!(Trend::step_of(&steps, Day::new(19_999)), None);
    }
}
