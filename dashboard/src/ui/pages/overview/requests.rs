//! Requests of the overview, each for the days and the filter of the address.

use api::Day;
use leptos::prelude::*;

use crate::model::Role;
use crate::range::Interval;
use crate::session::SignedInSite;
use crate::ui::App;
use crate::ui::api::{Call, with_parameters};
use crate::ui::filter_bar::score_parameters;
use crate::url_state::Compare;

/// Window of the trend.
const ROLLING: &str = "30d";
/// Number of responses among which the newest comments are.
const NEWEST: &str = "100";

/// Returns the request of the score with its trend.
pub fn report(app: App) -> Option<Call> {
    let site = app.site.get()?;
    let mut parameters = score_parameters(app, true);
    let (range, compare) = app.url.with(|url| (url.range, url.compare));
    let interval = interval(app);
    parameters.push(("interval".into(), interval.as_str().into()));
    if site.role != Role::Share {
        if interval != Interval::Month {
            parameters.push(("rolling".into(), ROLLING.into()));
        }
        if range.has_previous() {
            let compare = if compare == Compare::Year { "year" } else { "previous" };
            parameters.push(("compare".into(), compare.into()));
        }
    }
    Some(score(&site, parameters))
}

/// Returns the request of the score without the filter, where there is one.
pub fn total(app: App) -> Option<Call> {
    let site = app.site.get().filter(|site| site.role != Role::Share)?;
    app.url.with(|url| url.filter.is_some()).then_some(())?;
    Some(score(&site, score_parameters(app, false)))
}

/// Returns the request of the score of each group.
pub fn groups(app: App, property: &str) -> Option<Call> {
    let site = app.site.get()?;
    let mut parameters = score_parameters(app, false);
    parameters.push(("group_by".into(), property.into()));
    Some(score(&site, parameters))
}

fn score(site: &SignedInSite, parameters: Vec<(String, String)>) -> Call {
    let parameters = parameters.iter().map(|(name, value)| (name.as_str(), value.clone()));
    Call::of_site(site, &with_parameters("score", parameters))
}

/// Returns the request of the groups in these days; `None` under a filter, since the score is
/// filtered by one property at a time.
pub fn groups_of_days(app: App, property: &str, from: Day, to: Day) -> Option<Call> {
    app.url.with(|url| url.filter.is_none()).then_some(())?;
    let parameters = [("from", from.to_string()), ("to", to.to_string()), ("group_by", property.to_owned())];
    Some(score(&app.site.get()?, parameters.map(|(name, value)| (name.into(), value)).into()))
}

/// Returns the request of the weeks in which moves of the score are looked for: those of the days,
/// and of a year where all days are shown.
pub fn weeks(app: App) -> Option<Call> {
    let site = app.site.get().filter(|site| site.role != Role::Share)?;
    let mut parameters = score_parameters(app, true);
    for (name, value) in &mut parameters {
        if name == "range" && value == "all" {
            *value = "365d".into();
        }
    }
    parameters.push(("interval".into(), Interval::Week.as_str().into()));
    Some(score(&site, parameters))
}

/// Returns the request of the survey, which needs an owner key.
pub fn survey(app: App) -> Option<Call> {
    Some(Call::of_site(&app.site.get().filter(|site| site.role == Role::Owner)?, "survey"))
}

/// Returns the request of the notes. With a share key the API returns the public ones.
pub fn notes(app: App) -> Option<Call> {
    Some(Call::of_site(&app.site.get()?, "notes"))
}

/// Returns the request of the counts of cases.
pub fn cases(app: App) -> Option<Call> {
    let site = app.site.get().filter(|site| site.role != Role::Share)?;
    Some(Call::of_site(&site, "cases"))
}

/// Returns the request of the newest responses, which needs an owner key.
pub fn newest(app: App) -> Option<Call> {
    let site = app.site.get().filter(SignedInSite::has_comments)?;
    let today = app.today();
    let parameters = app.url.with(|url| {
        let days = url.range.list_parameters(today).into_iter().map(|(name, value)| (name.to_owned(), value));
        let filter = url.filter.clone().map(|filter| (format!("filter[{}]", filter.property), filter.value));
        days.chain(filter).collect::<Vec<_>>()
    });
    let fixed = [("limit", NEWEST.to_owned()), ("answered", "true".to_owned())];
    let parameters = parameters.iter().map(|(name, value)| (name.as_str(), value.clone()));
    Some(Call::of_site(&site, &with_parameters("responses", fixed.into_iter().chain(parameters))))
}

/// Returns the steps of the trend.
pub fn interval(app: App) -> Interval {
    if app.role() == Role::Share {
        return Interval::Week;
    }
    let today = app.today();
    app.url.with(|url| url.interval.unwrap_or_else(|| url.range.default_interval(today)))
}
