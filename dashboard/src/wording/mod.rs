//! Sentences about numbers, in words that a person uses.

mod audit;
mod change;
mod effect;
mod groups;
mod news;
mod sample;
mod to_do;

pub use audit::audit;
pub use change::change;
pub use effect::{automatic, effect, note};
pub use groups::{GroupTest, compare_groups, groups_sentence};
pub use news::news;
pub use sample::{funnel, is_small, low_response, plan, sample};
pub use to_do::to_do;
