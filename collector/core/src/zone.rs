//! A time zone as a list of its changes, for a runtime that carries no time zone data of its own.
//!
//! JavaScript tells the offset of a zone at one instant (`Intl.DateTimeFormat`) and nothing else.
//! [`Zone::probe`] asks for it often enough to find every change, and the list that comes out is
//! kept: from then on days need no runtime.

use serde::{Deserialize, Serialize};

use api::Day;
use api::day::DAY_S;

/// Distance of the probes. The two nearest changes of any zone since 2000 are a week less an hour
/// apart (Brazil's north-east began and gave up summer time in October 2000); a test goes through
/// them all.
const PROBE_STEP_S: i64 = 6 * DAY_S;

/// A time zone: its offsets from UTC over the years for which it was probed.
///
/// Before the first known change and after the last the nearest known offset holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    name: String,
    /// Seconds east of UTC before the first change.
    before: i32,
    /// Unix seconds of each change, in order, and the seconds east of UTC from then on.
    changes: Vec<(i64, i32)>,
}

impl Zone {
    /// UTC, which never changes.
    pub fn utc() -> Self {
        Self { name: "UTC".into(), before: 0, changes: Vec::new() }
    }

    /// A zone without changes, by its seconds east of UTC.
    pub fn fixed(offset: i32) -> Self {
        Self { name: String::new(), before: offset, changes: Vec::new() }
    }

    /// Finds the changes of a zone between two instants in unix seconds, from `offset_at`, which
    /// tells its offset in seconds east of UTC at an instant in unix seconds.
    ///
    /// Each change is found to the second. It takes about 61 calls a year and 19 more for each
    /// change, and ends with the first error of `offset_at`.
    pub fn probe<E>(
        name: impl Into<String>,
        from_unix_s: i64,
        until_unix_s: i64,
        mut offset_at: impl FnMut(i64) -> Result<i32, E>,
    ) -> Result<Self, E> {
        let before = offset_at(from_unix_s)?;
        let mut changes = Vec::new();
        let (mut known, mut offset) = (from_unix_s, before);
        while known < until_unix_s {
            let next = known.saturating_add(PROBE_STEP_S).min(until_unix_s);
            let expected = offset_at(next)?;
            // A loop, so that even two changes within a step are found unless the second undoes the
            // first.
            while offset != expected {
                let (mut same, mut changed, mut to) = (known, next, expected);
                while changed - same > 1 {
                    let middle = same + (changed - same) / 2;
                    let found = offset_at(middle)?;
                    if found == offset { same = middle } else { (changed, to) = (middle, found) }
                }
                changes.push((changed, to));
                (known, offset) = (changed, to);
            }
            known = next;
        }
        Ok(Self { name: name.into(), before, changes })
    }

    /// Its name, such as `Europe/Warsaw`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its offset at an instant, in seconds east of UTC.
    pub fn offset_at(&self, unix_s: i64) -> i32 {
        let past = self.changes.partition_point(|(at, _)| *at <= unix_s);
        past.checked_sub(1).and_then(|last| self.changes.get(last)).map_or(self.before, |(_, offset)| *offset)
    }

    /// The change of the clock nearest to an instant, in Unix milliseconds, and the seconds east of
    /// UTC before and after it. Around the instant, until the next change on either side, these two
    /// are all there is to know.
    pub fn around(&self, unix_ms: i64) -> (i64, i32, i32) {
        let nearest = self
            .changes
            .iter()
            .map(|(change_s, _)| change_s.saturating_mul(1_000))
            .min_by_key(|change_s| change_s.abs_diff(unix_ms));
        let change = nearest.unwrap_or(0);
        let change_s = change.div_euclid(1_000);
        (change, self.offset_at(change_s - 1), self.offset_at(change_s))
    }

    /// The local day on which an instant falls, in milliseconds since 1970 UTC.
    pub fn day_of(&self, unix_ms: i64) -> Day {
        let unix_s = unix_ms.div_euclid(1_000);
        let number = unix_s.saturating_add(i64::from(self.offset_at(unix_s))).div_euclid(DAY_S);
        Day::from_unix_days(number)
    }

    /// The instant of a local wall clock time, in milliseconds since 1970 UTC. The wall clock time
    /// is given as if it were UTC, in seconds.
    ///
    /// A time that the clock shows twice is the earlier of the two; one that it skips is moved
    /// forward by what it skips.
    pub fn to_unix_ms(&self, local_seconds_since_1970: i64) -> i64 {
        let local = local_seconds_since_1970;
        // No zone is a day from UTC, so these are the offsets around the instant that is looked
        // for.
        let earlier = self.offset_at(local.saturating_sub(DAY_S));
        let later = self.offset_at(local.saturating_add(DAY_S));
        let instant = |offset: i32| local.saturating_sub(i64::from(offset));
        let shows = |offset: i32| self.offset_at(instant(offset)) == offset;
        // Where neither shows this time it was skipped: the offset of before then lands that much
        // later.
        let offset = if !shows(earlier) && shows(later) { later } else { earlier };
        instant(offset).saturating_mul(1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, LocalResult, NaiveDate, Offset, TimeZone};
    use chrono_tz::{TZ_VARIANTS, Tz};
    use proptest::prelude::*;
    use std::collections::HashMap;
    use std::convert::Infallible;
    use std::sync::{Mutex, PoisonError};

    /// 2000-01-01 and 2040-01-01.
    const RANGE: (i64, i64) = (946_684_800, 2_208_988_800);

    fn oracle(tz: Tz, unix_s: i64) -> i32 {
        tz.offset_from_utc_datetime(&DateTime::from_timestamp(unix_s, 0).unwrap().naive_utc())
            .fix()
            .local_minus_utc()
    }

    fn probe(tz: Tz) -> Zone {
        static PROBED: Mutex<Option<HashMap<&str, Zone>>> = Mutex::new(None);
        let mut probed = PROBED.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh =
            || Zone::probe::<Infallible>(tz.name(), RANGE.0, RANGE.1, |at| Ok(oracle(tz, at))).unwrap();
        probed.get_or_insert_default().entry(tz.name()).or_insert_with(fresh).clone()
    }

    fn local(text: &str) -> i64 {
        let (day, clock) = text.split_once(' ').unwrap();
        let clock: Vec<i64> = clock.split(':').map(|part| part.parse().unwrap()).collect();
        i64::from(Day::parse(day).unwrap().number()) * DAY_S + clock[0] * 3_600 + clock[1] * 60
    }

    fn hours(tz: Tz, day: &str) -> f64 {
        let (zone, day) = (probe(tz), Day::parse(day).unwrap());
        let midnight = |day: Day| zone.to_unix_ms(i64::from(day.number()) * DAY_S);
        let (start, end) = (midnight(day), midnight(day.plus(1)));
        for (instant, expected) in
            [(start - 1, day.plus(-1)), (start, day), (end - 1, day), (end, day.plus(1))]
        {
            assert_eq!(zone.day_of(instant), expected, "{tz} {instant}");
        }
        (end - start) as f64 / 3_600_000.0
    }

    #[test]
    fn days_have_23_24_and_25_hours() {
        assert_eq!(hours(Tz::Europe__Warsaw, "2026-03-29"), 23.0);
        assert_eq!(hours(Tz::Europe__Warsaw, "2026-10-25"), 25.0);
        assert_eq!(hours(Tz::Europe__Warsaw, "2026-11-22"), 24.0);
        assert_eq!(hours(Tz::America__New_York, "2026-03-08"), 23.0);
        assert_eq!(hours(Tz::America__New_York, "2026-11-01"), 25.0);
        assert_eq!(hours(Tz::Asia__Kathmandu, "2026-06-01"), 24.0);
        assert_eq!(hours(Tz::Australia__Lord_Howe, "2026-10-04"), 23.5);
        assert_eq!(hours(Tz::Australia__Lord_Howe, "2026-04-05"), 24.5);
        assert_eq!(hours(Tz::Africa__Casablanca, "2026-02-15"), 25.0);
        assert_eq!(hours(Tz::Africa__Casablanca, "2026-03-22"), 23.0);
    }

    #[test]
    fn ambiguous_times_are_the_earlier_and_skipped_times_move_on() {
        let warsaw = probe(Tz::Europe__Warsaw);
        assert_eq!(warsaw.to_unix_ms(local("2026-10-25 02:30")), local("2026-10-25 00:30") * 1_000);
        assert_eq!(warsaw.to_unix_ms(local("2026-10-25 03:00")), local("2026-10-25 02:00") * 1_000);
        // 02:30 does not exist: the clock then shows 03:30.
        assert_eq!(warsaw.to_unix_ms(local("2026-03-29 02:30")), local("2026-03-29 01:30") * 1_000);
        assert_eq!(warsaw.to_unix_ms(local("2026-03-29 03:30")), local("2026-03-29 01:30") * 1_000);
        // Samoa skipped a whole day.
        let apia = probe(Tz::Pacific__Apia);
        assert_eq!(
            apia.day_of(apia.to_unix_ms(local("2011-12-30 12:00"))),
            Day::parse("2011-12-31").unwrap()
        );
    }

    #[test]
    fn offsets_of_quarter_hours_are_exact() {
        let zone = probe(Tz::Asia__Kathmandu);
        assert_eq!((zone.name(), zone.offset_at(0), zone.changes.len()), ("Asia/Kathmandu", 20_700, 0));
    }

    #[test]
    fn probing_finds_every_transition_of_every_zone() {
        for tz in TZ_VARIANTS {
            let zone = probe(tz);
            for pair in zone.changes.windows(2) {
                assert!(pair[1].0 - pair[0].0 > PROBE_STEP_S, "{tz}: {pair:?}");
            }
            for &(at, offset) in &zone.changes {
                assert_eq!((oracle(tz, at), zone.offset_at(at)), (offset, offset), "{tz} at {at}");
                assert_eq!(oracle(tz, at - 1), zone.offset_at(at - 1), "{tz} before {at}");
            }
            // Four times as often as the probes, so that an excursion which they step over shows.
            for at in (RANGE.0..RANGE.1).step_by(129_600) {
                assert_eq!(zone.offset_at(at), oracle(tz, at), "{tz} at {at}");
            }
        }
    }

    #[test]
    fn errors_of_the_runtime_are_returned() {
        let refuse = |at| if at < 1_000_000 { Ok(0) } else { Err("no such zone") };
        assert_eq!(Zone::probe("X", 0, 2_000_000, refuse), Err("no such zone"));
    }

    #[test]
    fn outside_its_range_a_zone_keeps_the_nearest_offset() {
        let zone = probe(Tz::Europe__Warsaw);
        assert_eq!((zone.offset_at(i64::MIN), zone.offset_at(i64::MAX)), (3_600, 3_600));
        assert_eq!((zone.day_of(i64::MIN), zone.day_of(i64::MAX)), (Day::new(i32::MIN), Day::new(i32::MAX)));
        assert_eq!((zone.to_unix_ms(i64::MIN), zone.to_unix_ms(i64::MAX)), (i64::MIN, i64::MAX));
        let json = serde_json::to_string(&zone).unwrap();
        assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), zone);
        assert_eq!(Zone::utc().day_of(-1), Day::new(-1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn days_match_the_tz_database(index in 0..TZ_VARIANTS.len(), at in RANGE.0..RANGE.1) {
            let tz = TZ_VARIANTS[index];
            let day = tz.from_utc_datetime(&DateTime::from_timestamp(at, 0).unwrap().naive_utc()).date_naive();
            prop_assert_eq!(probe(tz).day_of(at * 1_000 + 999).number(), day.to_epoch_days());
        }

        #[test]
        fn wall_clock_times_match_the_tz_database(
            index in 0..TZ_VARIANTS.len(), at in RANGE.0 + 2 * DAY_S..RANGE.1 - 2 * DAY_S,
            change in any::<prop::sample::Index>(), near in -7_200..7_200_i64, is_near in any::<bool>(),
        ) {
            let tz = TZ_VARIANTS[index];
            let zone = probe(tz);
            // Half of the times are near a change, where the cases are.
            let local = match zone.changes.get(change.index(zone.changes.len().max(1))) {
                Some((changed, offset)) if is_near => changed + i64::from(*offset) + near,
                _ => at,
            };
            let midnight = NaiveDate::from_epoch_days(local.div_euclid(DAY_S) as i32).unwrap().and_time(Default::default());
            let wall = midnight + chrono::TimeDelta::seconds(local.rem_euclid(DAY_S));
            let got = zone.to_unix_ms(local) / 1_000;
            match tz.from_local_datetime(&wall) {
                LocalResult::Single(time) => prop_assert_eq!(got, time.timestamp()),
                LocalResult::Ambiguous(a, b) => prop_assert_eq!(got, a.timestamp().min(b.timestamp())),
                LocalResult::None => {
                    let gap = got + i64::from(oracle(tz, got)) - local;
                    prop_assert!(gap > 0 && gap == i64::from(oracle(tz, got)) - i64::from(zone.offset_at(got - gap)));
                }
            }
        }
    }
}
