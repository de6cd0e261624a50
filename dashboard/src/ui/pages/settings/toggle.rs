//! Setting that is on or off, which is saved at once.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use super::store::Store;
use crate::api_error::ApiError;
use crate::model::FullSettings;
use crate::ui::confirm::Wrong;

/// Setting that is on or off.
#[component]
pub fn Toggle(
    /// Settings.
    store: Store,
    /// Id of the element.
    id: &'static str,
    /// Label.
    label: &'static str,
    /// Reads the setting.
    read: fn(&FullSettings) -> bool,
    /// Returns the change of settings.
    change: fn(bool) -> Value,
) -> impl IntoView {
    let stored = move || store.value.with(|settings| settings.as_ref().is_some_and(read));
    let (error, outcome) = (RwSignal::new(None::<ApiError>), RwSignal::new(""));
    let checked = RwSignal::new(stored());
    Effect::new(move |_| checked.set(stored()));
    let toggle = move |event| {
        let wanted = event_target_checked(&event);
        checked.set(wanted);
        error.set(None);
        outcome.set("");
        spawn_local(async move {
            match store.save(change(wanted)).await {
                Ok(()) => drop(outcome.try_set("Saved")),
                Err(problem) => {
                    let _ = (error.try_set(Some(problem)), checked.try_set(!wanted));
                }
            }
        });
    };
    view! {
        <div class="row">
            <label class="check" for=id>
                <input type="checkbox" id=id prop:checked=move || checked.get() on:change=toggle/>
                {label}
            </label>
            <span role="status">{outcome}</span>
        </div>
        <Wrong error=error/>
    }
}
