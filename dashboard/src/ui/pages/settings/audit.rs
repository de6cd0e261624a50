//! The audit log of the last 90 days.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::format;
use crate::model::{AuditEntry, AuditPage};
use crate::ui::App;
use crate::ui::api::{self, Call, with_parameters};
use crate::ui::browser;
use crate::ui::status::{Failure, Skeleton};
use crate::wording;

/// Number of entries that are loaded at once.
const PAGE: &str = "50";

/// List of changes, exports and erasures.
#[component]
pub fn AuditLog(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let entries = RwSignal::new(None::<Vec<AuditEntry>>);
    let (next, error) = (RwSignal::new(None::<String>), RwSignal::new(None));
    let load = move |cursor: Option<String>| {
        let Some(site) = app.site.get_untracked() else { return };
        error.set(None);
        let cursor = cursor.map(|cursor| ("cursor", cursor));
        let endpoint = with_parameters("audit", [("limit", PAGE.into())].into_iter().chain(cursor));
        spawn_local(async move {
            match api::fetch::<AuditPage>(&Call::of_site(&site, &endpoint)).await {
                Ok(page) => {
                    let _ =
                        entries.try_update(|entries| entries.get_or_insert_default().extend(page.entries));
                    let _ = next.try_set(page.next_cursor);
                }
                Err(problem) => drop(error.try_set(Some(problem))),
            }
        });
    };
    load(None);
    let failure = move || {
        error.get().map(|error| {
            let retry = move || load(next.get_untracked());
            view! { <Failure app=app error=error loaded_at=None retry=retry/> }
        })
    };
    let list = move || {
        match entries.get() {
        Some(entries) => view! {
            <ul class="rows log" role="list">{entries.into_iter().map(|it| entry(app, it)).collect_view()}</ul>
        }
        .into_any(),
        None => error.with(Option::is_none).then(|| view! { <Skeleton lines=5/> }).into_any(),
    }
    };
    let more = move || {
        next.get().map(|cursor| {
            view! {
                <p>
                    <button type="button" class="button" on:click=move |_| load(Some(cursor.clone()))>
                        "Load more"
                    </button>
                </p>
            }
        })
    };
    view! {
        <section class="card stack" aria-labelledby="audit-title">
            <h2 id="audit-title">"Audit log"</h2>
            <p>"Each change, export and erasure of the last 90 days, and which key did it."</p>
            {failure} {list} {more}
        </section>
    }
}

fn entry(app: App, entry: AuditEntry) -> impl IntoView {
    let age = format::ago(browser::parse_time(&entry.at), browser::now_ms());
    let exact = app.exact(&entry.at);
    let actor = entry.actor();
    let action = wording::audit(&entry.action).to_owned();
    let object = entry.object.map(|object| view! { " " <code>{object}</code> });
    view! {
        <li>
            <span class="grow">{action} {object} <span class="soft">" by " <bdi>{actor}</bdi></span></span>
            <time class="soft" datetime=entry.at title=exact>{age}</time>
        </li>
    }
}
