//! Overview: the score and how sure it is, whether it has changed, and what waits.

mod score_card;

use leptos::prelude::*;

use crate::model::Report;
use crate::range::Interval;
use crate::session::Role;
use crate::ui::App;
use crate::ui::api::{Call, with_parameters};
use crate::ui::filter_bar::score_parameters;
use crate::ui::remote::Remote;
use crate::ui::status::show;
use crate::url_state::Compare;
use score_card::ScoreCard;

/// Window of the trend.
const ROLLING: &str = "30d";

/// First view of a site.
#[component]
pub fn Overview(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let report = Remote::<Report>::new(app.tick, move || report_call(app));
    let total = Remote::<Report>::new(app.tick, move || total_call(app));
    let scored =
        Memo::new(move |_| total.value().with(|total| total.as_ref().and_then(|total| total.scored)));
    let title = move || {
        let name =
            app.site.with(|site| site.as_ref().map(|site| site.label().to_owned())).unwrap_or_default();
        format!("{name} · Overview · Grapevine")
    };
    Effect::new(move |_| crate::ui::browser::set_title(&title()));
    view! {
        <h1 class="hidden-text">"Overview"</h1>
        {show(app, report, 8, move |report| view! { <ScoreCard report=report total=scored/> })}
    }
}

/// Returns the request of the score with its trend.
fn report_call(app: App) -> Option<Call> {
    let site = app.site.get()?;
    let mut parameters = score_parameters(app, true);
    let (range, compare) = app.url.with(|url| (url.range, url.compare));
    let interval = interval(app);
    if site.role == Role::Share {
        parameters.push(("interval".into(), Interval::Week.as_str().into()));
    } else {
        parameters.push(("interval".into(), interval.as_str().into()));
        if interval != Interval::Month {
            parameters.push(("rolling".into(), ROLLING.into()));
        }
        if range.has_previous() {
            let compare = if compare == Compare::Year { "year" } else { "previous" };
            parameters.push(("compare".into(), compare.into()));
        }
    }
    let parameters = parameters.iter().map(|(name, value)| (name.as_str(), value.clone()));
    Some(Call::of_site(&site, &with_parameters("score", parameters)))
}

/// Returns the request of the score without the filter, where there is one.
fn total_call(app: App) -> Option<Call> {
    let site = app.site.get()?;
    app.url.with(|url| url.filter.is_some()).then_some(())?;
    let parameters = score_parameters(app, false);
    let parameters = parameters.iter().map(|(name, value)| (name.as_str(), value.clone()));
    Some(Call::of_site(&site, &with_parameters("score", parameters)))
}

/// Returns the steps of the trend.
fn interval(app: App) -> Interval {
    let today = app.today();
    app.url.with(|url| url.interval.unwrap_or_else(|| url.range.default_interval(today)))
}
