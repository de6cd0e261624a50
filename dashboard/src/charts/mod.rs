//! Geometry of the charts, without a browser.

mod dots;
mod scale;
mod trend;

pub use dots::{Dot, DotPlot};
pub use scale::{Scale, score_range};
pub use trend::{Flag, Frame, Mark, Step, Trend, Value, steps};
