//! Bar of filters over everything: the days, those before to compare with, and one property.

use api::Day;
use leptos::prelude::*;

use super::App;
use super::api::{self as client, Call};
use super::remote::Remote;
use crate::format;
use crate::model::{Group, Property, Report, Role};
use crate::range::Range;
use crate::url_state::{Compare, Filter, Page};

/// Value of the choice of days that shows two fields.
const CUSTOM: &str = "custom";
/// Property of every response.
const CHANNEL: &str = "channel";

/// Returns the properties by which the score can be filtered and grouped.
pub fn properties(app: App) -> Vec<String> {
    let is_of_site = !app.settings.is_stale().get();
    let declared = app.settings.value().with(|settings| {
        settings
            .as_ref()
            .filter(|_| is_of_site)
            .map(|settings| settings.properties.iter().map(Property::name).map(String::from).collect())
    });
    let mut names: Vec<String> = declared.unwrap_or_default();
    names.push(CHANNEL.into());
    names
}

/// Returns the parameters of the score for the days and the filter of the address.
pub fn score_parameters(app: App, with_filter: bool) -> Vec<(String, String)> {
    let today = app.today();
    let is_shared = app.role() == Role::Share;
    app.url.with(|url| {
        let range = if is_shared { url.range.shared() } else { url.range };
        let days = range.score_parameters(today).into_iter();
        let filter = url.filter.as_ref().filter(|_| with_filter && !is_shared);
        let filter = filter.map(|filter| (format!("filter[{}]", filter.property), filter.value.clone()));
        days.map(|(name, value)| (name.to_owned(), value)).chain(filter).collect()
    })
}

/// Bar of filters.
#[component]
pub fn FilterBar(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let is_full = move || app.role() != Role::Share;
    view! {
        <div class="filters" role="group" aria-label="Filters">
            <RangeChoice app=app/>
            {move || is_full().then(|| view! { <CompareChoice app=app/> <PropertyFilter app=app/> })}
        </div>
    }
}

/// Choice of the days.
#[component]
fn RangeChoice(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let range = Memo::new(move |_| {
        let range = app.url.with(|url| url.range);
        if app.role() == Role::Share { range.shared() } else { range }
    });
    let is_choosing = RwSignal::new(false);
    let options = move || {
        let choices =
            if app.role() == Role::Share { Range::SHARED.to_vec() } else { Range::CHOICES.to_vec() };
        let current = range.get();
        let is_other = !choices.contains(&current) && !matches!(current, Range::Custom { .. });
        let listed = choices.into_iter().chain(is_other.then_some(current));
        listed
            .map(|choice| {
                let value = choice.as_parameter().unwrap_or_default();
                view! { <option value=value selected=choice == current>{choice.label()}</option> }
            })
            .collect_view()
    };
    let is_custom = move || matches!(range.get(), Range::Custom { .. });
    let custom = move || {
        (app.role() != Role::Share).then(|| {
            view! { <option value=CUSTOM selected=is_custom()>"Custom days…"</option> }
        })
    };
    let change = move |event| {
        let value = event_target_value(&event);
        is_choosing.set(value == CUSTOM);
        if let Some(range) = Range::parse(&value) {
            app.navigate(|url| url.range = range);
        }
    };
    let fields = move || (is_choosing.get() || is_custom()).then(|| view! { <CustomDays app=app/> });
    view! {
        <select aria-label="Days" on:change=change>{options} {custom}</select>
        {fields}
    }
}

/// Fields of the first and the last day.
#[component]
fn CustomDays(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let today = app.today();
    let (first, last) = match app.url.with_untracked(|url| url.range) {
        Range::Custom { from, to } => (from, to),
        range => (range.first_day(today).unwrap_or(today.plus(-89)), today),
    };
    let (first, last) = (RwSignal::new(first), RwSignal::new(last));
    let change = move |end: RwSignal<Day>, text: String| {
        let Some(day) = Day::parse(&text) else { return };
        end.set(day);
        let (from, to) = (first.get_untracked(), last.get_untracked());
        if from <= to {
            app.navigate(|url| url.range = Range::Custom { from, to });
        }
    };
    view! {
        <input type="date" aria-label="First day" prop:value=first.get_untracked().to_string()
            on:change=move |event| change(first, event_target_value(&event))/>
        <span aria-hidden="true">"to"</span>
        <input type="date" aria-label="Last day" prop:value=last.get_untracked().to_string()
            on:change=move |event| change(last, event_target_value(&event))/>
    }
}

/// Choice of what the days are compared with.
#[component]
fn CompareChoice(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let has_previous =
        Memo::new(move |_| app.url.with(|url| url.page != Page::Comments && url.range.has_previous()));
    let compare = Memo::new(move |_| app.url.with(|url| url.compare));
    let change = move |event| {
        let compare = if event_target_value(&event) == "year" { Compare::Year } else { Compare::Previous };
        app.navigate(|url| url.compare = compare);
    };
    move || {
        has_previous.get().then(|| {
            view! {
                <select aria-label="Compared with" on:change=change>
                    <option value="" selected=move || compare.get() == Compare::Previous>
                        "vs the days before"
                    </option>
                    <option value="year" selected=move || compare.get() == Compare::Year>
                        "vs a year before"
                    </option>
                </select>
            }
        })
    }
}

/// Filter by one property, with its values.
#[component]
fn PropertyFilter(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let filter = Memo::new(move |_| app.url.with(|url| url.filter.clone()));
    let adding = RwSignal::new(None::<String>);
    let chip = move || {
        filter.get().map(|Filter { property, value }| {
            let shown = if value.is_empty() { "not given".to_owned() } else { value };
            let label = format!("Remove the filter {property}: {shown}");
            view! {
                <button type="button" class="chip" aria-label=label
                    on:click=move |_| app.navigate(|url| url.filter = None)>
                    {property} ": " <bdi>{shown}</bdi> " " <span aria-hidden="true">"×"</span>
                </button>
            }
        })
    };
    let choose = move |event| {
        let property = event_target_value(&event);
        adding.set(Some(property).filter(|property| !property.is_empty()));
    };
    let choice = move || {
        filter.with(Option::is_none).then(|| {
            let options = properties(app)
                .into_iter()
                .map(|name| {
                    let is_chosen = adding.with_untracked(|adding| adding.as_ref() == Some(&name));
                    view! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
                })
                .collect_view();
            view! {
                <select aria-label="Filter by" on:change=choose>
                    <option value="">"+ Filter"</option>
                    {options}
                </select>
            }
        })
    };
    let values = move || {
        let property = adding.get().filter(|_| filter.with(Option::is_none))?;
        Some(view! { <ValueChoice app=app property=property done=move || adding.set(None)/> })
    };
    view! { {chip} {choice} {values} }
}

/// Choice among the values of a property.
#[component]
fn ValueChoice(
    /// State of the page.
    app: App,
    /// Name of the property.
    property: String,
    /// Called once a value is chosen.
    done: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let name = StoredValue::new(property.clone());
    let groups = Remote::<Report>::new(app.tick, move || {
        let site = app.site.get()?;
        let mut parameters = score_parameters(app, false);
        parameters.push(("group_by".into(), name.get_value()));
        let parameters = parameters.iter().map(|(name, value)| (name.as_str(), value.clone()));
        Some(Call::of_site(&site, &client::with_parameters("score", parameters)))
    });
    let change = move |event| {
        let Some(value) = event_target_value(&event).strip_prefix('=').map(String::from) else { return };
        done();
        app.navigate(|url| url.filter = Some(Filter { property: name.get_value(), value }));
    };
    let options = move || {
        let options = |group: &Group| {
            let label = format!("{} ({})", group.label(), format::count(group.scored));
            // The other values together cannot be filtered by.
            (!group.other).then(|| {
                view! {
                    <option value=format!("={}", group.value.clone().unwrap_or_default())>{label}</option>
                }
            })
        };
        groups.value().with(|report| {
            report.as_ref().map(|report| report.groups.iter().filter_map(options).collect_view())
        })
    };
    let problem =
        move || groups.error().get().map(|error| view! { <span role="status">{error.explanation()}</span> });
    view! {
        <select aria-label=format!("Value of {property}") on:change=change>
            <option value="">"Choose a value"</option>
            {options}
        </select>
        {problem}
    }
}
