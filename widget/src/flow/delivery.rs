//! Saving, sending and thanking.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use leptos::prelude::Set;
use wasm_bindgen::JsCast;
use web_sys::HtmlFormElement;

use super::{Delivery, Flow};
use crate::events::{SurveyEvent, dispatch};
use crate::response_draft::Submit;
use crate::translations::TextKey;

/// Pause in the writing after which the text is sent. Every text sent doubles it, up to
/// `MAX_DOUBLINGS` times, so that a visitor who thinks between words costs few requests.
const SAVE_AFTER_MS: u32 = 2_500;
const MAX_DOUBLINGS: u32 = 5;

/// Returns the text that says why a message is not stored, by its `DeliveryState` in
/// `js/types.d.ts`; nothing if it is stored.
pub fn failure_text(state: &str) -> Option<TextKey> {
    match state {
        "stored" => None,
        "limited" => Some(TextKey::Limited),
        "keep_open" => Some(TextKey::KeepOpen),
        "refused" => Some(TextKey::Refused),
        _ => Some(TextKey::Offline),
    }
}

impl Flow {
    /// Saves the texts in the browser, and sends them once the visitor pauses.
    pub(super) fn save_in_pause(self: &Rc<Self>) {
        if !self.has_draft() {
            return;
        }
        self.submit_form(Submit::Draft);
        let this = self.clone();
        let pause_ms = SAVE_AFTER_MS << self.pauses.get().min(MAX_DOUBLINGS);
        let pause = Timeout::new(pause_ms, move || {
            this.pauses.set(this.pauses.get() + 1);
            this.save();
        });
        self.pause.replace(Some(pause));
    }

    /// Handles "Send" and "Try again".
    pub(super) fn send(self: &Rc<Self>) {
        self.preset.get().inspect(|preset| self.choose(*preset));
        self.delivery.set(Delivery::Sending);
        self.pause.take();
        self.submit_form(Submit::Everything);
        self.draw();
    }

    /// Handles what has become of the newest message: stored, or not for the reason in the text.
    pub fn delivery_result(self: &Rc<Self>, failure: Option<TextKey>) {
        // The visitor waits for a result only after Send.
        if self.delivery.get() == Delivery::Idle {
            return;
        }
        let Some(failure) = failure else { return self.thank() };
        self.delivery.set(Delivery::Failed(failure));
        if failure == TextKey::Refused {
            dispatch(&self.host, SurveyEvent::Error);
        }
        self.draw();
    }

    /// Sends the texts before the card goes away or the page is hidden, perhaps for good.
    pub fn save(&self) {
        self.pause.take();
        if self.has_draft() {
            self.submit_form(Submit::TextOnly);
        }
    }

    /// Whether there may be texts that the visitor has not sent.
    pub(super) fn has_draft(&self) -> bool {
        self.score.get().is_some() && !self.is_done()
    }

    /// Handles "Not now" before a score, "Close" after it, and Escape at any time.
    pub(super) fn leave(&self) {
        if self.score.get().is_none() {
            self.set_visible();
            self.draft.set_dismissed();
            dispatch(&self.host, SurveyEvent::Dismissed);
        }
        (self.close)();
    }

    pub(super) fn thank(self: &Rc<Self>) {
        self.delivery.set(Delivery::Idle);
        self.state.thanks.set(self.thanks_text());
        dispatch(&self.host, SurveyEvent::Submitted);
        self.go(Some(self.steps.last()));
    }

    /// Returns the line under the thanks: the owner's, or the default.
    pub(super) fn thanks_text(&self) -> String {
        let thanks = self.owner_text(&[self.category().as_str(), "_thanks"].concat());
        if thanks.is_empty() { self.texts.get(TextKey::ThanksLine) } else { thanks }
    }

    pub(super) fn submit_form(&self, submit: Submit) {
        if let Some(form) =
            self.root.get_element_by_id("form").and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
        {
            self.draft.read_form(&form, submit);
        }
    }
}
