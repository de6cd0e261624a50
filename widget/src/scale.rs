//! The scale: eleven radio buttons of the browser's own, none of them chosen.
//!
//! The inputs do the work (keyboard, screen readers, forced colours); what is seen is drawn on the digit beside each.

use leptos::prelude::*;
use nps::Score;

use crate::texts::{Texts, Word};

/// The question with its eleven answers.
/// One of them can be chosen beforehand.
pub fn scale(texts: &Texts, question: String, preset: Option<Score>) -> impl IntoView + use<> {
    let (low, high) = (texts.get(Word::Low), texts.get(Word::High));
    let choice = |score: Score| {
        let digit = score.get().to_string();
        // The name of an end says what it means; the others are their digit.
        let name = match score.get() {
            0 => format!("0, {low}"),
            10 => format!("10, {high}"),
            _ => digit.clone(),
        };
        view! {
            <label class="choice">
                <input id=format!("score{digit}") type="radio" name="score" value=digit.clone() aria-label=name checked=preset == Some(score) />
                <span>{digit}</span>
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
