//! Fields of the owner in a response. Each field saves at once.

use leptos::prelude::*;
use web_sys::SubmitEvent;

use super::feed::Entry;
use super::{Field, Inbox};
use crate::comments::{Edit, state_label};
use crate::model::{CaseState, Mark, Response};

/// Fields of the owner.
#[component]
pub fn Fields(
    /// State of the view.
    inbox: Inbox,
    /// The response.
    entry: Entry,
) -> impl IntoView {
    let stored = StoredValue::new(entry.clone());
    let save = move |edit: Edit| inbox.saver.save([stored.get_value()], &edit);
    let follow = move |read: fn(&Response) -> Option<String>| {
        let entry = stored.get_value();
        Memo::new(move |_| entry.with(|item| read(&item.response).unwrap_or_default()))
    };
    let state = follow(|it| it.state.map(|state| state.as_str().to_owned()));
    let (note, assignee) = (follow(|it| it.note.clone()), follow(|it| it.assignee.clone()));
    let mark = Memo::new(move |_| entry.with(|item| item.response.mark));
    let states = CaseState::ALL.map(|choice| {
        let is_current = move || (state.get() == choice.as_str()).to_string();
        view! {
            <button type="button" class="button" aria-pressed=is_current
                on:click=move |_| save(Edit::State(choice))>
                {state_label(choice)}
            </button>
        }
    });
    let marks = move || match mark.get() {
        Some(_) => view! {
            <button type="button" class="button"
                on:click=move |_| save(Edit::Mark(None))>"Count it again"</button>
        }
        .into_any(),
        None => view! {
            <button type="button" class="button"
                on:click=move |_| save(Edit::Mark(Some(Mark::Test)))>"Mark as a test"</button>
            <button type="button" class="button"
                on:click=move |_| save(Edit::Mark(Some(Mark::Spam)))>"Mark as spam"</button>
        }
        .into_any(),
    };
    let trimmed = |event: &web_sys::Event| event_target_value(event).trim().to_owned();
    view! {
        <div class="segments" role="group" aria-label="State">{states}</div>
        <Tags inbox=inbox entry=stored.get_value()/>
        <label for=Field::Assignee.id()>"In charge"</label>
        <input id=Field::Assignee.id() maxlength="100" autocomplete="off" dir="auto"
            prop:value=move || assignee.get()
            on:change=move |event| save(Edit::Assignee(trimmed(&event)))/>
        <label for="note">"Note, for you only"</label>
        <textarea id="note" rows="3" maxlength="2000" dir="auto" prop:value=move || note.get()
            on:change=move |event| save(Edit::Note(trimmed(&event)))></textarea>
        <p class="row">{marks}</p>
    }
}

/// Tags, and a field that adds one.
#[component]
fn Tags(
    /// State of the view.
    inbox: Inbox,
    /// The response.
    entry: Entry,
) -> impl IntoView {
    let stored = StoredValue::new(entry.clone());
    let tags = Memo::new(move |_| entry.with(|item| item.response.tags.clone()));
    let typed = RwSignal::new(String::new());
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let tag = typed.with_untracked(|tag| tag.trim().to_owned());
        if !tag.is_empty() {
            inbox.saver.save([stored.get_value()], &Edit::AddTag(tag));
            typed.set(String::new());
        }
    };
    let chip = move |tag: String| {
        let (removed, label) = (tag.clone(), format!("Remove the tag {tag}"));
        let remove = move |_| inbox.saver.save([stored.get_value()], &Edit::RemoveTag(removed.clone()));
        view! {
            <li>
                <button type="button" class="chip" aria-label=label on:click=remove>
                    <bdi>{tag}</bdi> " " <span aria-hidden="true">"×"</span>
                </button>
            </li>
        }
    };
    view! {
        <label for=Field::Tag.id()>"Tags"</label>
        <ul class="row" role="list" hidden=move || tags.with(Vec::is_empty)>
            <For each=move || tags.get() key=Clone::clone let:tag>{chip(tag)}</For>
        </ul>
        <form class="row" on:submit=add>
            <input id=Field::Tag.id() list="known-tags" maxlength="40" autocomplete="off" dir="auto"
                prop:value=move || typed.get() on:input=move |event| typed.set(event_target_value(&event))/>
            <button class="button">"Add tag"</button>
        </form>
    }
}
