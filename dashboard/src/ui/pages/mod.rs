//! Views, one module for each. A new view is a variant of [`Page`], a feature of the crate, and an
//! arm here.

#[cfg(feature = "comments")]
mod comments;
#[cfg(feature = "install")]
mod install;
#[cfg(feature = "overview")]
mod overview;
#[cfg(feature = "sample")]
mod sample;
#[cfg(feature = "settings")]
mod settings;
#[cfg(feature = "sites")]
mod sites;

use leptos::prelude::*;

use super::App;
use super::module::Elsewhere;
use crate::url_state::Page;

/// Returns a view, which may be in another module.
pub fn page(app: App, page: Page) -> AnyView {
    match page {
        #[cfg(feature = "overview")]
        Page::Overview => view! { <overview::Overview app=app/> }.into_any(),
        #[cfg(feature = "comments")]
        Page::Comments => view! { <comments::Comments app=app/> }.into_any(),
        #[cfg(feature = "install")]
        Page::Install => view! { <install::Install app=app/> }.into_any(),
        #[cfg(feature = "settings")]
        Page::Settings => view! { <settings::Settings app=app/> }.into_any(),
        #[cfg(feature = "sample")]
        Page::Sample => view! { <sample::Sample app=app/> }.into_any(),
        #[cfg(feature = "sites")]
        Page::Sites => view! { <sites::Sites app=app/> }.into_any(),
        #[allow(unreachable_patterns, reason = "a program with every view has none elsewhere")]
        page => view! { <Elsewhere app=app page=page/> }.into_any(),
    }
}
