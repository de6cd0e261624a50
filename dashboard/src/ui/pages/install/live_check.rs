//! Check of an installation, which looks every few seconds until there is a response.

use leptos::prelude::*;

use crate::install::Progress;
use crate::model::{ImpressionPage, Usage};
use crate::ui::App;
use crate::ui::api::Call;
use crate::ui::browser;
use crate::ui::remote::Remote;
use crate::ui::status::show;
use crate::url_state::Page;

/// Interval at which the check looks.
const INTERVAL_MS: u32 = 5_000;
/// The newest impression of the tag.
const NEWEST: &str = "responses?limit=1&marked=any&filter%5Bchannel%5D=web";
/// The newest of those with a score.
const ANSWERED: &str = "responses?limit=1&marked=any&answered=true&filter%5Bchannel%5D=web";

/// Three steps: loaded, shown, answered.
#[component]
pub fn LiveCheck(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let (tick, now) = (RwSignal::new(0_u32), RwSignal::new(browser::now_ms()));
    browser::poll(1_000, move || now.set(browser::now_ms()));
    browser::poll(INTERVAL_MS, move || tick.update(|tick| *tick = tick.wrapping_add(1)));
    let call = move |endpoint: &'static str| move || Some(Call::of_site(&app.site.get()?, endpoint));
    let usage = Remote::<Usage>::new(tick, call("usage"));
    let newest = Remote::<ImpressionPage>::new(tick, call(NEWEST));
    let answered = Remote::<ImpressionPage>::new(tick, call(ANSWERED));
    let content = move |usage: Signal<Usage>| {
        let progress = Memo::new(move |_| Progress {
            loaded: usage.with(|usage| {
                let latest = usage.tag.first()?;
                Some((latest.origin.clone(), browser::parse_time(&latest.last_seen_at)))
            }),
            shown: first(newest).map(|newest| browser::parse_time(&newest.at)),
            answered: first(answered).and_then(|it| {
                Some((it.score?, browser::parse_time(&it.at), it.mark.as_deref() == Some("test")))
            }),
        });
        let steps = move || {
            let steps = progress.with(|progress| progress.steps(now.get()));
            steps.map(|step| view! { <li class:done=step.is_done>{step.text}</li> }).collect_view()
        };
        // The steps change each second, so only what has happened is announced.
        let news = Memo::new(move |_| {
            let done = progress.with(|progress| progress.steps(0.0).map(|step| step.is_done));
            match done {
                [_, _, true] => "The first response is stored. The installation is complete.",
                [_, true, _] => "The survey was shown.",
                [true, ..] => "The tag was loaded. The survey opens when a visitor is due.",
                _ => "Open a page with the tag. This check looks by itself every 5 seconds.",
            }
        });
        view! {
            <ol class="check-steps">{steps}</ol>
            <p class="soft" role="status">{news}</p>
            {move || strangers(app, usage)}
            {move || others(usage, now.get())}
        }
    };
    show(app, usage, 3, content)
}

fn first(remote: Remote<ImpressionPage>) -> Option<crate::model::Impression> {
    remote.value().get()?.responses.into_iter().next()
}

/// Warns of origins that have the tag and are not among those of the site.
fn strangers(app: App, usage: Signal<Usage>) -> Option<impl IntoView> {
    let origins: Vec<String> = usage.with(|usage| {
        usage.tag.iter().filter(|origin| !origin.listed).map(|origin| origin.origin.clone()).collect()
    });
    (!origins.is_empty()).then(|| {
        view! {
            <div class="notice">
                <p>
                    <strong>"Nobody is asked on " <bdi>{origins.join(", ")}</bdi></strong>
                </p>
                <p>"The tag is there, but the origin is not among those that the site accepts."</p>
                <button type="button" class="button"
                    on:click=move |_| app.navigate(|url| url.page = Page::Settings)>
                    "Change the allowed origins"
                </button>
            </div>
        }
    })
}

/// Lists further origins with the tag.
fn others(usage: Signal<Usage>, now_ms: f64) -> Option<impl IntoView> {
    let others = usage.with(|usage| {
        let others = usage.tag.iter().skip(1).map(|other| {
            let age = crate::install::seconds_ago(browser::parse_time(&other.last_seen_at), now_ms);
            view! { <li><bdi>{other.origin.clone()}</bdi> " " <span class="soft">{age}</span></li> }
        });
        others.collect::<Vec<_>>()
    });
    (!others.is_empty()).then(|| view! { <p>"Also loaded on:"</p> <ul>{others}</ul> })
}
