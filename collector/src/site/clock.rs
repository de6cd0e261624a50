//! The current time, and times as text.

pub use collector_core::iso8601::sql as iso_sql;
use worker::js_sys;

/// Seconds of a day in UTC.
pub const DAY_S: i64 = 24 * 60 * 60;
/// Milliseconds of a day in UTC.
pub const DAY_MS: i64 = DAY_S * 1_000;

/// Returns the current time in Unix milliseconds.
pub fn now_ms() -> i64 {
    (js_sys::Date::now() as i64).saturating_add(offset_ms())
}

#[cfg(not(feature = "faults"))]
fn offset_ms() -> i64 {
    0
}

/// Milliseconds by which tests have moved the clock forward.
#[cfg(feature = "faults")]
static CLOCK_OFFSET_MS: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);

#[cfg(feature = "faults")]
fn offset_ms() -> i64 {
    CLOCK_OFFSET_MS.load(std::sync::atomic::Ordering::Relaxed)
}

/// Moves the clock forward.
#[cfg(feature = "faults")]
pub fn set_offset_ms(offset_ms: i64) {
    CLOCK_OFFSET_MS.store(offset_ms, std::sync::atomic::Ordering::Relaxed);
}

/// Formats Unix milliseconds as ISO 8601 in UTC.
pub fn iso(unix_ms: i64) -> String {
    String::from(js_sys::Date::new(&(unix_ms as f64).into()).to_iso_string())
}
