//! Comment in the list.

use leptos::prelude::*;

use super::feed::Entry;
use super::quotes::CopyQuote;
use super::{Field, Inbox};
use crate::comments;
use crate::format;
use crate::model::{Property, Response};
use crate::ui::App;
use crate::ui::browser;

/// Number of properties that a row shows.
const PROPERTIES: usize = 2;

/// Returns the id of the button that opens a comment.
pub fn open_id(id: &str) -> String {
    format!("open-{id}")
}

/// Returns the score with its category, outlined.
pub fn score_chip(response: &Response) -> impl IntoView + use<> {
    let category = response.category().map(nps::Category::as_str);
    view! { <span class="chip-score">{response.score} " " <span>{category}</span></span> }
}

/// Returns the age of a response, with the exact time on hover.
pub fn age(app: App, response: &Response) -> impl IntoView + use<> {
    let age = format::ago(browser::parse_time(&response.at), browser::now_ms());
    view! { <time datetime=response.at.clone() title=app.exact(&response.at)>{age}</time> }
}

/// Returns the state of the case, or the mark.
pub fn state_text(response: &Response) -> Option<String> {
    let minutes = response
        .due_at
        .as_deref()
        .map(|due| (browser::parse_time(due) - browser::now_ms()) / 60_000.0)
        .filter(|minutes| minutes.is_finite());
    response.mark.map(|mark| comments::mark(mark).to_owned()).or_else(|| comments::state(response, minutes))
}

/// Comment in the list.
#[component]
pub fn Row(
    /// State of the view.
    inbox: Inbox,
    /// Id of the response.
    id: String,
    /// The response.
    entry: Entry,
) -> impl IntoView {
    let (feed, id) = (inbox.feed, StoredValue::new(id));
    let is_selected = Memo::new(move |_| feed.selected.with(|selected| selected.contains(&id.get_value())));
    let is_open = Memo::new(move |_| inbox.opened() == Some(id.get_value()));
    let (settled, of_row) = (entry.clone(), entry.clone());
    let (score, age_text) = entry.with_untracked(|item| {
        (item.response.score, format::ago(browser::parse_time(&item.response.at), browser::now_ms()))
    });
    let name = match score {
        Some(score) => format!("the comment with score {score}, {age_text}"),
        None => format!("the comment, {age_text}"),
    };
    let select = move |event| {
        let is_checked = event_target_checked(&event);
        feed.current.set(Some(id.get_value()));
        feed.selected.update(|selected| {
            if is_checked {
                selected.insert(id.get_value())
            } else {
                selected.remove(&id.get_value())
            };
        });
    };
    let open = move |_| inbox.open(&id.get_value(), Field::Heading);
    // A press on the text opens it, unless some of it was selected to be copied.
    let open_by_text = move |_| {
        let selection = window().get_selection().ok().flatten();
        if selection.is_none_or(|selection| selection.is_collapsed()) {
            inbox.open(&id.get_value(), Field::Heading);
        }
    };
    let is_quotes = Memo::new(move |_| inbox.app.url.with(|url| url.view("consent").is_some()));
    let quote = move || {
        let entry = entry.clone();
        is_quotes.get().then(|| view! { <CopyQuote entry=entry/> })
    };
    view! {
        <li class="voice" class:settled=move || settled.with(|item| item.is_settled)
            class:current=move || is_open.get() on:focusin=move |_| feed.current.set(Some(id.get_value()))>
            <label class="pick">
                <input type="checkbox" aria-label=format!("Select {name}")
                    prop:checked=move || is_selected.get()
                    on:change=select/>
            </label>
            <div class="said" on:click=open_by_text>
                {move || of_row.with(|item| content(inbox, &item.response))}
            </div>
            <button type="button" class="button" id=open_id(&id.get_value())
                aria-label=format!("Details of {name}")
                aria-current=move || is_open.get().then_some("true") on:click=open>"Details"</button>
            {quote}
        </li>
    }
}

fn content(inbox: Inbox, response: &Response) -> impl IntoView + use<> {
    let quoted = response.may_be_quoted().then(|| "may be quoted".to_owned());
    let contact = response.contact.is_some().then(|| "has a contact".to_owned());
    let facts = properties(inbox, response).into_iter().chain(contact).chain(quoted);
    let facts = facts.map(|fact| view! { <bdi>{fact}</bdi> }).collect_view();
    let state = state_text(response).map(|state| view! { <strong class="state">{state}</strong> });
    let tags = response.tags.iter().map(|tag| view! { <bdi class="tag">{tag.clone()}</bdi> }).collect_view();
    let tags = (!response.tags.is_empty()).then(|| view! { <p class="facts tags">{tags}</p> });
    let comment = match &response.comment {
        Some(comment) => {
            view! { <p class="comment" dir="auto" lang=response.lang.clone()>{comment.clone()}</p> }
                .into_any()
        }
        None => view! { <p class="comment soft">"No comment"</p> }.into_any(),
    };
    view! {
        <p class="facts">{score_chip(response)} {age(inbox.app, response)} {facts} {state}</p>
        {comment} {tags}
    }
}

/// Returns a few properties: those that are declared, then others.
fn properties(inbox: Inbox, response: &Response) -> Vec<String> {
    let declared: Vec<String> = inbox.app.settings.value().with(|settings| {
        let names = settings.as_ref().map(|settings| settings.properties.iter().map(Property::name));
        names.map(|names| names.map(String::from).collect()).unwrap_or_default()
    });
    let others = response.properties.keys().filter(|name| !declared.contains(name));
    let ordered =
        declared.iter().chain(others).filter_map(|name| Some((name, response.properties.get(name)?)));
    ordered.take(PROPERTIES).map(|(name, value)| format!("{name}: {value}")).collect()
}
