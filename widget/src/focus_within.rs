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
    // After the tasks that show the element, and before the next event: between two events focus
    // would be on the page's body, which would receive the end of the key that was pressed here.
    leptos::task::spawn_local(async move {
        if !focus(&root, &id) {
            Timeout::new(0, move || {
                focus(&root, &id);
            })
            .forget();
        }
    });
}

/// Moves focus to an element. Returns whether it is there.
fn focus(root: &ShadowRoot, id: &str) -> bool {
    let element = root.get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let Some(element) = element else { return false };
    // Firefox focuses a legend only once it has a layout box.
    let _ = element.get_bounding_client_rect();
    // An element that cannot take focus leaves it where it is.
    let _ = element.focus();
    root.active_element().is_some_and(|focused| focused == *element)
}
