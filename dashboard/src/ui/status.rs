//! States of data that is not there: loading, failed, out of date.

use leptos::prelude::*;

use super::remote::Remote;
use super::{App, browser};
use crate::api_error::{ApiError, ErrorKind};
use crate::model::FromJson;

/// Shows data, or why there is none. `lines` is the height of its place while it loads.
///
/// Data that was loaded before stays after an error, in grey and with its time.
pub fn show<T, V>(
    app: App,
    remote: Remote<T>,
    lines: usize,
    content: impl Fn(Signal<T>) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: FromJson + Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let (value, is_stale) = (remote.value(), remote.is_stale());
    let has_value = Memo::new(move |_| value.with(Option::is_some));
    // Made once, so that what the owner has opened in it stays open when newer data comes.
    let body = move || {
        if has_value.get() {
            let current = RwSignal::new(value.get_untracked()?);
            Effect::new(move |_| {
                let newer = value.get().filter(|newer| current.with_untracked(|current| current != newer));
                newer.into_iter().for_each(|newer| current.set(newer));
            });
            return Some(content(current.into()).into_any());
        }
        remote.error().with(Option::is_none).then(|| view! { <Skeleton lines=lines/> }.into_any())
    };
    let problem = move || {
        let error = remote.error().get()?;
        let loaded_at = has_value.get().then(|| remote.loaded_at().get_untracked());
        let retry = move || remote.retry();
        Some(view! { <Failure app=app error=error loaded_at=loaded_at retry=retry/> })
    };
    let is_busy = move || is_stale.get().to_string();
    let is_outdated = move || has_value.get() && remote.error().with(Option::is_some);
    view! {
        {problem}
        <div class="remote" class:outdated=is_outdated class:stale=move || is_stale.get() aria-busy=is_busy>{body}</div>
    }
}

/// Placeholder of data that is being loaded.
#[component]
pub fn Skeleton(
    /// Number of grey lines.
    lines: usize,
) -> impl IntoView {
    let lines = (0..lines).map(|_| view! { <span class="bone"></span> }).collect_view();
    view! {
        <div class="skeleton">
            <span class="hidden-text">"Loading"</span>
            {lines}
        </div>
    }
}

/// Problem of a request, and what can be done.
#[component]
pub fn Failure(
    /// State of the page.
    app: App,
    /// The problem.
    error: ApiError,
    /// Time of the data that is shown in its place.
    loaded_at: Option<f64>,
    /// Tries again.
    retry: impl Fn() + 'static,
) -> impl IntoView {
    let age = loaded_at.map(|at| format!("You see what was loaded at {}.", browser::clock(at)));
    let wait = error.retry_after.map(|seconds| format!("Trying again in {seconds} s."));
    // Other parts of the page may have failed for the same reason.
    let again = move |_| {
        retry();
        app.tick.update(|tick| *tick = tick.wrapping_add(1));
    };
    let action = match error.kind {
        ErrorKind::Unauthorized => view! {
            <button type="button" class="button" on:click=move |_| app.is_adding.set(true)>
                "Sign in with another key"
            </button>
        }
        .into_any(),
        ErrorKind::Forbidden | ErrorKind::RateLimited => ().into_any(),
        _ => view! {
            <button type="button" class="button" on:click=again>"Try again"</button>
        }
        .into_any(),
    };
    view! {
        <div class="notice" class:of-page=error.kind.concerns_page() role="status">
            <p><strong>{error.title()}</strong></p>
            <p>{error.explanation()} " " {age} " " {wait}</p>
            {action}
        </div>
    }
}
