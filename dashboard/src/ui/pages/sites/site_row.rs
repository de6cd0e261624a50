//! Site in the list of sites.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;

use super::token;
use crate::format;
use crate::model::{CreatedKey, ListedSite, Role};
use crate::session::SignedInSite;
use crate::ui::App;
use crate::ui::api::{self, Call};
use crate::ui::browser;
use crate::ui::copy::Secret;
use crate::ui::status::Failure;

/// Site with its actions.
#[component]
pub fn SiteRow(
    /// State of the page.
    app: App,
    /// The site.
    site: ListedSite,
    /// Called with the id once the site is deleted.
    gone: impl Fn(String) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let ListedSite { site: id, name, created_at, .. } = site;
    let (minted, error) = (RwSignal::new(None::<String>), RwSignal::new(None));
    let (is_confirming, typed) = (RwSignal::new(false), RwSignal::new(String::new()));
    let id = StoredValue::new(id);
    let stored_name = StoredValue::new(name.clone());
    let mint = move |_| {
        let Some(token) = token(app) else { return };
        let path = format!("v1/sites/{}/keys", id.get_value());
        error.set(None);
        spawn_local(async move {
            let body = json!({ "role": "owner", "name": "Created on the page of all sites" });
            let call = Call::get(path, &token).method("POST").body(&body);
            match api::fetch::<CreatedKey>(&call).await {
                Ok(created) => drop(minted.try_set(Some(created.key))),
                Err(problem) => drop(error.try_set(Some(problem))),
            }
        });
    };
    let delete = move || {
        let Some(token) = token(app) else { return };
        let path = format!("v1/sites/{}", id.get_value());
        error.set(None);
        spawn_local(async move {
            match api::send(&Call::get(path, &token).method("DELETE")).await {
                Ok(_) => {
                    app.change_session(|session| session.sites.retain(|site| site.site != id.get_value()));
                    gone(id.get_value());
                }
                Err(problem) => drop(error.try_set(Some(problem))),
            }
        });
    };
    let key = move || {
        minted.get().map(|key| {
            let opened = SignedInSite {
                site: id.get_value(),
                name: Some(stored_name.get_value()),
                key: key.clone(),
                role: Role::Owner,
                remember: false,
            };
            view! {
                <div class="notice" role="status">
                    <p>"Store this key now: it cannot be shown again."</p>
                    <Secret label="Owner key" text=key/>
                    <button type="button" class="button primary"
                        on:click=move |_| open_site(app, opened.clone())>"Open the site"</button>
                </div>
            }
        })
    };
    let confirm = move || {
        is_confirming.get().then(|| {
            let is_same = move || typed.with(|typed| typed.trim() == stored_name.get_value().trim());
            let field = format!("confirm-{}", id.get_value());
            view! {
                <div class="notice">
                    <p>"This erases all responses, keys and settings of the site, for good."</p>
                    <label for=field.clone()>"Type the name of the site to confirm"</label>
                    <input id=field autocomplete="off"
                        on:input=move |event| typed.set(event_target_value(&event))/>
                    <p class="row">
                        <button type="button" class="button danger" disabled=move || !is_same()
                            on:click=move |_| delete()>"Delete for good"</button>
                        <button type="button" class="button" on:click=move |_| is_confirming.set(false)>
                            "Keep it"
                        </button>
                    </p>
                </div>
            }
        })
    };
    let opened = move || app.session.with(|session| session.site(Some(&id.get_value())).cloned());
    let age = format::ago(browser::parse_time(&created_at), browser::now_ms());
    view! {
        <li>
            <div class="row">
                <div class="grow">
                    <strong><bdi>{name.clone()}</bdi></strong>
                    <p class="soft">
                        <code>{id.get_value()}</code> " · created " <time datetime=created_at>{age}</time>
                    </p>
                </div>
                {move || opened().map(|site| view! {
                    <button type="button" class="button" on:click=move |_| open_site(app, site.clone())>
                        "Open"
                    </button>
                })}
                <button type="button" class="button" aria-label=format!("New owner key of {name}")
                    on:click=mint>
                    "New owner key"
                </button>
                <button type="button" class="button" aria-label=format!("Delete {name}")
                    on:click=move |_| is_confirming.set(true)>"Delete…"</button>
            </div>
            {move || error.get().map(|problem| view! {
                <Failure app=app error=problem loaded_at=None retry=move || error.set(None)/>
            })}
            {key} {confirm}
        </li>
    }
}

/// Opens a site.
pub fn open_site(app: App, site: SignedInSite) {
    let id = site.site.clone();
    app.change_session(|session| session.add(site));
    app.navigate(|url| *url = url.for_site(&id));
}
