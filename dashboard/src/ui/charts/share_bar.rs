//! Shares of promoters, passives and detractors, with the eleven scores behind them.

use leptos::prelude::*;

use crate::format;
use crate::model::Report;
use crate::picture::Picture;
use crate::ui::table::DataTable;

/// Categories with the scores that they have.
const CATEGORIES: [(&str, &str); 3] = [("promoters", "9–10"), ("passives", "7–8"), ("detractors", "0–6")];

/// Bar of the shares in per cent.
#[component]
pub fn ShareBar(
    /// The report.
    report: Signal<Report>,
    /// Draws the shares as a picture.
    picture: Callback<(), Picture>,
) -> impl IntoView {
    let shares = move || {
        let histogram = report.with(Report::histogram)?;
        let counts = [histogram.promoters(), histogram.passives(), histogram.detractors()];
        (histogram.scored() > 0).then(|| {
            let percents = format::percents(counts);
            let parts = CATEGORIES.into_iter().zip(counts).map(|((name, _), count)| {
                view! { <i class=name style:flex-grow=count.to_string()></i> }
            });
            let figures = CATEGORIES.into_iter().zip(percents).zip(counts);
            let legend = figures.map(|(((name, scores), percent), count)| {
                let title = format::counted(count, "response");
                view! {
                    <li title=title>
                        <i class=name aria-hidden="true"></i>
                        <b>{format!("{percent}%")}</b> {format!(" {name} ")}
                        <span class="soft">{scores}</span>
                    </li>
                }
            });
            view! {
                <div class="shares" aria-hidden="true">{parts.collect_view()}</div>
                <ul class="legend" role="list">{legend.collect_view()}</ul>
            }
        })
    };
    let rows = Signal::derive(move || {
        let counts = report.with(|report| report.distribution).unwrap_or_default();
        let all: u64 = counts.iter().sum::<u64>().max(1);
        let rows = counts.iter().enumerate().rev();
        rows.map(|(score, count)| {
            vec![score.to_string(), count.to_string(), format::percent(*count as f64 / all as f64)]
        })
        .collect::<Vec<_>>()
    });
    view! {
        {shares}
        <DataTable caption="Responses with each score" columns=&["Score", "Responses", "Share"] rows=rows
            picture=picture/>
    }
}
