//! Changes of all comments that are selected.

use leptos::prelude::*;
use web_sys::SubmitEvent;

use super::Inbox;
use super::feed::{Entry, Feed};
use crate::comments::{Edit, state_label};
use crate::format;
use crate::model::{CaseState, Mark};

/// Id of the field for a tag.
pub const TAG_ID: &str = "bulk-tag";

/// Returns the entries that are selected.
pub fn selected(feed: Feed) -> Vec<Entry> {
    feed.selected.with_untracked(|selected| {
        feed.entries.with_untracked(|entries| {
            entries.iter().filter(|(id, _)| selected.contains(id)).map(|(_, entry)| entry.clone()).collect()
        })
    })
}

/// Bar that appears once comments are selected.
#[component]
pub fn BulkBar(
    /// State of the view.
    inbox: Inbox,
) -> impl IntoView {
    let feed = inbox.feed;
    let has_selection = Memo::new(move |_| feed.selected.with(|selected| !selected.is_empty()));
    move || has_selection.get().then(|| view! { <Actions inbox=inbox/> })
}

/// Actions on the selection.
#[component]
fn Actions(
    /// State of the view.
    inbox: Inbox,
) -> impl IntoView {
    let feed = inbox.feed;
    let tag = RwSignal::new(String::new());
    let count = move || {
        let count = feed.selected.with(|selected| u64::try_from(selected.len()).unwrap_or(0));
        format!("{} selected", format::count(count))
    };
    let save = move |edit: Edit| inbox.saver.save(selected(feed), &edit);
    let add_tag = move |event: SubmitEvent| {
        event.prevent_default();
        let wanted = tag.with_untracked(|tag| tag.trim().to_owned());
        if !wanted.is_empty() {
            save(Edit::AddTag(wanted));
            tag.set(String::new());
        }
    };
    let select_all = move |_| {
        let ids = feed.entries.with_untracked(|entries| entries.iter().map(|(id, _)| id.clone()).collect());
        feed.selected.set(ids);
    };
    let states = CaseState::ALL.map(|state| {
        let set = move |_| save(Edit::State(state));
        view! { <button type="button" class="button" on:click=set>{state_label(state)}</button> }
    });
    view! {
        <div class="bulk row card" role="group" aria-label="Selected comments">
            <strong role="status">{count}</strong>
            <form class="row" on:submit=add_tag>
                <input id=TAG_ID aria-label="Tag for the selected comments" placeholder="Tag"
                    list="known-tags"
                    maxlength="40" autocomplete="off" dir="auto" prop:value=move || tag.get()
                    on:input=move |event| tag.set(event_target_value(&event))/>
                <button class="button">"Add tag"</button>
            </form>
            <span class="row" role="group" aria-label="State of the selected comments">{states}</span>
            <button type="button" class="button"
                on:click=move |_| save(Edit::Mark(Some(Mark::Spam)))>"Spam"</button>
            <button type="button" class="button"
                on:click=move |_| save(Edit::Mark(Some(Mark::Test)))>"Test"</button>
            <button type="button" class="button quiet" on:click=select_all>"Select all listed"</button>
            <button type="button" class="button quiet"
                on:click=move |_| feed.selected.set(Default::default())>
                "Clear"
            </button>
        </div>
    }
}
