//! Dated notes below the trend.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;
use web_sys::SubmitEvent;

use crate::format;
use crate::model::{Note, NoteList, Role};
use crate::ui::App;
use crate::ui::api::{self, Call};
use crate::ui::remote::Remote;
use crate::ui::status::Failure;
use crate::wording;

/// Note with what has happened since.
#[component]
pub fn NoteItem(
    /// State of the page.
    app: App,
    /// The note.
    note: Note,
    /// The list, which is loaded again after a change.
    notes: Remote<NoteList>,
) -> impl IntoView {
    let effect = note.effect.as_ref().and_then(wording::effect);
    let label = format!("Delete the note of {}", format::day(note.day));
    let (id, is_public) = (StoredValue::new(note.id), note.public);
    let change = move |change: fn(Call, bool) -> Call| {
        let Some(site) = app.site.get_untracked() else { return };
        spawn_local(async move {
            let call = Call::of_site(&site, &format!("notes/{}", id.get_value()));
            let _ = api::send(&change(call, is_public)).await;
            notes.retry();
        });
    };
    let delete = move |_| change(|call, _| call.method("DELETE"));
    let publish = move |_| {
        change(|call, is_public| call.method("PATCH").body(&json!({ "public": !is_public })));
    };
    let publish_label = if is_public { "Make private" } else { "Make public" };
    view! {
        <li>
            <span class="soft">{format::short_day(note.day)}</span>
            <span class="grow"><bdi>{note.text}</bdi> <span class="soft">" "{effect}</span></span>
            {move || (app.role() == Role::Owner).then(|| view! {
                <button type="button" class="button quiet" on:click=publish>{publish_label}</button>
                <button type="button" class="button quiet" aria-label=label.clone() on:click=delete>
                    "×"
                </button>
            })}
        </li>
    }
}

/// Form for a note, closed at first.
#[component]
pub fn NoteForm(
    /// State of the page.
    app: App,
    /// The list, which is loaded again after a change.
    notes: Remote<NoteList>,
) -> impl IntoView {
    let (day, text) = (RwSignal::new(app.today().to_string()), RwSignal::new(String::new()));
    let is_public = RwSignal::new(false);
    let (error, outcome) = (RwSignal::new(None), RwSignal::new(""));
    let add = move || {
        let Some(site) = app.site.get_untracked() else { return };
        let body = json!({
            "day": day.get_untracked(), "text": text.get_untracked().trim(), "public": is_public.get_untracked(),
        });
        error.set(None);
        outcome.set("");
        spawn_local(async move {
            match api::send(&Call::of_site(&site, "notes").method("POST").body(&body)).await {
                Ok(_) => {
                    let _ = (text.try_set(String::new()), is_public.try_set(false), outcome.try_set("Added"));
                    notes.retry();
                }
                Err(problem) => drop(error.try_set(Some(problem))),
            }
        });
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        add();
    };
    view! {
        <details class="more">
            <summary>"Note what you changed"</summary>
            <form class="row" on:submit=on_submit>
                <input type="date" aria-label="Day of the change" required
                    prop:value=move || day.get() on:input=move |event| day.set(event_target_value(&event))/>
                <input aria-label="What you changed" placeholder="New packaging" required maxlength="200"
                    dir="auto"
                    prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))/>
                <label class="check">
                    <input type="checkbox" prop:checked=move || is_public.get()
                        on:change=move |event| is_public.set(event_target_checked(&event))/>
                    "Public: share links show it"
                </label>
                <button class="button">"Add"</button>
                <span role="status">{outcome}</span>
            </form>
            {move || error.get().map(|error| view! {
                <Failure app=app error=error loaded_at=None retry=add/>
            })}
        </details>
    }
}
