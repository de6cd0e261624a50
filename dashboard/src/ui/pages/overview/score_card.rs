//! Score with its interval, and whether it has changed.

use leptos::prelude::*;

use crate::charts::Scale;
use crate::format;
use crate::model::Report;
use crate::wording;

/// Score with its interval, drawn and written, and the sentence about its change.
#[component]
pub fn ScoreCard(
    /// The report.
    report: Report,
    /// Number of responses without the filter, where there is one.
    total: Memo<Option<u64>>,
) -> impl IntoView {
    let number = report.score.map(format::score);
    let interval = report.interval95.filter(|_| report.score.is_some()).map(|interval| {
        let scale = Scale::new((-100.0, 100.0), (0.0, 100.0));
        let (low, high) = (scale.place(interval.low), scale.place(interval.high));
        let mark = scale.place(report.score.unwrap_or(0.0));
        view! {
            <div class="range" aria-hidden="true">
                <i style:inset-inline-start=format!("{low}%") style:inline-size=format!("{}%", high - low)></i>
                <b style:inset-inline-start=format!("{mark}%")></b>
            </div>
            <p class="ends" aria-hidden="true"><span>"−100"</span><span>"0"</span><span>"100"</span></p>
            <p class="interval">{format::interval(interval.low, interval.high)}</p>
        }
    });
    let sentence = wording::sample(&report).or_else(|| wording::change(&report));
    let scored = report.scored.unwrap_or(0);
    let empty =
        (scored == 0).then_some("No responses in these days. That is no zero: there is no score yet.");
    let counted = move || match total.get() {
        Some(total) => format!("{} of {}", format::count(scored), format::counted(total, "response")),
        None => format::counted(scored, "response"),
    };
    view! {
        <section class="card score" aria-labelledby="score-title">
            <h2 id="score-title">"Net Promoter Score"</h2>
            <p class="number">{number.unwrap_or_else(|| "–".into())}</p>
            {interval}
            <p class="soft">{counted}</p>
            <p class="sentence">{sentence} {empty}</p>
        </section>
    }
}
