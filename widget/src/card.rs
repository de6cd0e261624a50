//! The card: everything the visitor sees.
//!
//! All of it is on the page from the start, and stages only hide and show parts: nothing that has focus or text in it is
//! made anew. Keys pressed in the card stay in it, so that a page with shortcuts does not act on what a visitor writes.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use nps::message::MAX_COMMENT;

use crate::flow::{Flow, Stage};
use crate::scale::Scale;
use crate::texts::Texts;

/// The whole survey, in one language.
#[component]
pub fn Card(
    flow: Flow,
    texts: Arc<Texts>,
    question: String,
    lang: String,
    announced: ArcRwSignal<bool>,
) -> impl IntoView {
    let stage = flow.stage.clone();
    let thanked = move || stage.get() == Stage::Thanked;
    let (hidden, name) = (thanked.clone(), thanked.clone());
    let announcement = {
        let texts = texts.clone();
        move || announced.get().then(|| texts.announcement.clone())
    };
    let keys = {
        let flow = flow.clone();
        move |event: ev::KeyboardEvent| {
            event.stop_propagation();
            // Escape can also end the writing of a character; then it is not for us.
            if event.key() == "Escape" && !event.is_composing() {
                flow.leave();
            }
        }
    };
    view! {
        <section
            role="dialog"
            lang=lang
            dir=texts.dir.clone()
            aria-labelledby=move || if name() { "thanks" } else { "question" }
            on:keydown=keys
            on:keyup=|event| event.stop_propagation()
            on:keypress=|event| event.stop_propagation()
        >
            <p role="status" class="unseen">{announcement}</p>
            <div hidden=hidden>
                <Scale flow=flow.clone() texts=texts.clone() question />
                <Comment flow=flow.clone() texts=texts.clone() />
                <Buttons flow=flow.clone() texts=texts.clone() />
            </div>
            <div class="thanks" hidden=move || !thanked()>
                <svg viewBox="0 0 48 48" aria-hidden="true">
                    <circle cx="24" cy="24" r="24" />
                    <path d="m15 25 6.5 6.5L34 18" />
                </svg>
                <h2 id="thanks" tabindex="-1" node_ref=flow.thanks>{texts.thanks.clone()}</h2>
                <p>{texts.thanks_line.clone()}</p>
                <button type="button" class="send" on:click=move |_| flow.leave()>{texts.close.clone()}</button>
            </div>
        </section>
    }
}

/// The comment: revealed by a score, with a prompt that fits it.
#[component]
fn Comment(flow: Flow, texts: Arc<Texts>) -> impl IntoView {
    let score = flow.score.clone();
    let left = flow.left.clone();
    let prompt = {
        let (score, texts) = (score.clone(), texts.clone());
        move || score.get().map(|score| texts.prompt(score).to_owned())
    };
    let optional = texts.optional.clone();
    let hint = move || left.get().map(|left| texts.left.replace("{count}", &left.to_string()));
    view! {
        <div class="comment" hidden=move || score.get().is_none()>
            <label for="comment">{prompt}</label>
            <span class="aside" id="optional">{optional}</span>
            <textarea
                id="comment"
                dir="auto"
                rows="3"
                maxlength=MAX_COMMENT
                aria-describedby="optional left"
                on:input=move |event| flow.write(event_target_value(&event))
            ></textarea>
            <p class="aside" id="left">{hint}</p>
        </div>
    }
}

/// What failed, if anything did, and the two buttons.
#[component]
fn Buttons(flow: Flow, texts: Arc<Texts>) -> impl IntoView {
    let (score, stage, words) = (flow.score.clone(), flow.stage.clone(), texts.clone());
    let problem = move || (stage.get() == Stage::Failed).then(|| words.failed.clone());
    let (stage, words) = (flow.stage.clone(), texts.clone());
    let send = move || match stage.get() {
        Stage::Failed => words.again.clone(),
        Stage::Sending => words.sending.clone(),
        _ => words.send.clone(),
    };
    let unanswered = move || score.get().is_none();
    let leave = {
        let unanswered = unanswered.clone();
        move || if unanswered() { texts.not_now.clone() } else { texts.close.clone() }
    };
    let (leaving, sending) = (flow.clone(), flow.clone());
    view! {
        <p role="alert">{problem}</p>
        <div class="buttons">
            <button type="button" class="leave" on:click=move |_| leaving.leave()>{leave}</button>
            <button type="button" class="send" hidden=unanswered node_ref=flow.send_button on:click=move |_| sending.send()>
                {send}
            </button>
        </div>
    }
}
