//! Comments that may be quoted, as text and HTML to paste elsewhere.

use api::Day;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Inbox;
use super::feed::Entry;
use crate::comments::{as_html, as_text};
use crate::format;
use crate::model::Response;
use crate::ui::browser;

/// Form in which a quote is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Html,
}

impl Form {
    fn write(self, response: &Response) -> String {
        let month = response.at.get(..10).and_then(Day::parse).map(format::month).unwrap_or_default();
        match self {
            Self::Text => as_text(response, &month),
            Self::Html => as_html(response, &month),
        }
    }
}

/// Returns a button that copies what `text` returns when it is pressed.
fn copy_button(
    label: &'static str,
    name: &'static str,
    text: impl Fn() -> String + 'static,
) -> impl IntoView {
    let outcome = RwSignal::new(label);
    let copy = move |_| {
        let text = text();
        spawn_local(async move {
            let copied = browser::copy(&text).await;
            let _ = outcome.try_set(if copied { "Copied" } else { "The browser does not allow it" });
        });
    };
    view! {
        <button type="button" class="button" title=name on:click=copy>
            <span role="status">{outcome}</span>
        </button>
    }
}

/// Buttons that copy one quote.
#[component]
pub fn CopyQuote(
    /// The response.
    entry: Entry,
) -> impl IntoView {
    let html = entry.clone();
    let text = move || entry.with_untracked(|item| Form::Text.write(&item.response));
    let html = move || html.with_untracked(|item| Form::Html.write(&item.response));
    view! {
        <p class="row copies">
            {copy_button("Copy as text", "Copies the quote as text", text)}
            {copy_button("Copy as HTML", "Copies the quote as HTML", html)}
        </p>
    }
}

/// Buttons that copy all quotes that are listed.
#[component]
pub fn CopyQuotes(
    /// State of the view.
    inbox: Inbox,
) -> impl IntoView {
    let all = move |form: Form| {
        let write = |(_, entry): &(String, Entry)| entry.with_untracked(|item| form.write(&item.response));
        let quotes: Vec<_> = inbox.feed.entries.with_untracked(|entries| entries.iter().map(write).collect());
        quotes.join("\n\n")
    };
    view! {
        {copy_button("Copy all as text", "Copies the listed quotes as text", move || all(Form::Text))}
        {copy_button("Copy all as HTML", "Copies the listed quotes as HTML", move || all(Form::Html))}
    }
}
