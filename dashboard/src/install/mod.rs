//! Installation of the tag: the tag, a recipe for each kind of site, and what the check says.

mod progress;
mod recipe;
mod tag;
mod why;

pub use progress::{Progress, Step, seconds_ago};
pub use recipe::{Platform, Recipe};
pub use tag::Tag;
pub use why::{Reason, reasons};
