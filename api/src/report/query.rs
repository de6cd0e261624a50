//! Query of `GET /v1/sites/SITE/score`.
//!
//! A query is read before anything is known of the site, so that a wrong one costs no storage
//! access. It says what is wanted relative to days and properties that it does not know; the
//! collector's plan takes the days, and [`check_property`](ScoreQuery::check_property) the
//! properties.

use nps::Category;
use serde::Serialize;

use super::Segment;
use super::breakdown::{self, Breakdown};
use crate::day::Step;
use crate::limits::{MAX_RANGE_DAYS, MAX_ROLLING_DAYS};
use crate::slug::{SLUG_CHARACTERS, is_slug};
use crate::validation::QueryReader;
use crate::{Day, Period, ValidationError};

const PARAMETERS: [&str; 10] = [
    "range",
    "from",
    "to",
    "interval",
    "compare",
    "variant",
    "rolling",
    "group_by",
    "category",
    "filter[NAME]",
];

/// A well-formed query. It says what is wanted relative to a day that it does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreQuery {
    /// The days.
    pub days: Days,
    /// The steps of the series, where one is asked for.
    pub step: Option<Step>,
    /// The earlier days to compare with.
    pub compare: Option<Compare>,
    /// The variant; without it the site's present one is meant.
    pub variant: Option<String>,
    /// The length in days of the window that ends with each step.
    pub rolling: Option<u16>,
    /// The property, to group by or to filter.
    pub by: Breakdown,
    /// The category whose responses are asked for.
    pub category: Option<Category>,
}

/// Which days are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// All days with responses, and today.
    All,
    /// The latest days, with today.
    Latest(u16),
    /// From a day until today.
    Since(Day),
    /// From the first response until a day.
    Until(Day),
    /// These days.
    Between(Period),
}

/// With which earlier days a period is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Compare {
    /// As many days, just before.
    Previous,
    /// Calendar days of the period one year earlier.
    Year,
}

impl ScoreQuery {
    /// Reads the names and values of a query string, already decoded, or says which parameter is
    /// wrong and what is possible.
    ///
    /// - `range`: `Nd`, the latest N local days with today, or `all`, which is the default;
    /// - or `from` and `to`: local days, both included. Without `to` until today, without `from`
    ///   since the first response;
    /// - `interval`: `day`, `week` or `month`, for a series;
    /// - `rolling`: `Nd`, for the score of the N days that end with each point of the series;
    /// - `compare`: `previous`, for the period of equal length just before, or `year`, for the same
    ///   days a year earlier;
    /// - `variant`: the name of one;
    /// - `group_by`: the name of a property, for each of its values;
    /// - or `filter[NAME]`: a value of the property of that name, for its responses only; empty for
    ///   those without the property;
    /// - `category`: `promoter`, `passive` or `detractor`, for its responses only and their share.
    pub fn parse<'a>(
        mut parameters: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<ValidationError>> {
        // The rest is compiled once, whatever the iterator.
        Self::read(QueryReader::new(&mut parameters, &PARAMETERS))
    }

    fn read(mut query: QueryReader) -> Result<Self, Vec<ValidationError>> {
        let days = days(&mut query);
        let step = query.parse("interval", "day, week or month", Step::parse);
        let compare = query.parse("compare", Compare::EXPECTED, Compare::parse);
        if compare.is_some() && days == Days::All && query.is_valid() {
            let detail = "There is nothing before all responses. Choose days to compare with those \
                          before them, \
                          for example range=30d, or from and to.";
            query.error("compare", detail);
        }
        let variant = query.parse("variant", SLUG_CHARACTERS, |name| is_slug(name).then(|| name.to_owned()));
        let rolling = rolling(&mut query);
        let by = breakdown::read(&mut query);
        let category = category(&mut query);
        query.finish(Self { days, step, compare, variant, rolling, by, category })
    }

    /// The variant that is asked for; without it the site's present one is meant.
    pub fn variant(&self) -> Option<&str> {
        self.variant.as_deref()
    }

    /// The property whose rows are to be read; without it [`CHANNEL`](super::CHANNEL), whose values
    /// add up to the total.
    pub fn property(&self) -> Option<&str> {
        self.by.property()
    }

    /// Whether each value of the property is asked for.
    pub fn groups(&self) -> bool {
        matches!(self.by, Breakdown::Group(_))
    }

    /// The one segment whose responses are asked for; `None` without a filter.
    pub fn filter_value(&self) -> Option<&Segment> {
        self.by.filter_value()
    }

    /// Refuses a property that is neither [`CHANNEL`](super::CHANNEL) nor among those that the site
    /// declares.
    pub fn check_property(&self, declared: &[String]) -> Result<(), ValidationError> {
        self.by.check(declared)
    }
}

impl Compare {
    const EXPECTED: &str = "previous, for the period of equal length just before, \
                            or year, for the same days one year earlier";

    fn parse(text: &str) -> Option<Self> {
        match text {
            "previous" => Some(Self::Previous),
            "year" => Some(Self::Year),
            _ => None,
        }
    }
}

fn days(query: &mut QueryReader) -> Days {
    let (from, to) = (query.day("from"), query.day("to"));
    if query.get("range").is_some() && (query.get("from").is_some() || query.get("to").is_some()) {
        query.error("range", "Cannot be combined with from or to. Give either range, or from and to.");
        return Days::All;
    }
    let expected = format!("all, or a number of days from 1d to {MAX_RANGE_DAYS}d, for example 30d");
    let range = query.parse("range", &expected, |range| match range {
        "all" => Some(Days::All),
        range => number_of_days(range).filter(|days| (1..=MAX_RANGE_DAYS).contains(days)).map(Days::Latest),
    });
    match (from, to) {
        (None, None) => range.unwrap_or(Days::All),
        (Some(from), None) => Days::Since(from),
        (None, Some(to)) => Days::Until(to),
        (Some(from), Some(to)) => Period::new(from, to).map(Days::Between).unwrap_or_else(|| {
            query.error("to", &format!("Comes before from ({from})."));
            Days::All
        }),
    }
}

/// Parses `30d` as 30.
fn number_of_days(text: &str) -> Option<u16> {
    let digits = text.strip_suffix('d').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    digits.parse().ok()
}

fn rolling(query: &mut QueryReader) -> Option<u16> {
    let expected = format!("a number of days from 2d to {MAX_ROLLING_DAYS}d, for example 30d");
    let days = query.parse("rolling", &expected, |value| {
        number_of_days(value).filter(|days| (2..=MAX_ROLLING_DAYS).contains(days))
    })?;
    if query.get("interval").is_none() {
        let detail = "Belongs to the points of a series. Give interval as well: day, week or month.";
        query.error("rolling", detail);
    }
    Some(days)
}

/// Reads the category, which excludes what is not kept by category.
fn category(query: &mut QueryReader) -> Option<Category> {
    let category = query.parse("category", "promoter, passive or detractor", Category::parse)?;
    if let Some(other) = ["compare", "rolling", "group_by"].into_iter().find(|name| query.get(name).is_some())
    {
        let detail = format!(
            "Cannot be combined with {other}: the share of one category is computed for a period and \
             its series only. \
             Leave out one of the two."
        );
        query.error("category", &detail);
    }
    Some(category)
}
