//! Charts. Each has a table behind it with the same numbers.

mod dot_plot;
mod share_bar;
mod trend_chart;
mod width;

pub use dot_plot::DotPlotChart;
pub use share_bar::ShareBar;
pub use trend_chart::TrendChart;
