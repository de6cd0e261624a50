//! Score of each group by one property.

use leptos::prelude::*;

use super::{heading, requests};
use crate::charts::DotPlot;
use crate::model::Report;
use crate::picture;
use crate::ui::App;
use crate::ui::charts::DotPlotChart;
use crate::ui::filter_bar::properties;
use crate::ui::remote::Remote;
use crate::ui::status::show;
use crate::url_state::Filter;
use crate::wording::{compare_groups, groups_sentence};

/// Groups as a sorted dot plot, with whether any differs.
#[component]
pub fn GroupsCard(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let names = Memo::new(move |_| properties(app));
    let property = Memo::new(move |_| {
        let chosen = app.url.with(|url| url.group.clone());
        chosen.or_else(|| names.with(|names| names.first().cloned())).unwrap_or_default()
    });
    let groups = Remote::<Report>::new(app.tick, move || requests::groups(app, &property.get()));
    let options = move || {
        let current = property.get();
        names
            .get()
            .into_iter()
            .map(|name| {
                let is_current = name == current;
                view! { <option value=name.clone() selected=is_current>{name.clone()}</option> }
            })
            .collect_view()
    };
    let choose_property = move |event| {
        let name = event_target_value(&event);
        app.navigate(|url| url.group = Some(name));
    };
    let choose = Callback::new(move |value: String| {
        let property = property.get_untracked();
        app.navigate(|url| url.filter = Some(Filter { property, value }));
    });
    let chart = move |report: Signal<Report>| {
        let plot = Memo::new(move |_| report.with(|report| DotPlot::new(&report.groups, report.score)));
        let sentence = move || report.with(|report| groups_sentence(&compare_groups(&report.groups)));
        let empty = move || {
            report.with(|report| report.groups.is_empty()).then(|| {
                view! {
                    <p class="soft">"No responses in these days."</p>
                }
            })
        };
        let picture = Callback::new(move |()| {
            let what = format!("score by {}", property.get_untracked());
            picture::groups(
                &report.with_untracked(|report| heading(app, &what, report)),
                &plot.get_untracked(),
            )
        });
        view! {
            <p class="sentence">{sentence}</p>
            {empty}
            <DotPlotChart plot=plot choose=choose picture=picture/>
        }
    };
    view! {
        <section class="card" aria-labelledby="groups-title">
            <div class="row head">
                <h2 id="groups-title">"Groups"</h2>
                <select aria-label="Group by" on:change=choose_property>{options}</select>
            </div>
            {show(app, groups, 4, chart)}
        </section>
    }
}
