//! Form for a new key or share link, which is shown once.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;
use web_sys::SubmitEvent;

use crate::api_error::ApiError;
use crate::install::Tag;
use crate::model::{CreatedKey, KeyList, Role};
use crate::ui::App;
use crate::ui::api::{self, Call};
use crate::ui::browser;
use crate::ui::confirm::Wrong;
use crate::ui::copy::Secret;
use crate::ui::remote::Remote;

/// Form for a key of one of these roles. With the role of a share key alone it makes links.
#[component]
pub fn NewKey(
    /// State of the page.
    app: App,
    /// The list, which is loaded again after a change.
    keys: Remote<KeyList>,
    /// Roles to choose from.
    roles: &'static [Role],
) -> impl IntoView {
    let role = RwSignal::new(roles.first().copied().unwrap_or(Role::Read));
    let is_link = role.get_untracked() == Role::Share;
    let (name, expires) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (new, error) = (RwSignal::new(None::<String>), RwSignal::new(None::<ApiError>));
    let create = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(site) = app.site.get_untracked() else { return };
        let expires_on = Some(expires.get_untracked()).filter(|day| !day.is_empty());
        let body = json!({
            "role": role.get_untracked().as_str(), "name": name.get_untracked().trim(), "expires": expires_on,
        });
        error.set(None);
        new.set(None);
        spawn_local(async move {
            let call = Call::of_site(&site, "keys").method("POST").body(&body);
            match api::fetch::<CreatedKey>(&call).await {
                Ok(created) => {
                    let _ = (name.try_set(String::new()), expires.try_set(String::new()));
                    let tag = Tag::new(&browser::address(), &site.site);
                    let link = tag.share_link(&created.key, site.label());
                    let _ = new.try_set(Some(if is_link { link } else { created.key }));
                    keys.retry();
                }
                Err(problem) => drop(error.try_set(Some(problem))),
            }
        });
    };
    let (id, question) = if is_link { ("link", "Who is it for?") } else { ("key", "What is it for?") };
    let role_choice = (!is_link).then(|| {
        let options = roles.iter().map(|role| view! { <option value=role.as_str()>{label(*role)}</option> });
        let choose = move |event| {
            let value = event_target_value(&event);
            role.set(roles.iter().copied().find(|role| role.as_str() == value).unwrap_or(Role::Read));
        };
        view! {
            <p>
                <label for="key-role">"Kind"</label>
                <select id="key-role" on:change=choose>{options.collect_view()}</select>
            </p>
        }
    });
    let shown = move || {
        new.get().map(|secret| {
            view! {
                <div class="notice" role="status">
                    <p>"Copy it now: it cannot be shown again."</p>
                    <Secret label=if is_link { "Share link" } else { "New key" } text=secret/>
                    <button type="button" class="button" on:click=move |_| new.set(None)>"I have it"</button>
                </div>
            }
        })
    };
    view! {
        <form class="new-key" on:submit=create>
            {role_choice}
            <p>
                <label for=format!("{id}-name")>{question}</label>
                <input id=format!("{id}-name") autocomplete="off" maxlength="100" dir="auto"
                    placeholder=if is_link { "Board meeting" } else { "Weekly report" }
                    prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event))/>
            </p>
            <p>
                <label for=format!("{id}-until")>"Last day (optional)"</label>
                <input type="date" id=format!("{id}-until") aria-describedby=format!("{id}-wrong")
                    prop:value=move || expires.get()
                    on:input=move |event| expires.set(event_target_value(&event))/>
            </p>
            <button class="button">{if is_link { "Create a share link" } else { "Create a key" }}</button>
        </form>
        <Wrong error=error id=format!("{id}-wrong")/>
        {shown}
    }
}

const fn label(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner key",
        Role::Read => "Read key",
        Role::Share => "Share key",
    }
}
