//! Numbers of those who were asked, answered and wrote.

use leptos::prelude::*;

use crate::format;
use crate::model::Report;
use crate::wording;

/// Way from those who were asked to those who wrote.
#[component]
pub fn FunnelCard(
    /// The report.
    report: Signal<Report>,
) -> impl IntoView {
    let asked = move || report.with(|report| format::count(report.shown));
    let answered = move || {
        report.with(|report| match report.response_rate {
            Some(rate) => format!("{} ({})", format::count(report.answered), format::percent(rate)),
            None => format::count(report.answered),
        })
    };
    let wrote = move || report.with(|report| report.commented.map_or_else(|| "hidden".into(), format::count));
    let remarks = move || report.with(|report| wording::funnel(report).join(" "));
    view! {
        <section class="card" aria-labelledby="asked-title">
            <h2 id="asked-title">"Who answers"</h2>
            <dl class="funnel">
                <div><dt>"Asked"</dt><dd>{asked}</dd></div>
                <div><dt>"Answered"</dt><dd>{answered}</dd></div>
                <div><dt>"Wrote"</dt><dd>{wrote}</dd></div>
            </dl>
            <p class="soft">{remarks}</p>
        </section>
    }
}
