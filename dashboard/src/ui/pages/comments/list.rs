//! The list with its heading, its end, and what stands in its place.

use leptos::prelude::*;

use super::Inbox;
use super::bulk_bar::BulkBar;
use super::empty::Empty;
use super::quotes::CopyQuotes;
use super::row::Row;
use crate::format;
use crate::ui::status::{Failure, Skeleton};

/// Distance of the end of the list from the window, in pixels, at which more is loaded.
const NEAR: f64 = 600.0;

/// List of comments.
#[component]
pub fn List(
    /// State of the view.
    inbox: Inbox,
) -> impl IntoView {
    let feed = inbox.feed;
    let has_rows = Memo::new(move |_| feed.entries.with(|entries| !entries.is_empty()));
    let instead = move || {
        if has_rows.get() || feed.error.with(Option::is_some) {
            return None;
        }
        Some(if feed.is_loading.get() {
            view! { <Skeleton lines=8/> }.into_any()
        } else {
            view! { <Empty inbox=inbox/> }.into_any()
        })
    };
    let problem = move || {
        let error = feed.error.get()?;
        let retry = move || {
            let has_more = feed.next.with_untracked(Option::is_some) && !feed.is_stale.get_untracked();
            if has_more { feed.load_more() } else { feed.reload() }
        };
        Some(view! { <Failure app=inbox.app error=error loaded_at=None retry=retry/> })
    };
    view! {
        {move || has_rows.get().then(|| view! { <Head inbox=inbox/> })}
        <BulkBar inbox=inbox/>
        <ul class="card voices" role="list" aria-label="Comments" hidden=move || !has_rows.get()
            class:stale=move || feed.is_stale.get() aria-busy=move || feed.is_stale.get().to_string()>
            <For each=move || feed.entries.get() key=|(id, _)| id.clone() let((id, entry))>
                <Row inbox=inbox id=id entry=entry/>
            </For>
        </ul>
        {instead} {problem}
        <End inbox=inbox/>
    }
}

/// Number of comments, and what can be done with the list.
#[component]
fn Head(
    /// State of the view.
    inbox: Inbox,
) -> impl IntoView {
    let feed = inbox.feed;
    let count = move || {
        let shown = feed.entries.with(Vec::len);
        let shown = format::counted(u64::try_from(shown).unwrap_or(0), "comment");
        let from = match (feed.next.with(Option::is_some), feed.matching.get()) {
            (true, Some(all)) => format!(" so far, from {} that match", format::counted(all, "response")),
            (false, Some(all)) => format!(" from {}", format::counted(all, "response")),
            (true, None) => " so far".into(),
            (false, None) => String::new(),
        };
        format!("{shown}{from}")
    };
    let is_quotes = Memo::new(move |_| inbox.app.url.with(|url| url.view("consent").is_some()));
    view! {
        <div class="row head">
            <p class="soft" role="status">{count}</p>
            <p class="row">
                {move || is_quotes.get().then(|| view! { <CopyQuotes inbox=inbox/> })}
                <button type="button" class="button quiet" on:click=move |_| feed.reload()>"Reload"</button>
                <button type="button" class="button quiet" on:click=move |_| inbox.has_help.set(true)>
                    "Keys"
                </button>
            </p>
        </div>
    }
}

/// End of the list, which loads more when it comes near.
#[component]
fn End(
    /// State of the view.
    inbox: Inbox,
) -> impl IntoView {
    let feed = inbox.feed;
    let button = NodeRef::<leptos::html::Button>::new();
    let is_near = move || {
        let height = window().inner_height().ok().and_then(|height| height.as_f64());
        let top = button.get_untracked().map(|button| button.get_bounding_client_rect());
        // A place of no size is hidden.
        height
            .zip(top.filter(|place| place.height() > 0.0))
            .is_some_and(|(height, place)| place.top() < height + NEAR)
    };
    let look = move || {
        if feed.error.with_untracked(Option::is_none) && is_near() {
            feed.load_more();
        }
    };
    let listener = window_event_listener_untyped("scroll", move |_| look());
    on_cleanup(move || listener.remove());
    // In a high window the end is near at once. A load without a result asks for the button.
    Effect::new(move |before: Option<usize>| {
        let count = feed.entries.with(Vec::len);
        if !feed.is_loading.get() && before.is_some_and(|before| before != count) {
            request_animation_frame(look);
        }
        if feed.is_loading.get() { before.unwrap_or(0) } else { count }
    });
    let text = move || {
        let seen = u64::try_from(feed.seen.get()).unwrap_or(0);
        format!("{} looked through.", format::counted(seen, "response"))
    };
    move || {
        let has_more = feed.next.with(Option::is_some) && feed.error.with(Option::is_none);
        has_more.then(|| {
            view! {
                <p class="row more-rows">
                    <button type="button" class="button" node_ref=button
                        aria-disabled=move || feed.is_loading.get().to_string()
                        on:click=move |_| feed.load_more()>
                        {move || if feed.is_loading.get() { "Loading…" } else { "Show more" }}
                    </button>
                    <span class="soft">{text}</span>
                </p>
            }
        })
    }
}
