//! Confirmation of what cannot be undone, and what is wrong with an input.

use leptos::prelude::*;

use crate::api_error::ApiError;

/// Confirmation, which takes the place of a dialog.
#[component]
pub fn Confirm(
    /// Whether it is shown.
    is_open: RwSignal<bool>,
    /// Consequence of the action.
    text: &'static str,
    /// Label of the button that does it.
    action: &'static str,
    /// Does it.
    run: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    move || {
        is_open.get().then(|| {
            let close = move |_| is_open.set(false);
            view! {
                <div class="notice" role="group" aria-label="Confirm">
                    <p>{text}</p>
                    <p class="row">
                        <button type="button" class="button danger" on:click=move |_| run()>{action}</button>
                        <button type="button" class="button" on:click=close>"Keep it"</button>
                    </p>
                </div>
            }
        })
    }
}

/// Explanation of the API, which is announced.
#[component]
pub fn Wrong(
    /// The problem.
    error: RwSignal<Option<ApiError>>,
    /// Id by which a field names it.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let text = move || error.with(|error| error.as_ref().map(ApiError::explanation));
    view! { <div class="wrong" id=id role="alert">{text}</div> }
}
