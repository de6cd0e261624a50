//! Local calendar days and periods of them.
//!
//! A day here is a date on the site owner's wall calendar: it has no time zone and no length in
//! hours. Which day an instant falls on is the business of its time zone.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Serialize, Serializer};

/// 0000-01-01 and 9999-12-31, the ends of what `YYYY-MM-DD` can write, in days since 1970-01-01.
const DAYS: (i32, i32) = (-719_528, 2_932_896);

/// Seconds of a day without a change of the clock.
pub const DAY_S: i64 = 24 * 60 * 60;
/// Milliseconds of a day without a change of the clock.
pub const DAY_MS: i64 = DAY_S * 1_000;

/// A local calendar day, in the years 0 to 9999 of the Gregorian calendar. Serializes as
/// `"YYYY-MM-DD"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The day that many days after 1970-01-01; beyond the calendar, the nearest day on it.
    pub fn new(number: i32) -> Self {
        Self(number.clamp(DAYS.0, DAYS.1))
    }

    /// Returns the day that many days after 1970-01-01, for a number of any size.
    pub fn from_unix_days(days: i64) -> Self {
        Self::new(i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }))
    }

    /// Days since 1970-01-01.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// Reads `YYYY-MM-DD`, years 1970 to 9999, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits =
            |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
        if text.len() != 10 || text.get(4..5) != Some("-") || text.get(7..8) != Some("-") {
            return None;
        }
        let (year, month, day) = (digits(text.get(..4)?)?, digits(text.get(5..7)?)?, digits(text.get(8..)?)?);
        let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        (year >= 1970).then(|| Self(date.to_epoch_days()))
    }

    /// The day that many days later, or earlier; it stops at the ends of the calendar.
    pub fn plus(self, days: i32) -> Self {
        Self::new(self.0.saturating_add(days))
    }

    /// The Monday of its week (ISO 8601).
    pub fn week_start(self) -> Self {
        // 1970-01-01 was a Thursday.
        self.plus(-(self.0 + 3).rem_euclid(7))
    }

    /// Returns the same day of the month so many months earlier, or the last day of a shorter
    /// month.
    pub fn minus_months(self, months: u32) -> Self {
        let earlier = self.date().checked_sub_months(chrono::Months::new(months));
        earlier.map_or(Self::new(i32::MIN), |date| Self::new(date.to_epoch_days()))
    }

    /// The first day of its month.
    #[cfg(test)]
    fn month_start(self) -> Self {
        self.plus(-self.date().day0().cast_signed())
    }

    /// The first day of the month after its own.
    #[cfg(test)]
    fn next_month_start(self) -> Self {
        self.month_end().plus(1)
    }

    /// Returns the same date one year earlier; 28 February for 29 February.
    fn minus_year(self) -> Self {
        let date = self.date();
        let year = date.year() - 1;
        let earlier = date.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28));
        earlier.map_or(self, |date| Self::new(date.to_epoch_days()))
    }

    fn month_end(self) -> Self {
        let date = self.date();
        self.plus(i32::from(date.num_days_in_month()) - date.day().cast_signed())
    }

    fn date(self) -> NaiveDate {
        // Every day of the calendar is within chrono's range, so the default never comes up.
        NaiveDate::from_epoch_days(self.0).unwrap_or_default()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.date();
        write!(f, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Period of one or more days in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    first: Day,
    last: Day,
}

impl Period {
    /// From `first` to `last`, both included; `None` where `last` comes before `first`.
    pub fn new(first: Day, last: Day) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// The full week before that of a day: Monday to Sunday.
    pub fn last_week(today: Day) -> Self {
        let monday = today.week_start();
        Self { first: monday.plus(-7), last: monday.plus(-1) }
    }

    /// The first day.
    pub const fn first(&self) -> Day {
        self.first
    }

    /// The last day, which is part of it.
    pub const fn last(&self) -> Day {
        self.last
    }

    /// Returns the number of days, at least 1.
    pub const fn days(&self) -> u32 {
        self.last.0.abs_diff(self.first.0) + 1
    }

    /// Whether the day is one of its days.
    pub fn contains(&self, day: Day) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// The period of equal length that ends the day before; shorter where the calendar begins.
    pub fn before(&self) -> Self {
        let last = self.first.plus(-1);
        Self { first: last.plus(1 - self.days().cast_signed()), last }
    }

    /// Returns the same calendar days one year earlier.
    pub fn year_before(&self) -> Self {
        Self { first: self.first.minus_year(), last: self.last.minus_year() }
    }

    /// Its days, weeks or months in order. Weeks and months are those of the calendar, cut off at
    /// both ends of the period, so that each of its days is in exactly one step.
    pub fn steps(&self, step: Step) -> impl Iterator<Item = Period> + use<> {
        let end = self.last;
        let from = move |first: Day| {
            let last = match step {
                Step::Day => first,
                Step::Week => first.week_start().plus(6),
                Step::Month => first.month_end(),
            };
            Period { first, last: last.min(end) }
        };
        std::iter::successors(Some(from(self.first)), move |step| {
            (step.last < end).then(|| from(step.last.plus(1)))
        })
    }
}

/// The period of that day alone.
impl From<Day> for Period {
    fn from(day: Day) -> Self {
        Self { first: day, last: day }
    }
}

/// Division of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Each calendar day.
    Day,
    /// Each week from Monday to Sunday.
    Week,
    /// Each calendar month.
    Month,
}

impl Step {
    /// Reads `day`, `week` or `month`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "day" => Some(Self::Day),
            "week" => Some(Self::Week),
            "month" => Some(Self::Month),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn steps(first: &str, last: &str, step: Step) -> Vec<String> {
        let period = Period::new(day(first), day(last)).unwrap();
        period.steps(step).map(|step| format!("{}/{}", step.first(), step.last())).collect()
    }

    #[test]
    fn last_week_is_the_full_week_before() {
        for (today, first, last) in [
            ("2026-11-23", "2026-11-16", "2026-11-22"),
            ("2026-11-22", "2026-11-09", "2026-11-15"),
            ("2026-01-01", "2025-12-22", "2025-12-28"),
        ] {
            assert_eq!(Period::last_week(day(today)), Period::new(day(first), day(last)).unwrap());
        }
        assert_eq!(Period::last_week(Day::new(i32::MIN)).days(), 1);
    }

    #[test]
    fn days_parse_and_display() {
        assert_eq!(day("1970-01-01").number(), 0);
        assert_eq!(day("2026-11-22").number(), 20_779);
        assert_eq!(day("2024-02-29").to_string(), "2024-02-29");
        assert_eq!(serde_json::to_string(&day("2026-11-22")).unwrap(), "\"2026-11-22\"");
        for wrong in [
            "",
            "2026-11-2",
            "2026-1-22",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "2025-02-29",
            "1969-12-31",
            "0000-01-01",
            "20261122",
            "2026/11/22",
            "2026-11-22 ",
            " 026-11-22",
            "+026-11-22",
            "2026-+1-22",
            "２026-11-2",
            "2026-11-é",
        ] {
            assert_eq!(Day::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn days_saturate_at_the_ends_of_the_calendar() {
        assert_eq!(
            (Day::new(i32::MIN).to_string(), Day::new(i32::MAX).to_string()),
            ("0000-01-01".into(), "9999-12-31".into())
        );
        assert_eq!(day("9999-12-31").plus(i32::MAX), day("9999-12-31"));
        assert_eq!(day("9999-12-31").next_month_start(), day("9999-12-31"));
        let all = Period::new(Day::new(i32::MIN), Day::new(i32::MAX)).unwrap();
        assert_eq!(all.steps(Step::Month).count(), 120_000);
        assert_eq!(all.steps(Step::Week).last().unwrap().last(), all.last());
        assert_eq!(all.before().days(), 1);
    }

    #[test]
    fn weeks_begin_on_monday() {
        for text in ["2026-11-16", "2026-11-19", "2026-11-22"] {
            assert_eq!(day(text).week_start(), day("2026-11-16"));
        }
        assert_eq!(day("2026-11-23").week_start(), day("2026-11-23"));
        assert_eq!(Day::new(-1).week_start().to_string(), "1969-12-29");
    }

    #[test]
    fn months_have_their_own_length() {
        for (within, start, next) in [
            ("2026-12-31", "2026-12-01", "2027-01-01"),
            ("2024-02-29", "2024-02-01", "2024-03-01"),
            ("2100-02-28", "2100-02-01", "2100-03-01"),
        ] {
            assert_eq!((day(within).month_start(), day(within).next_month_start()), (day(start), day(next)));
        }
    }

    #[test]
    fn months_earlier_stop_at_the_end_of_a_shorter_month() {
        assert_eq!(day("2026-11-22").minus_months(24), day("2024-11-22"));
        assert_eq!(day("2026-03-31").minus_months(1), day("2026-02-28"));
        assert_eq!(Day::new(i32::MIN).minus_months(120), Day::new(i32::MIN));
    }

    #[test]
    fn a_year_earlier_is_the_same_date() {
        for (date, earlier) in [
            ("2026-11-22", "2025-11-22"),
            ("2025-02-28", "2024-02-28"),
            ("2025-03-01", "2024-03-01"),
            ("2024-02-29", "2023-02-28"),
            ("2024-03-01", "2023-03-01"),
            ("1970-01-01", "1969-01-01"),
        ] {
            assert_eq!(day(date).minus_year().to_string(), earlier);
        }
        assert_eq!(Day::new(i32::MIN).minus_year(), Day::new(i32::MIN));
        let february = Period::new(day("2024-02-29"), day("2024-02-29")).unwrap().year_before();
        assert_eq!((february.first(), february.days()), (day("2023-02-28"), 1));
    }

    #[test]
    fn steps_follow_the_calendar_and_are_cut_off_at_the_ends() {
        assert_eq!(
            steps("2026-11-14", "2026-11-24", Step::Week),
            ["2026-11-14/2026-11-15", "2026-11-16/2026-11-22", "2026-11-23/2026-11-24"]
        );
        assert_eq!(
            steps("2026-01-31", "2026-03-01", Step::Month),
            ["2026-01-31/2026-01-31", "2026-02-01/2026-02-28", "2026-03-01/2026-03-01"]
        );
        assert_eq!(
            steps("2026-03-01", "2026-03-02", Step::Day),
            ["2026-03-01/2026-03-01", "2026-03-02/2026-03-02"]
        );
    }

    #[test]
    fn a_period_ends_no_earlier_than_it_begins() {
        assert_eq!(Period::new(Day::new(1), Day::new(0)), None);
        assert_eq!(Period::new(Day::new(1), Day::new(1)).unwrap().days(), 1);
    }

    proptest! {
        #[test]
        fn days_round_trip(number in 0..=DAYS.1) {
            prop_assert_eq!(Day::parse(&Day::new(number).to_string()), Some(Day::new(number)));
        }

        #[test]
        fn steps_cover_each_day_once(first in -1_000..100_000, length in 1..800, kind in 0..3) {
            let step = [Step::Day, Step::Week, Step::Month][kind as usize];
            let period = Period::new(Day::new(first), Day::new(first + length - 1)).unwrap();
            let steps: Vec<_> = period.steps(step).collect();
            prop_assert_eq!(steps.first().unwrap().first(), period.first());
            prop_assert_eq!(steps.last().unwrap().last(), period.last());
            for pair in steps.windows(2) {
                prop_assert_eq!(pair[0].last().plus(1), pair[1].first());
                let aligned = match step {
                    Step::Day => pair[1].first(),
                    Step::Week => pair[1].first().week_start(),
                    Step::Month => pair[1].first().month_start(),
                };
                prop_assert_eq!(aligned, pair[1].first());
            }
        }

        #[test]
        fn the_previous_period_is_adjacent_and_equally_long(first in -1_000..100_000, length in 1..5_000) {
            let period = Period::new(Day::new(first), Day::new(first + length - 1)).unwrap();
            prop_assert_eq!(period.before().days(), period.days());
            prop_assert_eq!(period.before().last().plus(1), period.first());
        }
    }
}
