//! The scale: eleven native radio buttons, none of them preselected.
//!
//! The inputs provide the behaviour (keyboard, screen readers, forced colours). The visible part is
//! drawn on the digit next to each of them.

use leptos::prelude::*;
use nps::Score;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, ShadowRoot};

use crate::decimal::decimal;
use crate::flow::Flow;
use crate::translations::TextKey;

/// Renders the question with the scores 0–10, of which one can be preset.
pub fn scale(flow: &Flow, question: String) -> impl IntoView + use<> {
    let (low, high) = (flow.text("low", TextKey::Low), flow.text("high", TextKey::High));
    let preset = flow.chosen();
    let choice = |score: Score| {
        let value = decimal(score.get().into());
        let digits = flow.digits(score.get().into());
        // The accessible name of an end says what it means; the others are their digits.
        let name = match score.get() {
            0 => [&*digits, ", ", &low].concat(),
            10 => [&*digits, ", ", &high].concat(),
            _ => digits.clone(),
        };
        view! {
            <label class="choice">
                <input id=["score", &value].concat() type="radio" name="score" value=value aria-label=name checked=preset == Some(score) />
                <span>{digits}</span>
            </label>
        }
    };
    let choices: Vec<_> = Score::ALL.into_iter().map(choice).collect();
    view! {
        <fieldset>
            <legend id="question" tabindex="-1">{question}</legend>
            <div class="answers">
                <span class="low" aria-hidden="true">{low}</span>
                <div class="scale">{choices}</div>
                <span class="high" aria-hidden="true">{high}</span>
            </div>
        </fieldset>
    }
}

/// Moves from one end of the scale to the other on an arrow key, which WebKit's radio buttons do
/// not do by themselves.
pub fn wrap_around(event: &KeyboardEvent, target: &Element, root: &ShadowRoot, right_to_left: bool) {
    let key = event.key();
    let (left, right) = if right_to_left { ("ArrowRight", "ArrowLeft") } else { ("ArrowLeft", "ArrowRight") };
    let back = key == "ArrowUp" || key == left;
    let other = match target.id().as_str() {
        "score0" if back => "score10",
        "score10" if key == "ArrowDown" || key == right => "score0",
        _ => return,
    };
    if let Some(other) = root.get_element_by_id(other).and_then(|other| other.dyn_into::<HtmlElement>().ok())
    {
        event.prevent_default();
        // An element on the page can take focus.
        let _ = other.focus();
        other.click();
    }
}
