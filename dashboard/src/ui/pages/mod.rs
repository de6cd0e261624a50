//! Views, one module for each. A new view is a variant of [`Page`] and an arm here.

mod comments;
mod install;
mod overview;
mod settings;
mod sites;

use leptos::prelude::*;

use super::App;
use crate::url_state::Page;

/// Returns the view of a site.
pub fn page(app: App, page: Page) -> AnyView {
    match page {
        Page::Comments => view! { <comments::Comments app=app/> }.into_any(),
        Page::Install => view! { <install::Install app=app/> }.into_any(),
        Page::Settings => view! { <settings::Settings app=app/> }.into_any(),
        Page::Overview | Page::Sites => view! { <overview::Overview app=app/> }.into_any(),
    }
}

/// Returns the list of the collector's sites.
pub fn sites(app: App) -> impl IntoView {
    view! { <sites::Sites app=app/> }
}
