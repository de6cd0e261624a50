//! Row of a key, which can be revoked.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api_error::ApiError;
use crate::format;
use crate::model::{Key, KeyList, Role};
use crate::ui::App;
use crate::ui::api::{self, Call};
use crate::ui::browser;
use crate::ui::confirm::{Confirm, Wrong};
use crate::ui::remote::Remote;

/// Key with its use and its end.
#[component]
pub fn KeyRow(
    /// State of the page.
    app: App,
    /// The key.
    key_info: Key,
    /// The list, which is loaded again after a change.
    keys: Remote<KeyList>,
) -> impl IntoView {
    let (is_confirming, error) = (RwSignal::new(false), RwSignal::new(None::<ApiError>));
    let label = key_info.label().to_owned();
    let facts = facts(&key_info);
    let (is_current, is_share) = (key_info.current, key_info.role == Role::Share);
    let id = StoredValue::new(key_info.id);
    let revoke = move || {
        let Some(site) = app.site.get_untracked() else { return };
        error.set(None);
        spawn_local(async move {
            let call = Call::of_site(&site, &format!("keys/{}", id.get_value())).method("DELETE");
            match api::send(&call).await {
                Ok(_) => keys.retry(),
                Err(problem) => {
                    let _ = (error.try_set(Some(problem)), is_confirming.try_set(false));
                }
            }
        });
    };
    let warning = match (is_current, is_share) {
        (true, _) => {
            "You are signed in with this key, and will have to sign in with another one. It cannot be undone."
        }
        (_, true) => "The link stops working at once, for everyone who has it. It cannot be undone.",
        _ => "Programs and people that use this key are refused at once. It cannot be undone.",
    };
    view! {
        <li>
            <div class="row">
                <div class="grow">
                    <strong><bdi>{label.clone()}</bdi></strong>
                    <p class="soft">{facts}</p>
                </div>
                <button type="button" class="button" aria-label=format!("Revoke {label}")
                    on:click=move |_| is_confirming.set(true)>"Revoke…"</button>
            </div>
            <Wrong error=error/>
            <Confirm is_open=is_confirming text=warning action="Revoke for good" run=revoke/>
        </li>
    }
}

fn facts(key: &Key) -> String {
    let now = browser::now_ms();
    let ago = |time: &Option<String>| time.as_ref().map(|time| format::ago(browser::parse_time(time), now));
    let kind = match key.role {
        Role::Share => None,
        role => Some(format!("{} key", role.as_str())),
    };
    let used = ago(&key.last_used_at).map_or_else(|| "never used".into(), |ago| format!("used {ago}"));
    let ends = key.last_day().map(|day| format!("last day {}", format::day(day)));
    let facts = [
        kind,
        key.current.then(|| "the key of this page".into()),
        ago(&key.created_at).map(|ago| format!("created {ago}")),
        Some(used),
        ends,
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
