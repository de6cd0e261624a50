//! Linear scales.

/// Linear scale from values to places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// Creates a scale that maps `low` to `from` and `high` to `to`.
    pub const fn new((low, high): (f64, f64), (from, to): (f64, f64)) -> Self {
        Self { low, high, from, to }
    }

    /// Returns the place of a value. A scale of one value has its middle there.
    pub fn place(&self, value: f64) -> f64 {
        let width = self.high - self.low;
        let part = if width == 0.0 { 0.5 } else { (value - self.low) / width };
        // A tenth of a pixel is enough for a path.
        ((self.from + part * (self.to - self.from)) * 10.0).round() / 10.0
    }

    /// Returns round values within the scale, about as many as wanted.
    pub fn ticks(&self, wanted: u32) -> Vec<f64> {
        let rough = (self.high - self.low) / f64::from(wanted.max(1));
        if rough <= 0.0 {
            return vec![self.low];
        }
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|step| *step >= rough);
        let step = step.unwrap_or(rough);
        let first = (self.low / step).ceil();
        let mut ticks = Vec::new();
        let mut index = 0.0;
        while (first + index) * step <= self.high + step * 1e-9 {
            ticks.push((first + index) * step + 0.0);
            index += 1.0;
        }
        ticks
    }
}

/// Returns the range of scores that a chart shows: all values with room around them, within −100 to
/// 100, and at least 40 points, so that noise does not look like news.
pub fn score_range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) =
        values.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return (-100.0, 100.0);
    }
    let middle = f64::midpoint(low, high);
    let half = ((high - low) / 2.0 + 4.0).max(20.0);
    let (low, high) = (middle - half, middle + half);
    let shift = (-100.0 - low).max(0.0) + (100.0 - high).min(0.0);
    let round = |value: f64| (value / 10.0).round() * 10.0;
    (round((low + shift).max(-100.0)), round((high + shift).min(100.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_linear_in_either_direction() {
        let scale = Scale::new((-100.0, 100.0), (200.0, 0.0));
        assert_eq!([-100.0, 0.0, 100.0].map(|value| scale.place(value)), [200.0, 100.0, 0.0]);
        assert_eq!(Scale::new((5.0, 5.0), (0.0, 10.0)).place(5.0), 5.0);
    }

    #[test]
    fn ticks_are_round_and_within_the_scale() {
        let ticks = |low, high, wanted| Scale::new((low, high), (0.0, 1.0)).ticks(wanted);
        assert_eq!(ticks(0.0, 100.0, 5), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(ticks(-37.0, 41.0, 4), [-20.0, 0.0, 20.0, 40.0]);
        assert_eq!(ticks(0.0, 0.0, 4), [0.0]);
        assert_eq!(ticks(0.0, 3.0, 3), [0.0, 1.0, 2.0, 3.0]);
    }

    #[test]
    fn the_range_has_room_and_stays_on_the_scale_of_scores() {
        assert_eq!(score_range([40.0, 50.0].into_iter()), (30.0, 70.0));
        assert_eq!(score_range([-100.0, 100.0].into_iter()), (-100.0, 100.0));
        assert_eq!(score_range([100.0].into_iter()), (60.0, 100.0));
        assert_eq!(score_range([-98.0].into_iter()), (-100.0, -60.0));
        assert_eq!(score_range(std::iter::empty()), (-100.0, 100.0));
    }
}
