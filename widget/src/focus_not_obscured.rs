//! The page's own focus stays in sight: while the survey is open, it never wholly covers the element that has focus.
//!
//! The page is scrolled a little, as the browser does for focus; where that does not help (the end of the page, a fixed
//! bar), the card moves to the other edge of the window.

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, ScrollBehavior, ScrollToOptions, Window};

/// On the survey's element while the card is at the top; the style sheet knows it.
pub const AT_TOP: &str = "data-top";
/// The space left between the card and what it would have covered.
const GAP: f64 = 8.0;
/// When the card that opens has its size, and when WebKit, which says what gets focus first, has scrolled there.
const SCROLLED_AFTER_MS: u32 = 100;

/// Watches over the page's focus until the listener is dropped.
pub fn keep_in_sight(window: &Window, host: &HtmlElement) -> Option<EventListener> {
    let document = window.document()?;
    let (window, host, page) = (window.clone(), host.clone(), document.clone());
    let look = move |focused: Element| {
        uncover(&window, &host, &focused);
        let (window, host, page) = (window.clone(), host.clone(), page.clone());
        let again = move || {
            if page.active_element().as_ref() == Some(&focused) {
                uncover(&window, &host, &focused);
            }
        };
        Timeout::new(SCROLLED_AFTER_MS, again).forget();
    };
    if let Some(focused) = document.active_element() {
        look(focused);
    }
    Some(EventListener::new(&document, "focusin", move |event: &Event| {
        if let Some(focused) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
            look(focused);
        }
    }))
}

fn uncover(window: &Window, host: &HtmlElement, focused: &Element) {
    // Twice: on a small window the card can cover the middle from either edge, and then needs both.
    for _ in 0..2 {
        if !covers(host, focused) {
            return;
        }
        scroll_out(window, host, focused);
        if covers(host, focused) {
            // The name is a valid one, so this cannot fail.
            let _ = host.toggle_attribute(AT_TOP);
        }
    }
}

/// Scrolls the page until the element is beside the card, as far as the page goes.
fn scroll_out(window: &Window, host: &HtmlElement, focused: &Element) {
    let (card, element) = (host.get_bounding_client_rect(), focused.get_bounding_client_rect());
    let at_top = host.has_attribute(AT_TOP);
    let down = if at_top { element.top() - card.bottom() - GAP } else { element.bottom() - card.top() + GAP };
    let options = ScrollToOptions::new();
    options.set_top(down);
    options.set_behavior(ScrollBehavior::Instant);
    window.scroll_by_with_scroll_to_options(&options);
}

fn covers(host: &HtmlElement, focused: &Element) -> bool {
    if **focused == ***host || matches!(focused.tag_name().as_str(), "BODY" | "HTML") {
        return false;
    }
    // Over what is modal or in full screen there is no card. (A browser without the selector says so by an error.)
    if focused.closest(":modal").ok().flatten().is_some() {
        return false;
    }
    let (card, element) = (host.get_bounding_client_rect(), focused.get_bounding_client_rect());
    element.width() > 0.0
        && element.top() >= card.top()
        && element.bottom() <= card.bottom()
        && element.left() >= card.left()
        && element.right() <= card.right()
}
