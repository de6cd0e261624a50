//! The present time.

use worker::Date;

/// In Unix milliseconds.
pub fn now() -> i64 {
    i64::try_from(Date::now().as_millis()).unwrap_or(i64::MAX).saturating_add(ahead())
}

#[cfg(not(feature = "faults"))]
fn ahead() -> i64 {
    0
}

/// How far tests have put the clock forward.
#[cfg(feature = "faults")]
pub static AHEAD: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);

#[cfg(feature = "faults")]
fn ahead() -> i64 {
    AHEAD.load(std::sync::atomic::Ordering::Relaxed)
}

/// Unix milliseconds as ISO 8601 in UTC.
pub fn iso(at: i64) -> String {
    collector_core::iso8601::format(at)
}

/// The SQL for a column of Unix milliseconds as ISO 8601 in UTC.
pub fn iso_of(column: &str) -> String {
    format!("strftime('%Y-%m-%dT%H:%M:%fZ', {column} / 1000.0, 'unixepoch')")
}
