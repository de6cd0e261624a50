//! Groups as points with their intervals.

use leptos::prelude::*;

use crate::charts::{Dot, DotPlot};
use crate::format;
use crate::picture::Picture;
use crate::ui::table::DataTable;

/// Columns of the table behind the chart.
const COLUMNS: [&str; 5] = ["Group", "Responses", "Score", "Low", "High"];

/// Dot plot, one row for each group. A press on a group filters by it.
#[component]
pub fn DotPlotChart(
    /// The plot.
    plot: Memo<DotPlot>,
    /// Filters by a value.
    choose: Callback<String>,
    /// Draws the chart as a picture.
    picture: Callback<(), Picture>,
) -> impl IntoView {
    let rows = move || {
        let DotPlot { dots, overall, .. } = plot.get();
        dots.into_iter().map(|dot| group(dot, overall, choose)).collect_view()
    };
    let table = Signal::derive(move || plot.with(|plot| plot.dots.iter().map(row).collect::<Vec<_>>()));
    view! {
        <ul class="dots" role="list">{rows}</ul>
        <DataTable caption="Score of each group" columns=&COLUMNS rows=table picture=picture/>
    }
}

fn group(dot: Dot, overall: Option<f64>, choose: Callback<String>) -> impl IntoView {
    let Dot { label, value, scored, score, places, hidden } = dot;
    let text = match score {
        Some((score, low, high)) => format!("{} ({})", format::score(score), format::interval(low, high)),
        None if hidden => "hidden, fewer than 5".into(),
        None => "no score".into(),
    };
    let count = format::counted(scored, "response");
    let name = match value.filter(|_| !hidden) {
        Some(value) => {
            let title = format!("Show {label} only");
            view! {
                <button type="button" class="link" title=title on:click=move |_| choose.run(value.clone())>
                    <bdi>{label}</bdi>
                </button>
            }
            .into_any()
        }
        None => view! { <bdi>{label}</bdi> }.into_any(),
    };
    let drawn = places.map(|(score, low, high)| {
        view! {
            <i style:left=format!("{low}%") style:width=format!("{}%", high - low)></i>
            <b style:left=format!("{score}%")></b>
        }
    });
    let line = overall.map(|place| view! { <u style:left=format!("{place}%")></u> });
    view! {
        <li class:few=hidden>
            <span class="name">{name}</span>
            <span class="track" dir="ltr" aria-hidden="true">{line} {drawn}</span>
            <span class="figures">{text} <span class="soft">{count}</span></span>
        </li>
    }
}

fn row(dot: &Dot) -> Vec<String> {
    let figure = |read: fn((f64, f64, f64)) -> f64| {
        dot.score.map_or_else(String::new, |score| format::score(read(score)))
    };
    vec![
        dot.label.clone(),
        dot.scored.to_string(),
        figure(|(score, ..)| score),
        figure(|(_, low, _)| low),
        figure(|(.., high)| high),
    ]
}
