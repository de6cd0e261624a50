//! Keys of this view.

use leptos::html::Dialog;
use leptos::prelude::*;

use super::Inbox;
use crate::comments::Shortcut;

/// Dialog with the keys.
#[component]
pub fn Help(
    /// State of the view.
    inbox: Inbox,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match (inbox.has_help.get(), dialog.open()) {
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let keys = Shortcut::ALL.map(|shortcut| {
        view! { <div><dt><kbd>{shortcut.key()}</kbd></dt><dd>{shortcut.label()}</dd></div> }
    });
    view! {
        <dialog class="help" aria-labelledby="help-title" node_ref=dialog
            on:close=move |_| inbox.has_help.set(false)>
            <h2 id="help-title">"Keys"</h2>
            <dl class="keys">
                {keys}
                <div><dt><kbd>"Esc"</kbd></dt><dd>"Close the comment"</dd></div>
            </dl>
            <p class="soft">"They do nothing while you type in a field."</p>
            <button type="button" class="button" on:click=move |_| inbox.has_help.set(false)>"Close"</button>
        </dialog>
    }
}
