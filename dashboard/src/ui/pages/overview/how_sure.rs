//! Numbers behind the sentences, for those who ask.

use leptos::prelude::*;

use crate::format;
use crate::model::Report;
use crate::wording;

/// Explanation of the interval and the comparison.
#[component]
pub fn HowSure(
    /// The report.
    report: Signal<Report>,
) -> impl IntoView {
    let planning = move || {
        report.with(|report| {
            let (ten, five) = (wording::plan(report, 10.0)?, wording::plan(report, 5.0)?);
            Some(format!(
                "To notice a change of 10 points you need about {} responses a period; of 5 points about {}.",
                format::count(ten),
                format::count(five),
            ))
        })
    };
    let test = move || {
        report.with(|report| {
            let (difference, margin) = report.change()?;
            let previous = report.previous.as_ref()?;
            Some(format!(
                "Compared with {} to {}: {} responses, score {}. Difference {} ± {}, p = {:.3}{}.",
                format::day(previous.from),
                format::day(previous.to),
                format::count(previous.scored),
                previous.score.map_or_else(|| "–".into(), format::score),
                format::score(difference.delta),
                format::score(margin),
                difference.p,
                if difference.significant { ", statistically significant" } else { "" },
            ))
        })
    };
    let days = move || {
        report.with(|report| {
            let query = &report.query;
            format!("{} to {}, {}.", format::day(query.from), format::day(query.to), query.timezone)
        })
    };
    view! {
        <details class="more">
            <summary>"How sure is this?"</summary>
            <div class="text">
                <p>
                    "The score is the share of promoters (9–10) minus the share of detractors (0–6). "
                    "Everyone who chose a score counts; those who were asked and did not answer never do."
                </p>
                <p>
                    "The range is the 95% confidence interval (adjusted Wald). "
                    "It covers chance only, not those who did not answer."
                </p>
                <p>{test}</p>
                <p>{planning}</p>
                <p class="soft">{days}</p>
            </div>
        </details>
    }
}
