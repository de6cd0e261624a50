//! Tests of processes that take hours, days or years, on a clock that the test puts forward.

mod audit;
mod digest;
mod keys;
mod recontact;
mod retention;
mod retries;
mod tag;
mod webhook_events;
mod webhook_flood;
mod webhook_independence;

pub const MINUTE: u64 = 60_000;
pub const HOUR: u64 = 60 * MINUTE;
pub const DAY: u64 = tests::DAY_MS;
