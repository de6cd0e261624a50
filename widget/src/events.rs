//! Events that the survey dispatches, named `grapevine:…`.
//!
//! They bubble and leave the shadow root. They carry nothing about the visitor, not even the score,
//! so a page that knows its visitor by name cannot learn who gave which response.

use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, EventTarget, HtmlElement};

/// Event of the survey's life cycle.
#[derive(Clone, Copy)]
pub enum SurveyEvent {
    /// The survey is on the page.
    Shown,
    /// The first score was chosen.
    Scored,
    /// The visitor pressed Send, the collector stored the response, and the visitor was thanked.
    Submitted,
    /// "Not now": closed without a score.
    Dismissed,
    /// The collector refused the response.
    Error,
}

/// Dispatches an event from the survey's element, or from the document when the element is gone.
pub fn dispatch(host: &HtmlElement, event: SurveyEvent) {
    let name = match event {
        SurveyEvent::Shown => "grapevine:shown",
        SurveyEvent::Scored => "grapevine:scored",
        SurveyEvent::Submitted => "grapevine:submitted",
        SurveyEvent::Dismissed => "grapevine:dismissed",
        SurveyEvent::Error => "grapevine:error",
    };
    // Fails only without a document, and then nothing listens.
    let _ = try_dispatch(host, name);
}

fn try_dispatch(host: &HtmlElement, name: &str) -> Result<(), JsValue> {
    let options = CustomEventInit::new();
    options.set_bubbles(true);
    options.set_composed(true);
    let event = CustomEvent::new_with_event_init_dict(name, &options)?;
    let document = host.owner_document().map(EventTarget::from);
    let target = if host.is_connected() { Some(host.clone().into()) } else { document };
    if let Some(target) = target {
        target.dispatch_event(&event)?;
    }
    Ok(())
}
