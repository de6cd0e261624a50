//! A list without comments: which filter to drop.

use leptos::prelude::*;

use super::Inbox;
use crate::comments::{ActiveFilter, Filters};
use crate::range::Range;

/// List without comments.
#[component]
pub fn Empty(
    /// State of the view.
    inbox: Inbox,
) -> impl IntoView {
    let app = inbox.app;
    let (active, range) =
        app.url.with_untracked(|url| (Filters::from_url(url).active(url.filter.as_ref()), url.range));
    let text = match (active.len(), range == Range::All) {
        (0, true) => "Nobody has written yet. Comments appear here as soon as a visitor writes one.",
        (0, false) => "Nobody has written in these days.",
        (1, _) => "Drop the filter, or choose more days.",
        _ => "All of these filters hold at once. Drop one of them:",
    };
    let title = if active.is_empty() { "No comments" } else { "No comments match" };
    let drop_filter = move |filter: ActiveFilter| {
        let parameter = filter.parameter;
        let on_click = move |_| {
            app.navigate(|url| match parameter {
                Some(name) => url.set_view(name, ""),
                None => url.filter = None,
            });
        };
        view! {
            <button type="button" class="chip" aria-label=format!("Drop the filter {}", filter.label)
                on:click=on_click>
                <bdi>{filter.label.clone()}</bdi> " " <span aria-hidden="true">"×"</span>
            </button>
        }
    };
    let all_days = (range != Range::All).then(|| {
        view! {
            <button type="button" class="button" on:click=move |_| app.navigate(|url| url.range = Range::All)>
                "Show all days"
            </button>
        }
    });
    view! {
        <div class="notice">
            <p><strong>{title}</strong></p>
            <p>{text}</p>
            <p class="row">{active.into_iter().map(drop_filter).collect_view()} {all_days}</p>
        </div>
    }
}
