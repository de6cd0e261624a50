//! Keys of this view, which do nothing while the owner types.

use leptos::ev::keydown;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, KeyboardEvent};

use super::bulk_bar::{TAG_ID, selected};
use super::feed::Entry;
use super::row::open_id;
use super::{Field, Inbox};
use crate::comments::{Edit, Shortcut};
use crate::model::CaseState;
use crate::ui::browser::focus_soon;

/// Elements that take keys themselves: fields, and everything in a dialog.
const TAKERS: &str = "input:not([type=checkbox]), textarea, select, dialog, [contenteditable]";

/// Follows the keys as long as the view is there.
pub fn listen(inbox: Inbox) {
    let listener = window_event_listener(keydown, move |event: KeyboardEvent| {
        let is_command = event.ctrl_key() || event.meta_key() || event.alt_key();
        if is_command || event.default_prevented() || event.is_composing() || is_taken(event.target()) {
            return;
        }
        if event.key() == "Escape" {
            inbox.close();
        } else if let Some(shortcut) = Shortcut::parse(&event.key()) {
            // The key is not also typed into the field that it goes to.
            event.prevent_default();
            act(inbox, shortcut);
        }
    });
    on_cleanup(move || listener.remove());
}

fn is_taken(target: Option<EventTarget>) -> bool {
    let element = target.and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| !matches!(element.closest(TAKERS), Ok(None)))
}

fn act(inbox: Inbox, shortcut: Shortcut) {
    match shortcut {
        Shortcut::Next => step(inbox, 1),
        Shortcut::Previous => step(inbox, -1),
        Shortcut::Open => at(inbox, |id| inbox.open(id, Field::Heading)),
        Shortcut::Done => {
            let entries = selected(inbox.feed);
            let entries = if entries.is_empty() { current(inbox).into_iter().collect() } else { entries };
            inbox.saver.save(entries, &Edit::State(CaseState::Done));
        }
        Shortcut::Tag if inbox.feed.selected.with_untracked(|selected| !selected.is_empty()) => {
            focus_soon(TAG_ID.into());
        }
        Shortcut::Tag => at(inbox, |id| inbox.open(id, Field::Tag)),
        Shortcut::Assign => at(inbox, |id| inbox.open(id, Field::Assignee)),
        Shortcut::Search => focus_soon("search".into()),
        Shortcut::Help => inbox.has_help.set(true),
    }
}

/// Goes so many rows on. A comment that is open makes room for the one that is reached.
fn step(inbox: Inbox, rows: isize) {
    let Some(id) = inbox.feed.neighbour(rows) else { return };
    focus_soon(open_id(&id));
    inbox.feed.current.set(Some(id.clone()));
    if untrack(|| inbox.opened()).is_some() {
        inbox.app.replace(|url| url.set_view("response", &id));
    }
}

/// Calls a function with the comment at which the keyboard is: the last one that was reached, the
/// open one, or the first.
fn at(inbox: Inbox, call: impl FnOnce(&str)) {
    let known = inbox.feed.current.get_untracked().or_else(|| untrack(|| inbox.opened()));
    if let Some(id) = known.or_else(|| inbox.feed.neighbour(0)) {
        call(&id);
    }
}

fn current(inbox: Inbox) -> Option<Entry> {
    let mut found = None;
    at(inbox, |id| found = inbox.feed.find(id).or_else(|| inbox.opened_entry.get_untracked()));
    found
}
