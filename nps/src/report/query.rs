//! What is asked of `GET /v1/sites/SITE/score`, and the days that it means.

use crate::day::Step;
use crate::{Day, Invalid, Period, survey};

/// The longest `range`, in days: ten years and a week.
pub const MAX_RANGE_DAYS: u16 = 3_660;
/// The most points of a series.
pub const MAX_POINTS: usize = 4_000;

const PARAMETERS: &str = "range, from, to, interval, compare, variant";

/// A well-formed query. It says what is wanted relative to a day that it does not know; [`plan`](Self::plan) takes that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreQuery {
    days: Days,
    step: Option<Step>,
    compare: bool,
    variant: Option<String>,
}

/// Which days are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Days {
    All,
    Latest(u16),
    Since(Day),
    Until(Day),
    Between(Period),
}

/// The days that a query comes down to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The days of the score.
    pub period: Period,
    /// The days to compare it with: as many, just before. Only where it was asked for.
    pub previous: Option<Period>,
    /// The steps of the series. Only where it was asked for.
    pub step: Option<Step>,
    /// The variant that was asked for; without it the site's present one is meant.
    pub variant: Option<String>,
}

impl Plan {
    /// The period that covers all of it, so that the days can be read at once.
    pub fn span(&self) -> Period {
        let first = self.previous.map_or(self.period.first(), |previous| previous.first());
        Period::new(first, self.period.last()).unwrap_or(self.period)
    }
}

impl ScoreQuery {
    /// Reads the names and values of a query string, already decoded, or says which parameter is wrong and what is possible.
    ///
    /// - `range`: `Nd`, the latest N local days with today, or `all`, which is the default;
    /// - or `from` and `to`: local days, both included. Without `to` until today, without `from` since the first answer;
    /// - `interval`: `day`, `week` or `month`, for a series;
    /// - `compare`: `previous`, for the period of equal length just before;
    /// - `variant`: the name of one.
    pub fn parse<'a>(parameters: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, Invalid> {
        let (mut range, mut from, mut to, mut interval, mut compare, mut variant) =
            (None, None, None, None, None, None);
        for (name, value) in parameters {
            let slot = match name {
                "range" => &mut range,
                "from" => &mut from,
                "to" => &mut to,
                "interval" => &mut interval,
                "compare" => &mut compare,
                "variant" => &mut variant,
                _ => {
                    let detail =
                        format!("There is no parameter of this name. The parameters are {PARAMETERS}.");
                    return Err(Invalid::at(name, detail));
                }
            };
            if slot.replace(value).is_some() {
                return Err(Invalid::at(name, "Is given more than once; give it once."));
            }
        }
        let days = days(range, from, to)?;
        let step = match interval {
            None => None,
            Some(name) => Some(
                Step::parse(name).ok_or_else(|| Invalid::at("interval", "Must be day, week or month."))?,
            ),
        };
        let compare = match compare {
            None => false,
            Some("previous") if days == Days::All => {
                let detail = "There is nothing before all answers. Choose days to compare with those before them, \
                              for example range=30d, or from and to.";
                return Err(Invalid::at("compare", detail));
            }
            Some("previous") => true,
            Some(_) => {
                return Err(Invalid::at(
                    "compare",
                    "Must be previous, for the period of equal length just before.",
                ));
            }
        };
        if variant.is_some_and(|name| !survey::is_variant_name(name)) {
            let detail = format!("Must be 1 to {} characters of a–z, 0–9, - and _.", survey::MAX_VARIANT);
            return Err(Invalid::at("variant", detail));
        }
        Ok(Self { days, step, compare, variant: variant.map(str::to_owned) })
    }

    /// The variant that is asked for; without it the site's present one is meant.
    pub fn variant(&self) -> Option<&str> {
        self.variant.as_deref()
    }

    /// Says which days are meant, given today and the first and last day that have data, all local.
    ///
    /// "All" goes on past today where there are later answers, which an import can bring.
    pub fn plan(&self, today: Day, first: Option<Day>, last: Option<Day>) -> Result<Plan, Invalid> {
        let first = first.unwrap_or(today);
        let (from, to) = match self.days {
            Days::All => (first, last.unwrap_or(today).max(today).max(first)),
            Days::Latest(days) => (today.plus(1 - i32::from(days)), today),
            Days::Since(from) => (from, today),
            Days::Until(to) => (first.min(to), to),
            Days::Between(period) => (period.first(), period.last()),
        };
        let Some(period) = Period::new(from, to) else {
            let detail = format!("Lies after today ({today}). Choose an earlier day, or give to as well.");
            return Err(Invalid::at("from", detail));
        };
        if let Some(step) = self.step
            && period.steps(step).take(MAX_POINTS + 1).count() > MAX_POINTS
        {
            let instead = match step {
                Step::Day => "Take week or month",
                Step::Week => "Take month",
                Step::Month => "Take fewer days with from and to",
            };
            return Err(Invalid::at(
                "interval",
                format!("Would make more than {MAX_POINTS} points. {instead}."),
            ));
        }
        let previous = self.compare.then(|| period.before());
        Ok(Plan { period, previous, step: self.step, variant: self.variant.clone() })
    }
}

fn days(range: Option<&str>, from: Option<&str>, to: Option<&str>) -> Result<Days, Invalid> {
    let day = |name: &str, text: &str| {
        Day::parse(text)
            .ok_or_else(|| Invalid::at(name, "Must be a day as YYYY-MM-DD, for example 2026-11-22."))
    };
    match (range, from, to) {
        (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
            Err(Invalid::at("range", "Cannot go with from or to. Give either range, or from and to."))
        }
        (None, None, None) | (Some("all"), ..) => Ok(Days::All),
        (Some(range), ..) => latest(range).map(Days::Latest).ok_or_else(|| {
            let detail =
                format!("Must be all, or a number of days from 1d to {MAX_RANGE_DAYS}d, for example 30d.");
            Invalid::at("range", detail)
        }),
        (None, Some(from), None) => Ok(Days::Since(day("from", from)?)),
        (None, None, Some(to)) => Ok(Days::Until(day("to", to)?)),
        (None, Some(from), Some(to)) => {
            let (from, to) = (day("from", from)?, day("to", to)?);
            let period = Period::new(from, to);
            period.map(Days::Between).ok_or_else(|| Invalid::at("to", format!("Comes before from ({from}).")))
        }
    }
}

/// `30d` as 30.
fn latest(range: &str) -> Option<u16> {
    let digits = range.strip_suffix('d').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    digits.parse().ok().filter(|days| (1..=MAX_RANGE_DAYS).contains(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<ScoreQuery, Invalid> {
        ScoreQuery::parse(
            query.split('&').filter(|pair| !pair.is_empty()).filter_map(|pair| pair.split_once('=')),
        )
    }

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    /// The plan on 2026-11-22, with answers from 2026-01-10 to 2026-11-20.
    fn plan(query: &str) -> Plan {
        let known = (Some(day("2026-01-10")), Some(day("2026-11-20")));
        parse(query).unwrap().plan(day("2026-11-22"), known.0, known.1).unwrap()
    }

    fn shown(period: Period) -> String {
        format!("{}/{}", period.first(), period.last())
    }

    #[test]
    fn each_way_to_name_days_means_what_it_says() {
        for (query, expected) in [
            ("", "2026-01-10/2026-11-22"),
            ("range=all", "2026-01-10/2026-11-22"),
            ("range=1d", "2026-11-22/2026-11-22"),
            ("range=30d", "2026-10-24/2026-11-22"),
            ("from=2026-11-01", "2026-11-01/2026-11-22"),
            ("from=2025-11-01", "2025-11-01/2026-11-22"),
            ("to=2026-03-31", "2026-01-10/2026-03-31"),
            ("to=2025-12-31", "2025-12-31/2025-12-31"),
            ("from=2026-12-01&to=2026-12-31", "2026-12-01/2026-12-31"),
        ] {
            assert_eq!(shown(plan(query).period), expected, "{query}");
        }
    }

    #[test]
    fn all_reaches_every_day_with_data() {
        let (all, today) = (parse("").unwrap(), day("2026-11-22"));
        let period = |first, last| shown(all.plan(today, first, last).unwrap().period);
        assert_eq!(period(None, None), "2026-11-22/2026-11-22");
        assert_eq!(period(Some(day("2026-11-01")), Some(day("2026-12-24"))), "2026-11-01/2026-12-24");
        assert_eq!(period(Some(day("2026-12-01")), Some(day("2026-12-24"))), "2026-12-01/2026-12-24");
    }

    #[test]
    fn the_previous_period_is_as_long_and_one_read_covers_both() {
        let plan = plan("range=30d&compare=previous&interval=week&variant=stay-3");
        assert_eq!(shown(plan.previous.unwrap()), "2026-09-24/2026-10-23");
        assert_eq!(shown(plan.span()), "2026-09-24/2026-11-22");
        assert_eq!((plan.step, plan.variant.as_deref()), (Some(Step::Week), Some("stay-3")));
        let alone = self::plan("range=7d");
        assert_eq!((alone.previous, alone.span()), (None, alone.period));
    }

    #[test]
    fn each_wrong_parameter_is_named() {
        for (query, pointer) in [
            ("rnage=30d", "rnage"),
            ("range=30d&range=7d", "range"),
            ("range=", "range"),
            ("range=30", "range"),
            ("range=0d", "range"),
            ("range=3661d", "range"),
            ("range=-1d", "range"),
            ("range=+1d", "range"),
            ("range=d", "range"),
            ("range=99999999d", "range"),
            ("range=30D", "range"),
            ("range=30d&from=2026-01-01", "range"),
            ("range=all&to=2026-01-01", "range"),
            ("from=2026-02-30", "from"),
            ("from=", "from"),
            ("to=yesterday", "to"),
            ("from=2026-02-02&to=2026-02-01", "to"),
            ("interval=hour", "interval"),
            ("interval=", "interval"),
            ("compare=next&range=7d", "compare"),
            ("compare=previous", "compare"),
            ("compare=previous&range=all", "compare"),
            ("variant=A B", "variant"),
            ("variant=", "variant"),
        ] {
            assert_eq!(parse(query).unwrap_err().pointer, pointer, "{query}");
        }
        assert!(parse("x=1").unwrap_err().detail.contains("range, from, to, interval, compare, variant"));
    }

    #[test]
    fn days_that_have_not_come_need_an_end() {
        let query = parse("from=2026-11-23").unwrap();
        assert_eq!(query.plan(day("2026-11-22"), None, None).unwrap_err().pointer, "from");
        assert!(query.plan(day("2026-11-23"), None, None).is_ok());
    }

    #[test]
    fn a_series_has_at_most_so_many_points() {
        let plan = |query: &str| parse(query).unwrap().plan(day("2026-11-22"), None, None);
        assert!(plan("range=3660d&interval=day").is_ok());
        // 4000 days are 2000-01-01 to 2010-12-13.
        assert!(plan("from=2000-01-01&to=2010-12-13&interval=day").is_ok());
        for (query, advice) in [
            ("from=2000-01-01&to=2010-12-14&interval=day", "week or month"),
            ("from=1970-01-01&to=2100-01-01&interval=week", "month"),
            ("from=1970-01-01&to=9999-12-31&interval=month", "fewer days"),
        ] {
            let error = plan(query).unwrap_err();
            assert!(error.pointer == "interval" && error.detail.contains(advice), "{error}");
        }
        assert!(plan("from=1970-01-01&to=9999-12-31").is_ok());
    }
}
