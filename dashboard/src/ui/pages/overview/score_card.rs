//! Score with its interval, and whether it has changed.

use leptos::prelude::*;

use super::how_sure::HowSure;
use crate::charts::Scale;
use crate::format;
use crate::model::{Report, Role};
use crate::range::Range;
use crate::ui::App;
use crate::ui::link::Link;
use crate::ui::sample::LookAround;
use crate::url_state::{Page, UrlState};
use crate::wording;

/// Time for which a new response is announced.
const NEWS_MS: u64 = 8_000;

/// Score with its interval, drawn and written, and the sentence about its change.
#[component]
pub fn ScoreCard(
    /// State of the page.
    app: App,
    /// The report.
    report: Signal<Report>,
    /// Number of responses without the filter, where there is one.
    total: Memo<Option<u64>>,
) -> impl IntoView {
    let number = move || {
        let is_low = report.with(wording::is_small);
        let score = report.with(|report| report.score.map(format::score))?;
        Some(view! { <p class="number" class:few=is_low>{score}</p> })
    };
    let interval = move || {
        let (score, interval) = report.with(|report| report.score.zip(report.interval95))?;
        let scale = Scale::new((-100.0, 100.0), (0.0, 100.0));
        let (low, high, mark) = (scale.place(interval.low), scale.place(interval.high), scale.place(score));
        Some(view! {
            <div class="range" dir="ltr" aria-hidden="true">
                <i style:left=format!("{low}%") style:width=format!("{}%", high - low)></i>
                <b style:left=format!("{mark}%")></b>
            </div>
            <p class="ends" dir="ltr" aria-hidden="true">
                <span>"−100"</span><span>"0"</span><span>"100"</span>
            </p>
            <p class="interval">
                {format::interval(interval.low, interval.high)}
                <span class="soft">" · "{counted(report, total)}</span>
            </p>
        })
    };
    let without_score = move || {
        report.with(|report| report.score.is_none() && !report.hidden).then(|| view! { <Empty app=app/> })
    };
    let sentence = move || report.with(|report| wording::sample(report).or_else(|| wording::change(report)));
    view! {
        <section class="card score" aria-labelledby="score-title">
            <h2 id="score-title">"Net Promoter Score"</h2>
            <div class="row">
                {number}
                <p class="news" role="status">{news(report)}</p>
            </div>
            {interval} {without_score}
            <p class="sentence">{sentence}</p>
            {move || report.with(|report| report.score.is_some()).then(|| view! { <HowSure report=report/> })}
        </section>
    }
}

/// Returns how many responses count, and of how many where there is a filter.
fn counted(report: Signal<Report>, total: Memo<Option<u64>>) -> impl Fn() -> String {
    move || {
        let scored = report.with(|report| report.scored.unwrap_or(0));
        match total.get() {
            Some(total) => format!("{} of {}", format::count(scored), format::counted(total, "response")),
            None => format::counted(scored, "response"),
        }
    }
}

/// Returns for a while which scores have just come.
fn news(report: Signal<Report>) -> impl Fn() -> Option<String> {
    let text = RwSignal::new(None);
    Effect::new(move |before: Option<Report>| {
        let now = report.get();
        if let Some(came) = before.and_then(|before| wording::news(&before, &now)) {
            text.set(Some(came));
            set_timeout(
                move || {
                    let _ = text.try_set(None);
                },
                std::time::Duration::from_millis(NEWS_MS),
            );
        }
        now
    });
    move || text.get()
}

/// Days without a response.
#[component]
fn Empty(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let all_days = move || {
        app.url.with(|url| url.range != Range::All).then(|| view! {
            <button type="button" class="button" on:click=move |_| app.navigate(|url| url.range = Range::All)>
                "Show all days"
            </button>
        })
    };
    let install = move || {
        let to = |url: UrlState| UrlState { page: Page::Install, view: Vec::new(), ..url };
        (app.role() == Role::Owner).then(|| {
            view! { <Link app=app to=to class="button">"Check the installation"</Link> }
        })
    };
    view! {
        <p>"No responses in these days, so there is no score. That is not a zero."</p>
        <p class="soft">"Choose more days, or check that the survey is on your page."</p>
        <p class="sentence row">{all_days} {install} <LookAround app=app/></p>
    }
}
