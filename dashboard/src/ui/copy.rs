//! Texts to copy: secrets that are shown once, and code.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browser;

/// Button that copies a text and says whether the browser did.
#[component]
fn CopyButton(
    /// Name of what is copied.
    label: String,
    /// The text.
    text: String,
) -> impl IntoView {
    let outcome = RwSignal::new("Copy");
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            let copied = browser::copy(&text).await;
            let _ = outcome.try_set(if copied { "Copied" } else { "Select and copy it" });
        });
    };
    view! {
        <button type="button" class="button" aria-label=move || format!("{}: {label}", outcome.get())
            on:click=copy>
            {outcome}
        </button>
    }
}

/// Secret or address in one line, with a button that copies it.
#[component]
pub fn Secret(
    /// Name of the secret.
    label: &'static str,
    /// The secret.
    text: String,
) -> impl IntoView {
    view! {
        <p class="secret">
            <span>{label}</span> <code>{text.clone()}</code>
            <CopyButton label=label.to_owned() text=text/>
        </p>
    }
}

/// Code with a button that copies it.
#[component]
pub fn CodeBlock(
    /// Name of the code.
    label: &'static str,
    /// The code.
    code: String,
) -> impl IntoView {
    view! {
        <div class="code">
            <pre dir="ltr"><code>{code.clone()}</code></pre>
            <CopyButton label=label.to_owned() text=code/>
        </div>
    }
}
