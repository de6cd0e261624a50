//! Long work, done by pages from the alarm.

pub mod backfill;
pub mod migration;
pub mod retention;
pub mod rezone;

/// The most responses of a page.
pub const PAGE: i32 = 1_000;
