//! Link within the page.

use leptos::prelude::*;
use leptos::web_sys::MouseEvent;

use super::App;
use crate::url_state::UrlState;

/// Link to another state of the page.
#[component]
pub fn Link(
    /// State of the page.
    app: App,
    /// Returns the state that the link leads to from the present one.
    #[prop(into)]
    to: Callback<UrlState, UrlState>,
    /// Whether the link leads to the view that is open.
    #[prop(optional, into)]
    is_current: Signal<bool>,
    /// Class.
    #[prop(optional)]
    class: &'static str,
    /// Called before the link is followed.
    #[prop(optional, into)]
    before: Option<Callback<()>>,
    /// Content.
    children: Children,
) -> impl IntoView {
    let target = move || to.run(app.url.get());
    let href = move || {
        let query = target().to_query();
        if query.is_empty() { "?".into() } else { query }
    };
    let follow = move |event: MouseEvent| {
        // Other clicks open a tab of the browser.
        if event.button() == 0 && !event.ctrl_key() && !event.meta_key() && !event.shift_key() {
            event.prevent_default();
            if let Some(before) = before {
                before.run(());
            }
            app.navigate(|url| *url = to.run(url.clone()));
        }
    };
    view! {
        <a class=class href=href aria-current=move || is_current.get().then_some("page") on:click=follow
            on:pointerenter=move |_| app.modules.prefetch(untrack(target).page)>
            {children()}
        </a>
    }
}
