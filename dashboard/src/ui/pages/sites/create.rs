//! Creation of a site.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;
use web_sys::SubmitEvent;

use super::site_row::open_site;
use super::token;
use crate::model::{CreatedSite, Role};
use crate::session::SignedInSite;
use crate::ui::App;
use crate::ui::api::{self, Call};
use crate::ui::copy::Secret;
use crate::ui::status::Failure;

/// Form to create a site. The keys of a new site are shown once.
#[component]
pub fn CreateSite(
    /// State of the page.
    app: App,
    /// Called once a site is created.
    created: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let (new, error, is_busy) =
        (RwSignal::new(None::<(String, CreatedSite)>), RwSignal::new(None), RwSignal::new(false));
    let create = move || {
        let Some(token) = token(app) else { return };
        let given = name.get_untracked().trim().to_owned();
        error.set(None);
        is_busy.set(true);
        spawn_local(async move {
            let call = Call::get("v1/sites", &token).method("POST").body(&json!({ "name": given }));
            let outcome = api::fetch::<CreatedSite>(&call).await;
            let _ = is_busy.try_set(false);
            match outcome {
                Ok(site) => {
                    let _ = name.try_set(String::new());
                    let _ = new.try_set(Some((given, site)));
                    created();
                }
                Err(problem) => {
                    let _ = error.try_set(Some(problem));
                }
            }
        });
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        create();
    };
    let keys = move || {
        new.get().map(|(name, CreatedSite { site, keys })| {
            let opened = SignedInSite {
                site: site.clone(),
                name: Some(name.clone()),
                key: keys.owner.clone(),
                role: Role::Owner,
                remember: false,
            };
            view! {
                <div class="notice" role="status">
                    <p>
                        <strong>{name}</strong>
                        " is created. Store its keys now: they cannot be shown again."
                    </p>
                    <Secret label="Site id" text=site/>
                    <Secret label="Owner key" text=keys.owner/>
                    <Secret label="Read key" text=keys.read/>
                    <p class="row">
                        <button type="button" class="button primary"
                            on:click=move |_| open_site(app, opened.clone())>"Open the site"</button>
                        <button type="button" class="button" on:click=move |_| new.set(None)>
                            "I have stored them"
                        </button>
                    </p>
                </div>
            }
        })
    };
    view! {
        <form class="row" on:submit=on_submit>
            <label for="new-site">"Name of a new site"</label>
            <input id="new-site" required autocomplete="off" prop:value=move || name.get()
                on:input=move |event| name.set(event_target_value(&event))/>
            <button class="button primary" disabled=move || is_busy.get()>"Create"</button>
        </form>
        {move || error.get().map(|error| view! {
            <Failure app=app error=error loaded_at=None retry=create/>
        })}
        {keys}
    }
}
