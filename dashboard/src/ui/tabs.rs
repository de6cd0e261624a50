//! Tabs within a view, by the pattern of the ARIA Authoring Practices: arrow keys move between
//! them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// Tabs with their panels.
#[component]
pub fn Tabs(
    /// Beginning of the ids of tabs and panels.
    id: &'static str,
    /// Name of the list of tabs.
    label: &'static str,
    /// Label and content of each tab.
    tabs: Vec<(&'static str, AnyView)>,
) -> impl IntoView {
    let selected = RwSignal::new(0_usize);
    let count = tabs.len();
    let on_key = move |event: KeyboardEvent| {
        let current = selected.get_untracked();
        let next = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => (current + 1) % count.max(1),
            "ArrowLeft" | "ArrowUp" => current.checked_sub(1).unwrap_or(count.saturating_sub(1)),
            "Home" => 0,
            "End" => count.saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        selected.set(next);
        let tab = document().get_element_by_id(&format!("{id}-tab-{next}"));
        if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<HtmlElement>().ok()) {
            let _ = tab.focus();
        }
    };
    let (buttons, panels): (Vec<_>, Vec<_>) = tabs
        .into_iter()
        .enumerate()
        .map(|(index, (label, content))| {
            let is_selected = move || selected.get() == index;
            let button = view! {
                <button type="button" role="tab" id=format!("{id}-tab-{index}")
                    aria-controls=format!("{id}-panel-{index}")
                    aria-selected=move || is_selected().to_string()
                    tabindex=move || if is_selected() { "0" } else { "-1" }
                    on:click=move |_| selected.set(index)>
                    {label}
                </button>
            };
            let panel = view! {
                <div role="tabpanel" id=format!("{id}-panel-{index}")
                    aria-labelledby=format!("{id}-tab-{index}")
                    hidden=move || !is_selected()>
                    {content}
                </div>
            };
            (button, panel)
        })
        .unzip();
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=on_key>{buttons}</div>
        {panels}
    }
}
