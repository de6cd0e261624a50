//! What waits for the owner, and how many were asked.

use leptos::prelude::*;

use super::requests;
use crate::format;
use crate::model::{Cases, Report};
use crate::ui::App;
use crate::ui::browser;
use crate::ui::remote::Remote;
use crate::ui::status::show;
use crate::wording;

/// Cases to do, and the way from those who were asked to those who wrote.
#[component]
pub fn ToDoCard(
    /// State of the page.
    app: App,
    /// The report.
    report: Signal<Report>,
) -> impl IntoView {
    let cases = Remote::<Cases>::new(app.tick, move || requests::cases(app));
    let asked = move || report.with(|report| format::count(report.shown));
    let answered = move || {
        report.with(|report| match report.response_rate {
            Some(rate) => format!("{} ({})", format::count(report.answered), format::percent(rate)),
            None => format::count(report.answered),
        })
    };
    let wrote = move || report.with(|report| report.commented.map_or_else(|| "hidden".into(), format::count));
    let low = move || report.with(wording::low_response);
    let imported = move || {
        let imported = report.with(|report| report.scored.unwrap_or(0).saturating_sub(report.answered));
        (imported > 0)
            .then(|| format!("{} came by an import, without being asked here.", format::count(imported)))
    };
    let seconds = move || {
        let seconds = report.with(|report| report.median_seconds)?;
        Some(format!("Half of them took less than {} s to choose.", nps::round(seconds, 0).max(1.0)))
    };
    let list = |cases: Signal<Cases>| {
        let text = move || cases.with(|cases| wording::to_do(cases, overdue_since(cases)));
        view! { <p class="lead">{text}</p> }
    };
    view! {
        <div class="pair">
            <section class="card" aria-labelledby="to-do-title">
                <h2 id="to-do-title">"To do"</h2>
                {show(app, cases, 1, list)}
            </section>
            <section class="card" aria-labelledby="asked-title">
                <h2 id="asked-title">"Who answers"</h2>
                <dl class="funnel">
                    <div><dt>"Asked"</dt><dd>{asked}</dd></div>
                    <div><dt>"Answered"</dt><dd>{answered}</dd></div>
                    <div><dt>"Wrote"</dt><dd>{wrote}</dd></div>
                </dl>
                <p class="soft">{low} " " {imported} " " {seconds}</p>
            </section>
        </div>
    }
}

/// Returns the minutes since the earliest due time, or until it where negative.
fn overdue_since(cases: &Cases) -> Option<f64> {
    let due = browser::parse_time(cases.next_due_at.as_deref()?);
    due.is_finite().then(|| (browser::now_ms() - due) / 60_000.0)
}
