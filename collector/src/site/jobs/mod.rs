//! Long work, done by pages from the alarm.

pub mod backfill;
pub mod bulk;
pub mod migration;
pub mod places;
pub mod retention;
pub mod rezone;
pub mod word_index;

/// The most responses of a page.
pub const PAGE: i32 = 1_000;
