//! Report of the score. Its members have the names of `api::report`.

use api::Day;
use nps::{Difference, Histogram};

use super::json::from_json;

/// Report of the score.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// −100 to 100; `None` without responses or where hidden.
    pub score: Option<f64>,
    /// Number of scores.
    pub scored: Option<u64>,
    /// 95% interval of the score.
    pub interval95: Option<Interval95>,
    /// Number of responses with each score, 0 first.
    pub distribution: Option<[u64; 11]>,
    /// Number of impressions.
    pub shown: u64,
    /// Number of impressions with a score.
    pub answered: u64,
    /// Number of responses with a comment.
    pub commented: Option<u64>,
    /// Responses per impression.
    pub response_rate: Option<f64>,
    /// Median time to answer.
    pub median_seconds: Option<f64>,
    /// Whether there are too few responses to show.
    pub hidden: bool,
    /// Steps of the period.
    pub series: Vec<Point>,
    /// Values of the property that was grouped by.
    pub groups: Vec<Group>,
    /// Period to compare with.
    pub previous: Option<Previous>,
    /// Effective query.
    pub query: Query,
}

from_json!(Report {
    score,
    scored,
    interval95,
    distribution,
    shown,
    answered,
    commented,
    response_rate,
    median_seconds,
    hidden,
    series,
    groups,
    previous,
    query
});

impl Report {
    /// Returns the histogram, unless it is hidden.
    pub fn histogram(&self) -> Option<Histogram> {
        self.distribution.map(Histogram::from_counts)
    }

    /// Returns the difference from the previous period and the half-width of its interval.
    pub fn change(&self) -> Option<(Difference, f64)> {
        let (now, before) = (self.histogram()?, self.previous.as_ref()?.histogram()?);
        Some((Difference::between(&now, &before)?, Difference::margin(&now, &before)?))
    }
}

/// 95% interval of a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval95 {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

from_json!(Interval95 { low, high });

/// Number of responses by category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// 9 and 10.
    pub promoters: u64,
    /// 7 and 8.
    pub passives: u64,
    /// 0 to 6.
    pub detractors: u64,
}

from_json!(Counts { promoters, passives, detractors });

impl Counts {
    /// Returns a histogram with these counts of the categories, on which scores and differences
    /// depend.
    pub const fn histogram(self) -> Histogram {
        Histogram::from_counts([self.detractors, 0, 0, 0, 0, 0, 0, self.passives, 0, self.promoters, 0])
    }
}

/// Step of the period.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// First day.
    pub from: Day,
    /// Last day, inclusive.
    pub to: Day,
    /// Score of these days.
    pub score: Option<f64>,
    /// Number of scores.
    pub scored: Option<u64>,
    /// 95% interval of the score.
    pub interval95: Option<Interval95>,
    /// Responses by category; `None` where hidden.
    pub counts: Option<Counts>,
    /// Days that end with this step.
    pub rolling: Option<Rolling>,
}

from_json!(Point { from, to, score, scored, interval95, counts, rolling });

/// Score of the days that end with a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Rolling {
    /// Score of these days.
    pub score: Option<f64>,
    /// Number of scores.
    pub scored: u64,
    /// 95% interval of the score.
    pub interval95: Option<Interval95>,
}

from_json!(Rolling { score, scored, interval95 });

/// Responses with one value of a property.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Value; `None` for responses without the property and for the other values.
    pub value: Option<String>,
    /// Whether these are the responses of all values that are not kept apart.
    pub other: bool,
    /// Whether there are too few responses to show.
    pub hidden: bool,
    /// Score.
    pub score: Option<f64>,
    /// Number of scores.
    pub scored: u64,
    /// 95% interval of the score.
    pub interval95: Option<Interval95>,
    /// Responses by category.
    pub counts: Option<Counts>,
}

from_json!(Group { value, other, hidden, score, scored, interval95, counts });

impl Group {
    /// Returns the name of the group.
    pub fn label(&self) -> String {
        match (&self.value, self.other) {
            (Some(value), _) => value.clone(),
            (None, true) => "Other values".into(),
            (None, false) => "Not given".into(),
        }
    }
}

/// Period to compare with.
#[derive(Debug, Clone, PartialEq)]
pub struct Previous {
    /// First day.
    pub from: Day,
    /// Last day, inclusive.
    pub to: Day,
    /// Score.
    pub score: Option<f64>,
    /// Number of scores.
    pub scored: u64,
    /// Responses by category.
    pub counts: Option<Counts>,
}

from_json!(Previous { from, to, score, scored, counts });

impl Previous {
    /// Returns the histogram, unless it is hidden.
    pub fn histogram(&self) -> Option<Histogram> {
        self.counts.map(Counts::histogram)
    }
}

/// Effective query.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// First day.
    pub from: Day,
    /// Last day, inclusive.
    pub to: Day,
    /// Time zone in which days begin.
    pub timezone: String,
    /// Filter.
    pub filter: Option<QueryFilter>,
}

from_json!(Query { from, to, timezone, filter });

/// Filter of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryFilter {
    /// Property.
    pub name: String,
    /// Value; `None` for responses without the property.
    pub value: Option<String>,
}

from_json!(QueryFilter { name, value });
