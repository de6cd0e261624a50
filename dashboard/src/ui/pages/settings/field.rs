//! Field of one setting: its element, what is wrong with it, and its own button to save.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use web_sys::SubmitEvent;

use super::store::Store;
use crate::api_error::{ApiError, ErrorKind};
use crate::model::FullSettings;

/// Description of a setting.
#[derive(Clone, Copy)]
pub struct Field {
    /// Id of its element.
    pub id: &'static str,
    /// JSON pointer at which the API explains what is wrong.
    pub pointer: &'static str,
    /// Label.
    pub label: &'static str,
    /// Explanation.
    pub hint: &'static str,
    /// Element.
    pub kind: Kind,
    /// Reads the setting as text.
    pub read: fn(&FullSettings) -> String,
    /// Returns the change of settings that sets the text.
    pub change: fn(&str, &FullSettings) -> Value,
}

/// Element of a setting.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A line.
    Line,
    /// A line with proposals from a list with this id.
    Proposed(&'static str),
    /// A number.
    Number,
    /// A line for each value.
    Lines,
}

/// Form of one setting.
#[component]
pub fn SettingField(
    /// Settings.
    store: Store,
    /// The setting.
    field: Field,
) -> impl IntoView {
    let stored = Memo::new(move |_| store.value.with(|it| it.as_ref().map(field.read)).unwrap_or_default());
    let draft = RwSignal::new(stored.get_untracked());
    let (error, outcome, is_busy) =
        (RwSignal::new(None::<ApiError>), RwSignal::new(""), RwSignal::new(false));
    // What the owner has typed stays when somebody else changes the setting.
    Effect::new(move |before: Option<String>| {
        let stored = stored.get();
        if before.is_some_and(|before| draft.with_untracked(|draft| *draft == before)) {
            draft.set(stored.clone());
        }
        stored
    });
    let is_changed = Memo::new(move |_| draft.with(|draft| stored.with(|stored| draft != stored)));
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let sent = draft.get_untracked();
        let Some(change) = store.value.with_untracked(|it| it.as_ref().map(|it| (field.change)(&sent, it)))
        else {
            return;
        };
        error.set(None);
        outcome.set("");
        is_busy.set(true);
        spawn_local(async move {
            let saved = store.save(change).await;
            let _ = is_busy.try_set(false);
            match saved {
                Ok(()) => {
                    // The collector may write it in another way.
                    if draft.try_get_untracked().is_some_and(|draft| draft == sent) {
                        let _ = draft.try_set(stored.try_get_untracked().unwrap_or(sent));
                    }
                    let _ = outcome.try_set("Saved");
                }
                Err(problem) => drop(error.try_set(Some(problem))),
            }
        });
    };
    let discard = move |_| {
        draft.set(stored.get_untracked());
        error.set(None);
    };
    let on_input = move |event| {
        draft.set(event_target_value(&event));
        outcome.set("");
    };
    let (hint_id, wrong_id) = (format!("{}-hint", field.id), format!("{}-wrong", field.id));
    let described_by = format!("{hint_id} {wrong_id}");
    let is_invalid = move || error.with(Option::is_some).then_some("true");
    let wrong =
        move || error.with(|error| error.as_ref().map(|error| explanations(error, field, &stored.get())));
    let value = move || draft.get();
    let input = match field.kind {
        Kind::Lines => view! {
            <textarea id=field.id rows="4" aria-describedby=described_by aria-invalid=is_invalid
                spellcheck="false"
                prop:value=value on:input=on_input></textarea>
        }
        .into_any(),
        Kind::Line => view! {
            <input id=field.id autocomplete="off" dir="auto" aria-describedby=described_by
                aria-invalid=is_invalid
                prop:value=value on:input=on_input/>
        }
        .into_any(),
        Kind::Proposed(list) => view! {
            <input id=field.id autocomplete="off" list=list aria-describedby=described_by
                aria-invalid=is_invalid
                prop:value=value on:input=on_input/>
        }
        .into_any(),
        Kind::Number => view! {
            <input id=field.id autocomplete="off" inputmode="numeric" class="number-field"
                aria-describedby=described_by aria-invalid=is_invalid prop:value=value on:input=on_input/>
        }
        .into_any(),
    };
    let buttons = move || {
        is_changed.get().then(|| {
            view! {
                <button class="button primary" disabled=move || is_busy.get()>"Save"</button>
                <button type="button" class="button" on:click=discard>"Discard"</button>
            }
        })
    };
    view! {
        <form class="setting" on:submit=save>
            <label for=field.id>{field.label}</label>
            <p class="soft" id=hint_id>{field.hint}</p>
            {input}
            <div class="wrong" id=wrong_id role="alert">{wrong}</div>
            <div class="row">{buttons} <span role="status">{outcome}</span></div>
        </form>
    }
}

/// Returns what is wrong, at this field where the API names it.
fn explanations(error: &ApiError, field: Field, stored: &str) -> Vec<AnyView> {
    let mut texts: Vec<String> = error.at(field.pointer).into_iter().map(String::from).collect();
    if error.kind == ErrorKind::Changed {
        let stored = if stored.is_empty() { "nothing" } else { stored };
        texts.push(format!(
            "Somebody else has changed the settings meanwhile. Stored here is now: {stored}. Save again to \
             replace it."
        ));
    } else if texts.is_empty() {
        texts.push(error.explanation());
    }
    texts.into_iter().map(|text| view! { <p>{text}</p> }.into_any()).collect()
}
