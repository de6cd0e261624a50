//! Sentences about numbers, in words that a person uses.

mod change;
mod groups;
mod sample;

pub use change::change;
pub use groups::{GroupTest, compare_groups, groups_sentence};
pub use sample::{low_response, plan, sample};
