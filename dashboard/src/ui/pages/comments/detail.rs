//! Detail of a response: the words of the visitor, and the work of the owner.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::detail_fields::Fields;
use super::feed::Entry;
use super::history::History;
use super::row::{age, open_id, score_chip, state_text};
use super::saver::{self, SaveOutcome};
use super::{Field, Inbox};
use crate::api_error::ApiError;
use crate::comments::mailto;
use crate::model::Response;
use crate::ui::api;
use crate::ui::browser;
use crate::ui::status::{Failure, Skeleton};

/// Detail of the response that is open: beside the list, or in its place in a narrow window.
#[component]
pub fn Detail(
    /// State of the view.
    inbox: Inbox,
    /// Id of the response.
    id: String,
) -> impl IntoView {
    let id = StoredValue::new(id);
    inbox.feed.current.set(Some(id.get_value()));
    let entry = RwSignal::new(inbox.feed.find(&id.get_value()));
    let error = RwSignal::new(None::<ApiError>);
    inbox.opened_entry.set(entry.get_untracked());
    let read = move || {
        let Some(site) = inbox.app.site.get_untracked() else { return };
        error.set(None);
        let etag = move || {
            entry.try_get_untracked().flatten().and_then(|it| it.with_untracked(|it| it.etag.clone()))
        };
        let before = etag();
        spawn_local(async move {
            let Some(wanted) = id.try_get_value() else { return };
            let read = saver::read(&site, &wanted).await;
            match (read, entry.try_get_untracked()) {
                // A change that was saved meanwhile is newer.
                (Ok(item), Some(Some(known))) if etag() == before => known.update(|known| {
                    known.response = item.response;
                    known.etag = item.etag;
                }),
                (Ok(item), Some(None)) => {
                    let read = Entry::new(item);
                    inbox.opened_entry.set(Some(read.clone()));
                    entry.set(Some(read));
                }
                (Err(problem), Some(_)) => error.set(Some(problem)),
                _ => {}
            }
        });
    };
    read();
    // The field that a key goes to is there once the response is.
    Effect::new(move |_| {
        if entry.with(Option::is_some)
            && let Some(field) = inbox.focus.get()
        {
            inbox.focus.set(None);
            browser::focus_soon(field.id().to_owned());
        }
    });
    let body = move || match (entry.get(), error.get()) {
        (Some(entry), _) => view! { <Opened inbox=inbox entry=entry/> }.into_any(),
        (None, Some(problem)) => {
            view! { <Failure app=inbox.app error=problem loaded_at=None retry=read/> }.into_any()
        }
        (None, None) => view! { <Skeleton lines=6/> }.into_any(),
    };
    view! {
        <section class="card detail" aria-labelledby=Field::Heading.id()>
            <div class="row head">
                <h2 id=Field::Heading.id() tabindex="-1">"Response"</h2>
                <button type="button" class="button quiet" on:click=move |_| inbox.close()>
                    <span class="wide">"Close"</span><span class="narrow">"Back to the list"</span>
                </button>
            </div>
            {body}
        </section>
    }
}

/// The response.
#[component]
fn Opened(
    /// State of the view.
    inbox: Inbox,
    /// The response.
    entry: Entry,
) -> impl IntoView {
    let (id, user) = entry.with_untracked(|item| (item.response.id.clone(), item.response.user.clone()));
    let (of_state, of_response, of_contact, erased) =
        (entry.clone(), entry.clone(), entry.clone(), id.clone());
    let state = move || of_state.with(|item| state_text(&item.response));
    let response = Memo::new(move |_| of_response.with(|item| item.response.clone()));
    let contact = Memo::new(move |_| of_contact.with(|item| item.response.contact.clone()));
    view! {
        <p class="facts">
            {move || response.with(|it| (score_chip(it), age(inbox.app, it)).into_view())}
            " " <strong class="state">{state}</strong>
        </p>
        {move || response.with(said_by_visitor)}
        {move || contact.get().map(|text| {
            let href = response.with_untracked(|it| mailto(it, &site_name(inbox)));
            view! { <Contact text=text href=href/> }
        })}
        <Fields inbox=inbox entry=entry/>
        <h3>"Same visitor"</h3>
        <History inbox=inbox id=id user=user/>
        <Erase inbox=inbox id=erased/>
    }
}

fn site_name(inbox: Inbox) -> String {
    inbox
        .app
        .site
        .with_untracked(|site| site.as_ref().map(|site| site.label().to_owned()))
        .unwrap_or_default()
}

fn said_by_visitor(response: &Response) -> impl IntoView + use<> {
    let comment = match response.comment.clone() {
        Some(text) => view! { <p class="full" dir="auto" lang=response.lang.clone()>{text}</p> }.into_any(),
        None => view! { <p class="soft">"No comment"</p> }.into_any(),
    };
    let answers = response.answers.iter().map(|(key, answer)| (key.clone(), answer.text()));
    let consents = (!response.consents.is_empty()).then(|| response.consents.join(", "));
    let about = [
        ("Page", response.page.clone()),
        ("Language", response.lang.clone()),
        ("Channel", response.channel.clone()),
        ("Consents", consents),
    ];
    let about = about.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let all = answers.chain(about).chain(response.properties.clone());
    let line = |(name, value): (String, String)| {
        view! { <div><dt><bdi>{name}</bdi></dt><dd dir="auto">{value}</dd></div> }
    };
    view! { {comment} <dl class="about">{all.map(line).collect_view()}</dl> }
}

/// Contact of the visitor.
#[component]
fn Contact(
    /// The contact.
    text: String,
    /// Address of an email, if it is one.
    href: Option<String>,
) -> impl IntoView {
    let outcome = RwSignal::new("Copy");
    let copied = text.clone();
    let copy = move |_| {
        let text = copied.clone();
        spawn_local(async move {
            let copied = browser::copy(&text).await;
            let _ = outcome.try_set(if copied { "Copied" } else { "Select and copy it" });
        });
    };
    view! {
        <p class="row contact">
            <bdi class="grow">{text}</bdi>
            <button type="button" class="button" on:click=copy><span role="status">{outcome}</span></button>
            {href.map(|href| view! { <a class="button" href=href>"Write an email"</a> })}
        </p>
    }
}

/// Button that erases the response, behind a confirmation.
#[component]
fn Erase(
    /// State of the view.
    inbox: Inbox,
    /// Id of the response.
    id: String,
) -> impl IntoView {
    let (is_confirming, id) = (RwSignal::new(false), StoredValue::new(id));
    let erase = move |_| {
        let Some(site) = inbox.app.site.get_untracked() else { return };
        let (id, outcome) = (id.get_value(), inbox.saver.outcome);
        spawn_local(async move {
            let erased = api::send(&saver::of_response(&site, &id).method("DELETE")).await;
            if outcome.is_disposed() {
                return;
            }
            match erased {
                Ok(_) => {
                    let next = inbox.feed.neighbour(1).or_else(|| inbox.feed.neighbour(-1));
                    if untrack(|| inbox.opened()).as_deref() == Some(&*id) {
                        inbox.close();
                    }
                    inbox.feed.remove(&id);
                    next.into_iter().for_each(|next| browser::focus_soon(open_id(&next)));
                    outcome.set(Some(SaveOutcome::Done { text: "Erased.".into(), undo: None }));
                }
                Err(error) => outcome.set(Some(SaveOutcome::Failed { error, jobs: Vec::new() })),
            }
        });
    };
    move || match is_confirming.get() {
        false => view! {
            <p>
                <button type="button" class="button quiet" on:click=move |_| is_confirming.set(true)>
                    "Erase…"
                </button>
            </p>
        }
        .into_any(),
        true => view! {
            <div class="notice">
                <p>
                    "This erases the response with its contact and your note, for good. "
                    "The score no longer counts it."
                </p>
                <p class="row">
                    <button type="button" class="button danger" on:click=erase>"Erase for good"</button>
                    <button type="button" class="button" on:click=move |_| is_confirming.set(false)>
                        "Keep it"
                    </button>
                </p>
            </div>
        }
        .into_any(),
    }
}
