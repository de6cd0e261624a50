//! Geometry of the charts, without a browser.

mod scale;

pub use scale::{Scale, score_range};
