//! Focus within the card.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ShadowRoot};

/// Moves focus to an element of the card once it is shown. Focus on one of the page's elements
/// stays there.
pub fn focus_within(host: &HtmlElement, root: &ShadowRoot, id: &str) {
    let document = host.owner_document();
    let in_page = document.and_then(|document| document.active_element()).is_some_and(|focused| {
        focused != **host && focused.tag_name() != "BODY" && focused.tag_name() != "HTML"
    });
    if in_page {
        return;
    }
    let (root, id) = (root.clone(), id.to_owned());
    Timeout::new(0, move || {
        if let Some(element) =
            root.get_element_by_id(&id).and_then(|element| element.dyn_into::<HtmlElement>().ok())
        {
            // Firefox focuses a legend only once it has a layout box.
            let _ = element.get_bounding_client_rect();
            // An element that cannot take focus leaves it where it is.
            let _ = element.focus();
        }
    })
    .forget();
}
