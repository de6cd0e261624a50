//! What is asked of `GET /v1/sites/SITE/score`.
//!
//! A query is read before anything is known of the site, so that a wrong one costs no storage access. It says what is
//! wanted relative to days and properties that it does not know; the collector's plan takes the days, and
//! [`check_property`](ScoreQuery::check_property) the properties.

use serde::Serialize;

use super::Segment;
use super::breakdown::{By, by};
use crate::day::Step;
use crate::{Day, Invalid, Period, survey};
use nps::Category;

/// The longest `range`, in days: ten years and a week.
pub const MAX_RANGE_DAYS: u16 = 3_660;
/// The longest `rolling`, in days: a year, leap or not.
pub const MAX_ROLLING_DAYS: u16 = 366;
const PARAMETERS: [&str; 9] =
    ["range", "from", "to", "interval", "compare", "variant", "rolling", "group_by", "category"];

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
    pub by: By,
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
    /// The same calendar days one year earlier.
    Year,
}

impl ScoreQuery {
    /// Reads the names and values of a query string, already decoded, or says which parameter is wrong and what is possible.
    ///
    /// - `range`: `Nd`, the latest N local days with today, or `all`, which is the default;
    /// - or `from` and `to`: local days, both included. Without `to` until today, without `from` since the first answer;
    /// - `interval`: `day`, `week` or `month`, for a series;
    /// - `rolling`: `Nd`, for the score of the N days that end with each point of the series;
    /// - `compare`: `previous`, for the period of equal length just before, or `year`, for the same days a year earlier;
    /// - `variant`: the name of one;
    /// - `group_by`: the name of a property, for each of its values;
    /// - or `filter[NAME]`: a value of the property of that name, for its answers only; empty for those without the property;
    /// - `category`: `promoter`, `passive` or `detractor`, for its answers only and their share.
    pub fn parse<'a>(mut parameters: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, Invalid> {
        // The rest is compiled once, whatever the iterator.
        Self::read(&mut parameters)
    }

    fn read<'a>(parameters: &mut dyn Iterator<Item = (&'a str, &'a str)>) -> Result<Self, Invalid> {
        let mut given = [None; PARAMETERS.len()];
        let mut filter: Option<(&str, &str)> = None;
        let twice = |name| Invalid::at(name, "Is given more than once; give it once.");
        for (name, value) in parameters {
            if let Some(property) = name.strip_prefix("filter[").and_then(|rest| rest.strip_suffix(']')) {
                match filter.replace((property, value)) {
                    None => continue,
                    Some((same, _)) if same == property => return Err(twice(name)),
                    Some(_) => {
                        let detail = "Is a second filter. Sums are kept for one property at a time, so give one filter.";
                        return Err(Invalid::at(name, detail));
                    }
                }
            }
            let index = PARAMETERS.iter().position(|known| *known == name);
            let Some(slot) = index.and_then(|index| given.get_mut(index)) else {
                return Err(unknown(name));
            };
            if slot.replace(value).is_some() {
                return Err(twice(name));
            }
        }
        let [range, from, to, interval, compare, variant, rolling, group_by, category] = given;
        let days = days(range, from, to)?;
        let step = match interval {
            None => None,
            Some(name) => Some(
                Step::parse(name).ok_or_else(|| Invalid::at("interval", "Must be day, week or month."))?,
            ),
        };
        let compare = match compare {
            None => None,
            Some("previous") => Some(Compare::Previous),
            Some("year") => Some(Compare::Year),
            Some(_) => {
                let detail = "Must be previous, for the period of equal length just before, \
                              or year, for the same days one year earlier.";
                return Err(Invalid::at("compare", detail));
            }
        };
        if compare.is_some() && days == Days::All {
            let detail = "There is nothing before all answers. Choose days to compare with those before them, \
                          for example range=30d, or from and to.";
            return Err(Invalid::at("compare", detail));
        }
        if variant.is_some_and(|name| !survey::is_variant_name(name)) {
            let detail = format!("Must be 1 to {} characters of a–z, 0–9, - and _.", survey::MAX_VARIANT);
            return Err(Invalid::at("variant", detail));
        }
        let rolling = rolling.map(|value| window(value, step)).transpose()?;
        let by = by(group_by, filter)?;
        let category = category
            .map(|name| {
                let others = [
                    ("compare", compare.is_some()),
                    ("rolling", rolling.is_some()),
                    ("group_by", group_by.is_some()),
                ];
                one_category(name, others.into_iter().find_map(|(name, given)| given.then_some(name)))
            })
            .transpose()?;
        Ok(Self { days, step, compare, variant: variant.map(str::to_owned), rolling, by, category })
    }

    /// The variant that is asked for; without it the site's present one is meant.
    pub fn variant(&self) -> Option<&str> {
        self.variant.as_deref()
    }

    /// The property whose rows are to be read; without it [`CHANNEL`](super::CHANNEL), whose values add up to the total.
    pub fn property(&self) -> Option<&str> {
        self.by.property()
    }

    /// Whether each value of the property is asked for.
    pub fn groups(&self) -> bool {
        matches!(self.by, By::Group(_))
    }

    /// The one segment whose answers are asked for; `None` without a filter.
    pub fn filter_value(&self) -> Option<&Segment> {
        self.by.filter_value()
    }

    /// Refuses a property that is neither [`CHANNEL`](super::CHANNEL) nor among those that the site declares.
    pub fn check_property(&self, declared: &[String]) -> Result<(), Invalid> {
        self.by.check(declared)
    }
}

fn unknown(name: &str) -> Invalid {
    let detail = if name.starts_with("filter") {
        "Must name a property in brackets, for example filter[plan]=pro.".to_owned()
    } else {
        let names = PARAMETERS.join(", ");
        format!("There is no parameter of this name. The parameters are {names}, filter[NAME].")
    };
    Invalid::at(name, detail)
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
        (Some(range), ..) => {
            let days = number_of_days(range).filter(|days| (1..=MAX_RANGE_DAYS).contains(days));
            days.map(Days::Latest).ok_or_else(|| {
                let detail = format!(
                    "Must be all, or a number of days from 1d to {MAX_RANGE_DAYS}d, for example 30d."
                );
                Invalid::at("range", detail)
            })
        }
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
fn number_of_days(text: &str) -> Option<u16> {
    let digits = text.strip_suffix('d').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    digits.parse().ok()
}

fn window(value: &str, step: Option<Step>) -> Result<u16, Invalid> {
    let days = number_of_days(value).filter(|days| (2..=MAX_ROLLING_DAYS).contains(days));
    let Some(days) = days else {
        let detail = format!("Must be a number of days from 2d to {MAX_ROLLING_DAYS}d, for example 30d.");
        return Err(Invalid::at("rolling", detail));
    };
    if step.is_none() {
        let detail = "Belongs to the points of a series. Give interval as well: day, week or month.";
        return Err(Invalid::at("rolling", detail));
    }
    Ok(days)
}

/// A category goes with what is kept of one.
fn one_category(name: &str, other: Option<&str>) -> Result<Category, Invalid> {
    let category = Category::parse(name)
        .ok_or_else(|| Invalid::at("category", "Must be promoter, passive or detractor."))?;
    match other {
        None => Ok(category),
        Some(other) => {
            let detail = format!(
                "Cannot go with {other}: the share of one category is computed for a period and its series only. \
                 Leave out one of the two."
            );
            Err(Invalid::at("category", detail))
        }
    }
}
