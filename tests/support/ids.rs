//! Ids as browsers create them, and timestamps.

use std::time::{SystemTime, UNIX_EPOCH};

use uuid::Uuid;

/// Milliseconds of a day without a change of the clock.
pub const DAY_MS: u64 = api::day::DAY_MS.unsigned_abs();

/// Returns a new id of version 7.
pub fn new_id() -> String {
    Uuid::now_v7().to_string()
}

/// Returns a new id of version 7 with that timestamp, in Unix milliseconds.
pub fn id_at(unix_ms: u64) -> String {
    let random: [u8; 10] = std::array::from_fn(|i| Uuid::new_v4().as_bytes()[i]);
    uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid().to_string()
}

/// Returns a new id of version 4, which has no timestamp.
pub fn timeless_id() -> String {
    Uuid::new_v4().to_string()
}

/// Returns the current time in Unix milliseconds.
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    u64::try_from(since.as_millis()).expect("the clock is before the year 500 million")
}

/// Returns the current day in UTC, as `YYYY-MM-DD`.
pub fn today() -> String {
    api::Day::new(i32::try_from(now_ms() / DAY_MS).expect("the clock is on the calendar")).to_string()
}

/// Returns noon of the current day in UTC, in Unix milliseconds: as far from midnight as can be.
pub fn noon_ms() -> u64 {
    now_ms() / DAY_MS * DAY_MS + DAY_MS / 2
}

/// Parses `YYYY-MM-DDTHH:MM:SS.mmmZ` into Unix milliseconds.
pub fn unix_ms(iso: &str) -> u64 {
    let number = |from: usize, to: usize| -> u64 { iso[from..to].parse().expect("digits in a date") };
    let day = api::Day::parse(&iso[..10]).expect("a day").number();
    let day = u64::try_from(day).expect("a day past 1970");
    assert!(iso.len() == 24 && iso.ends_with('Z'), "{iso} is ISO 8601 in UTC, to the millisecond");
    (((day * 24 + number(11, 13)) * 60 + number(14, 16)) * 60 + number(17, 19)) * 1_000 + number(20, 23)
}

/// Formats Unix milliseconds as `YYYY-MM-DDTHH:MM:SS.mmmZ`.
pub fn iso(unix_ms: u64) -> String {
    let day = api::Day::new(i32::try_from(unix_ms / DAY_MS).expect("a day on the calendar"));
    let (s, ms) = (unix_ms % DAY_MS / 1_000, unix_ms % 1_000);
    format!("{day}T{:02}:{:02}:{:02}.{ms:03}Z", s / 3_600, s / 60 % 60, s % 60)
}
