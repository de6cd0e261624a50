//! Rights of people: what is stored of a user, as a file, or erased.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;
use web_sys::SubmitEvent;

use crate::api_error::ApiError;
use crate::format;
use crate::model::{Erased, UserHistories, UserHistory};
use crate::path::segment;
use crate::ui::App;
use crate::ui::api::{self, Call};
use crate::ui::browser;
use crate::ui::confirm::{Confirm, Wrong};

/// Consequence of an erasure.
const ERASE: &str = "This erases all responses of this user, with comments, contacts and notes, for good.";

/// Looks up a user by the id that the owner's site uses.
#[component]
pub fn People(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let (found, error, outcome) =
        (RwSignal::new(None::<UserHistory>), RwSignal::new(None::<ApiError>), RwSignal::new(String::new()));
    let look_up = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(site) = app.site.get_untracked() else { return };
        found.set(None);
        error.set(None);
        outcome.set(String::new());
        let body = json!({ "users": [typed.get_untracked()] });
        spawn_local(async move {
            let call = Call::of_site(&site, "users/lookup").method("POST").body(&body);
            match api::fetch::<UserHistories>(&call).await {
                Ok(list) => drop(found.try_set(list.users.into_iter().next())),
                Err(problem) => drop(error.try_set(Some(problem))),
            }
        });
    };
    let user = move || {
        found.get().map(|user| view! { <User app=app history=user found=found error=error outcome=outcome/> })
    };
    view! {
        <section class="card stack" aria-labelledby="people-title">
            <h2 id="people-title">"Rights of people"</h2>
            <p>
                "Somebody asks what you store of them, or wants it erased? Look them up by the id that \
                your page passes as \
                " <code>"data-user"</code> ". The collector stores a digest of it only, so it cannot \
                list ids."
            </p>
            <form class="row" on:submit=look_up>
                <label for="person">"Id of the user"</label>
                <input id="person" required autocomplete="off" maxlength="1000" dir="auto"
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))/>
                <button class="button">"Look up"</button>
            </form>
            <Wrong error=error/>
            {user}
            <p role="status">{outcome}</p>
        </section>
    }
}

/// Person that was found, with what can be done.
#[component]
fn User(
    /// State of the page.
    app: App,
    /// The history.
    history: UserHistory,
    /// The person that is shown.
    found: RwSignal<Option<UserHistory>>,
    /// The problem of the last action.
    error: RwSignal<Option<ApiError>>,
    /// Result of the last action.
    outcome: RwSignal<String>,
) -> impl IntoView {
    let is_confirming = RwSignal::new(false);
    let name = history.user.clone();
    let summary = format!(
        "Asked {}, responded {}, dismissed {}.",
        times(history.showings),
        times(history.answers),
        times(history.dismissals)
    );
    let path = segment(&history.user).map(|segment| format!("users/{segment}"));
    let has_path = path.is_some();
    let path = StoredValue::new(path);
    let call = move || Some(Call::of_site(&app.site.get_untracked()?, &path.get_value()?));
    let download = move |_| {
        let Some(call) = call() else { return };
        error.set(None);
        spawn_local(async move {
            match api::download(&call).await {
                Ok(file) => browser::save_file(&file, "user-data.json"),
                Err(problem) => drop(error.try_set(Some(problem))),
            }
        });
    };
    let erase = move || {
        let Some(call) = call() else { return };
        error.set(None);
        spawn_local(async move {
            match api::fetch::<Erased>(&call.method("DELETE")).await {
                Ok(Erased { erased }) => {
                    let _ = outcome.try_set(format!("Erased {}.", format::counted(erased, "response")));
                    let _ = found.try_set(None);
                }
                Err(problem) => drop(error.try_set(Some(problem))),
            }
        });
    };
    let actions = has_path.then(|| {
        view! {
            <p class="row">
                <button type="button" class="button" on:click=download>"Download all data"</button>
                <button type="button" class="button"
                    on:click=move |_| is_confirming.set(true)>"Erase all data…"</button>
            </p>
        }
    });
    view! {
        <div class="stack" role="group" aria-label="User">
            <p><strong><bdi>{name}</bdi></strong></p>
            <p role="status">{summary}</p>
            {actions} <Confirm is_open=is_confirming text=ERASE action="Erase for good" run=erase/>
        </div>
    }
}

fn times(number: u64) -> String {
    match number {
        0 => "never".into(),
        1 => "once".into(),
        number => format!("{} times", format::count(number)),
    }
}
