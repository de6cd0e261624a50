//! The scale: eleven radio buttons of the browser's own, none of them chosen.
//!
//! The inputs do the work (keyboard, screen readers, forced colours); what is seen is drawn on the digit beside each.

use std::sync::Arc;

use leptos::prelude::*;
use nps::Score;

use crate::flow::Flow;
use crate::texts::Texts;

/// The question with its eleven answers.
#[component]
pub fn Scale(flow: Flow, texts: Arc<Texts>, question: String) -> impl IntoView {
    let choice = |score: Score| {
        let flow = flow.clone();
        // The name of an end says what it means; the others are their digit.
        let name = match score.get() {
            0 => Some(texts.zero.clone()),
            10 => Some(texts.ten.clone()),
            _ => None,
        };
        view! {
            <label class="choice">
                <input type="radio" name="score" value=score.get() aria-label=name on:change=move |_| flow.choose(score) />
                <span>{score.get()}</span>
            </label>
        }
    };
    let choices: Vec<_> = Score::ALL.into_iter().map(choice).collect();
    view! {
        <fieldset>
            <legend id="question">{question}</legend>
            <div class="answers">
                <span class="low" aria-hidden="true">{texts.low.clone()}</span>
                <div class="scale">{choices}</div>
                <span class="high" aria-hidden="true">{texts.high.clone()}</span>
            </div>
        </fieldset>
    }
}
