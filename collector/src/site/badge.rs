//! `GET …/badge.svg` and `GET …/badge.json`: the score for everybody, where the owner publishes it.

use api::Day;
use api::report::{Interval, ScoreQuery, ScoreReport};
use api::survey::STANDARD;
use collector_core::badge::{Badge, MIN_RESPONSES};
use serde::Serialize;

use super::published;
use super::site_settings::SiteSettings;
use super::state::SiteState;
use crate::http::{ApiResult, Problem, Response, response};

/// Period of the badge, as a query.
const RANGE: (&str, &str) = ("range", "365d");

/// Score for everybody, as JSON.
#[derive(Serialize)]
struct BadgeJson<'a> {
    name: &'a str,
    label: &'a str,
    score: Option<f64>,
    scored: u64,
    interval95: Option<Interval>,
    low_sample: bool,
    from: Day,
    to: Day,
}

/// `GET …/badge.svg`
pub fn svg(site: &SiteState) -> ApiResult<Response> {
    let settings = site.settings()?;
    let report = report(site, &settings)?;
    let responses = report.scored.unwrap_or(0);
    let badge = Badge {
        name: &settings.name,
        standard: is_standard(&settings),
        score: published_score(&report),
        responses,
        with_responses: true,
    };
    Ok(response::public_file("image/svg+xml", badge.svg()))
}

/// `GET …/badge.json`
pub fn json(site: &SiteState) -> ApiResult<Response> {
    let settings = site.settings()?;
    let report = report(site, &settings)?;
    let score = published_score(&report);
    let badge = BadgeJson {
        name: &settings.name,
        label: if is_standard(&settings) { "NPS" } else { "Score" },
        score: score.map(|score| nps::round(score, 0)),
        scored: report.scored.unwrap_or(0),
        interval95: score.and(report.interval95),
        low_sample: report.low_sample,
        from: report.query.from,
        to: report.query.to,
    };
    Ok(response::public_json(serde_json::to_string(&badge).map_err(Problem::internal)?))
}

fn report(site: &SiteState, settings: &SiteSettings) -> ApiResult<ScoreReport> {
    if !settings.badge {
        return Err(Problem::unknown_path());
    }
    published::report(site, &ScoreQuery::parse([RANGE].into_iter())?)
}

/// Returns the score, unless so few people responded that it would disclose their scores.
fn published_score(report: &ScoreReport) -> Option<f64> {
    report.score.filter(|_| report.scored.unwrap_or(0) >= MIN_RESPONSES)
}

/// Whether the survey asks the question whose score may be called NPS.
fn is_standard(settings: &SiteSettings) -> bool {
    settings.survey.variant == STANDARD
}
