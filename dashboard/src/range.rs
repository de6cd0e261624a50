//! Range of days that the page shows.

use api::Day;

/// Range of days. Each but the custom one ends today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// The latest days, with today.
    Days(u16),
    /// The calendar quarter of today.
    Quarter,
    /// The calendar year of today.
    Year,
    /// Every day with responses.
    All,
    /// These days.
    Custom {
        /// The first day.
        from: Day,
        /// The last day, inclusive.
        to: Day,
    },
}

impl Default for Range {
    fn default() -> Self {
        Self::Days(90)
    }
}

/// Steps of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    /// A point for each day.
    Day,
    /// A point for each week, which begins on Monday.
    Week,
    /// A point for each month.
    Month,
}

impl Interval {
    /// Every interval, the shortest first.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// Returns the name in the API and in the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// Parses a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|interval| interval.as_str() == name)
    }
}

impl Range {
    /// Ranges to choose from, beside the custom one.
    pub const CHOICES: [Self; 6] =
        [Self::Days(7), Self::Days(30), Self::Days(90), Self::Quarter, Self::Year, Self::All];

    /// Ranges that a share key may read.
    pub const SHARED: [Self; 5] = [Self::Days(7), Self::Days(30), Self::Days(90), Self::Days(365), Self::All];

    /// Parses the value of `range` in the address.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "quarter" => Some(Self::Quarter),
            "year" => Some(Self::Year),
            "all" => Some(Self::All),
            days => {
                let days = days.strip_suffix('d').filter(|days| days.bytes().all(|b| b.is_ascii_digit()))?;
                days.parse().ok().filter(|days| (1..=3660).contains(days)).map(Self::Days)
            }
        }
    }

    /// Returns the value of `range` in the address; `None` for custom days.
    pub fn as_parameter(self) -> Option<String> {
        match self {
            Self::Days(days) => Some(format!("{days}d")),
            Self::Quarter => Some("quarter".into()),
            Self::Year => Some("year".into()),
            Self::All => Some("all".into()),
            Self::Custom { .. } => None,
        }
    }

    /// Returns the range that a share key may read in place of this one.
    pub fn shared(self) -> Self {
        if Self::SHARED.contains(&self) { self } else { Self::default() }
    }

    /// Returns the label of the range.
    pub fn label(self) -> String {
        match self {
            Self::Days(days) => format!("Last {days} days"),
            Self::Quarter => "This quarter".into(),
            Self::Year => "This year".into(),
            Self::All => "All days".into(),
            Self::Custom { from, to } => {
                format!("{} to {}", crate::format::day(from), crate::format::day(to))
            }
        }
    }

    /// Returns the parameters of the score for this range.
    pub fn score_parameters(self, today: Day) -> Vec<(&'static str, String)> {
        match self {
            Self::Days(days) => vec![("range", format!("{days}d"))],
            Self::All => vec![("range", "all".into())],
            Self::Quarter | Self::Year => {
                vec![("from", self.first_day(today).unwrap_or(today).to_string())]
            }
            Self::Custom { from, to } => vec![("from", from.to_string()), ("to", to.to_string())],
        }
    }

    /// Returns the parameters of lists of responses for this range.
    pub fn list_parameters(self, today: Day) -> Vec<(&'static str, String)> {
        let first = self.first_day(today).map(|first| ("from", first.to_string()));
        let last = if let Self::Custom { to, .. } = self { Some(("to", to.to_string())) } else { None };
        first.into_iter().chain(last).collect()
    }

    /// Returns the first day; `None` where all days are meant.
    pub fn first_day(self, today: Day) -> Option<Day> {
        match self {
            Self::Days(days) => Some(today.plus(1 - i32::from(days))),
            Self::All => None,
            Self::Custom { from, .. } => Some(from),
            Self::Quarter => {
                let (year, month, _) = parts(today);
                Day::parse(&format!("{year:04}-{:02}-01", (month - 1) / 3 * 3 + 1))
            }
            Self::Year => Day::parse(&format!("{:04}-01-01", parts(today).0)),
        }
    }

    /// Returns the interval of the trend, unless the address names another one.
    pub fn default_interval(self, today: Day) -> Interval {
        let last = if let Self::Custom { to, .. } = self { to } else { today };
        match self.first_day(today).map(|first| last.number() - first.number() + 1) {
            Some(..=31) => Interval::Day,
            Some(..=400) => Interval::Week,
            _ => Interval::Month,
        }
    }

    /// Whether there are days before the range to compare with.
    pub fn has_previous(self) -> bool {
        self != Self::All
    }
}

/// Returns year, month and day of the month.
pub fn parts(day: Day) -> (i32, u32, u32) {
    let text = day.to_string();
    let mut parts = text.rsplitn(3, '-');
    let day = parts.next().and_then(|day| day.parse().ok()).unwrap_or(1);
    let month = parts.next().and_then(|month| month.parse().ok()).unwrap_or(1);
    let year = parts.next().and_then(|year| year.parse().ok()).unwrap_or(1970);
    (year, month, day)
}

/// Parses a day as every browser writes it in American English: `11/26/2026`.
pub fn parse_american_day(text: &str) -> Option<Day> {
    let mut parts = text.trim().split('/');
    let mut next = || parts.next()?.trim().parse::<u32>().ok();
    let (month, day, year) = (next()?, next()?, next()?);
    Day::parse(&format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn ranges_survive_the_address() {
        for range in Range::CHOICES.into_iter().chain(Range::SHARED) {
            assert_eq!(range.as_parameter().as_deref().and_then(Range::parse), Some(range));
        }
        for wrong in ["", "d", "0d", "-3d", "+3d", "90", "9999d", "quarters"] {
            assert_eq!(Range::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_share_key_reads_the_ranges_that_it_may() {
        assert_eq!(Range::Days(365).shared(), Range::Days(365));
        assert_eq!([Range::Quarter.shared(), Range::Days(31).shared()], [Range::Days(90); 2]);
    }

    #[test]
    fn quarters_and_years_begin_on_their_first_day() {
        for (today, quarter, year) in [
            ("2026-11-26", "2026-10-01", "2026-01-01"),
            ("2026-01-01", "2026-01-01", "2026-01-01"),
            ("2024-06-30", "2024-04-01", "2024-01-01"),
        ] {
            assert_eq!(Range::Quarter.score_parameters(day(today)), [("from", quarter.to_owned())]);
            assert_eq!(Range::Year.score_parameters(day(today)), [("from", year.to_owned())]);
        }
    }

    #[test]
    fn the_day_of_a_browser_is_read() {
        assert_eq!(parse_american_day("11/26/2026"), Some(day("2026-11-26")));
        assert_eq!(parse_american_day("1/2/2026"), Some(day("2026-01-02")));
        assert_eq!([parse_american_day("26.11.2026"), parse_american_day("13/1/2026")], [None, None]);
    }

    #[test]
    fn the_interval_follows_the_number_of_days() {
        let today = day("2026-11-26");
        assert_eq!(Range::Days(30).default_interval(today), Interval::Day);
        assert_eq!(Range::Days(90).default_interval(today), Interval::Week);
        assert_eq!(Range::All.default_interval(today), Interval::Month);
        let custom = Range::Custom { from: day("2020-01-01"), to: day("2020-01-07") };
        assert_eq!(custom.default_interval(today), Interval::Day);
        assert_eq!(custom.list_parameters(today).len(), 2);
        assert!(Range::All.list_parameters(today).is_empty());
    }
}
