//! Sentences about a tag or a webhook that has stopped working.

use leptos::prelude::*;

use super::hidden_notes::{HiddenNotes, HideNote, ShowHidden};
use crate::automatic::{AutomaticNote, alarms};
use crate::model::{Role, Usage, WebhookList};
use crate::ui::App;
use crate::ui::api::Call;
use crate::ui::browser;
use crate::ui::link::Link;
use crate::ui::remote::Remote;
use crate::url_state::{Page, UrlState};

/// Interval at which is looked.
const INTERVAL_MS: u32 = 300_000;

/// Sentences about what has stopped, for the owner.
#[component]
pub fn Alarms(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let tick = RwSignal::new(0_u32);
    browser::poll(INTERVAL_MS, move || tick.update(|tick| *tick = tick.wrapping_add(1)));
    let call = move |endpoint: &'static str| {
        move || Some(Call::of_site(&app.site.get().filter(|site| site.role == Role::Owner)?, endpoint))
    };
    let usage = Remote::<Usage>::new(tick, call("usage"));
    let webhooks = Remote::<WebhookList>::new(tick, call("webhooks"));
    let found = Memo::new(move |_| {
        let usage = usage.value().get().unwrap_or(Usage { tag: Vec::new() });
        let webhooks = webhooks.value().get().map(|list| list.webhooks).unwrap_or_default();
        alarms(&usage, &webhooks, browser::now_ms(), browser::parse_time)
    });
    let notes = HiddenNotes::new(app, "alarms", found.into());
    let visible = Signal::derive(move || notes.visible());
    let lines = move || {
        let line = |(index, AutomaticNote { key, text, .. }): (usize, AutomaticNote)| {
            let name = format!("Hide: {text}");
            view! {
                <p class="sentence note">
                    <span class="grow">{text}</span> <HideNote notes=notes key=key name=name is_first=index == 0/>
                </p>
            }
        };
        visible.get().into_iter().enumerate().map(line).collect_view()
    };
    let install = move || {
        (!visible.with(Vec::is_empty)).then(|| {
            let to = |url: UrlState| UrlState { page: Page::Install, view: Vec::new(), ..url };
            view! { <p class="sentence go"><Link app=app to=to>"Check the installation"</Link></p> }
        })
    };
    view! { {lines} {install} <ShowHidden notes=notes/> }
}
