//! A few time zones as their laws have them, so that the recount does not ask the collector's own
//! source what day it is.

use std::convert::Infallible;

use api::Day;
use collector_core::Zone;

/// Whole hours and not, either side of UTC, with a summer time in either half of the year, of half
/// an hour, and without.
pub const ZONES: [&str; 6] =
    ["UTC", "Europe/Warsaw", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe"];

/// From 2022 the laws below hold; nothing in these tests is older.
const FROM: i64 = 1_640_995_200;
const UNTIL: i64 = 2_208_988_800;

/// The zone of that name.
pub fn zone(name: &str) -> Zone {
    let probed = Zone::probe::<Infallible>(name, FROM, UNTIL, |unix_s| Ok(offset(name, unix_s)));
    probed.unwrap_or_else(|never| match never {})
}

/// The instants from the one to the other, in Unix milliseconds, at which any of the zones changes
/// its clock.
pub fn changes(from_ms: i64, until_ms: i64) -> Vec<i64> {
    let hours = from_ms.div_euclid(3_600_000)..until_ms.div_euclid(3_600_000);
    let changed =
        |hour: &i64| ZONES.iter().any(|zone| offset(zone, (hour - 1) * 3_600) != offset(zone, hour * 3_600));
    hours.filter(changed).map(|hour| hour * 3_600_000).collect()
}

/// Seconds east of UTC.
fn offset(zone: &str, unix_s: i64) -> i32 {
    let between = |from: i64, to: i64| (from..to).contains(&unix_s);
    let year = Day::new(i32::try_from(unix_s.div_euclid(api::day::DAY_S)).expect("a day on the calendar"))
        .to_string();
    let year = &year[..4];
    match zone {
        "Europe/Warsaw" => {
            let (from, to) = (last_sunday(year, "03-31") + 3_600, last_sunday(year, "10-31") + 3_600);
            if between(from, to) { 7_200 } else { 3_600 }
        }
        "America/New_York" => {
            let (from, to) = (last_sunday(year, "03-14") + 7 * 3_600, last_sunday(year, "11-07") + 6 * 3_600);
            if between(from, to) { -14_400 } else { -18_000 }
        }
        "Asia/Kathmandu" => 20_700,
        "Pacific/Apia" => 46_800,
        // Winter, from 02:00 of summer time until 02:00 of standard time.
        "Australia/Lord_Howe" => {
            let (from, to) =
                (last_sunday(year, "04-07") - 9 * 3_600, last_sunday(year, "10-07") - 8 * 3_600 - 1_800);
            if between(from, to) { 37_800 } else { 39_600 }
        }
        _ => 0,
    }
}

/// The midnight, as UTC, that begins the last Sunday up to a day of the year.
fn last_sunday(year: &str, upto: &str) -> i64 {
    let day = Day::parse(&format!("{year}-{upto}")).expect("a day");
    i64::from(day.plus(1).week_start().plus(-1).number()) * api::day::DAY_S
}

#[test]
fn the_transition_table_matches_the_tz_database() {
    for (name, before, transition) in [
        ("Europe/Warsaw", 3_600, "2026-03-29T01:00:00.000Z"),
        ("Europe/Warsaw", 7_200, "2026-10-25T01:00:00.000Z"),
        ("America/New_York", -18_000, "2026-03-08T07:00:00.000Z"),
        ("America/New_York", -14_400, "2026-11-01T06:00:00.000Z"),
        ("Australia/Lord_Howe", 39_600, "2026-04-04T15:00:00.000Z"),
        ("Australia/Lord_Howe", 37_800, "2026-10-03T15:30:00.000Z"),
    ] {
        let unix_s = i64::try_from(tests::ids::unix_ms(transition) / 1_000).unwrap();
        assert_eq!(offset(name, unix_s - 1), before, "{name}");
        assert_ne!(offset(name, unix_s), before, "{name}");
        assert_eq!(zone(name).offset_at(unix_s - 1), before, "{name}");
        assert_ne!(zone(name).offset_at(unix_s), before, "{name}");
    }
}
