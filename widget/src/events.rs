//! What the page and the loader are told: events named `grapevine:…`.
//!
//! They bubble and leave the shadow root, and carry nothing about the visitor, not even the score: a page that knows its
//! visitor by name cannot learn from them who answered what.

use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, EventTarget, HtmlElement};

/// What happened. The name of the event is `grapevine:` and this.
#[derive(Clone, Copy)]
pub enum What {
    /// The survey is on the page.
    Shown,
    /// The first score was chosen.
    Scored,
    /// The visitor pressed Send and was thanked.
    Submitted,
    /// "Not now": closed without a score.
    Dismissed,
    /// The answer could not be delivered.
    Error,
}

/// Tells it, from the survey's element, or from the document where the element is gone.
pub fn tell(host: &HtmlElement, what: What) {
    let name = match what {
        What::Shown => "grapevine:shown",
        What::Scored => "grapevine:scored",
        What::Submitted => "grapevine:submitted",
        What::Dismissed => "grapevine:dismissed",
        What::Error => "grapevine:error",
    };
    // It runs in a browser; without a document there is nobody to tell.
    let _ = dispatch(host, name);
}

fn dispatch(host: &HtmlElement, name: &str) -> Result<(), JsValue> {
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
