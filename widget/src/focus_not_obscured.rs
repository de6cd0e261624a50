//! Keeps the page's focused element visible while the survey is open (WCAG 2.2, 2.4.11 Focus Not
//! Obscured).
//!
//! The page is scrolled a little, as browsers do for focus. Where that does not help, at the end of
//! the page or under a fixed bar, the card moves to the other edge of the window.

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, ScrollBehavior, ScrollToOptions, Window};

/// Attribute of the survey's element while the card is at the top of the window. Styled in
/// `styles/`.
pub const AT_TOP: &str = "data-top";
/// Space between the card and the element that it would have covered, in CSS pixels.
const GAP_PX: f64 = 8.0;
/// Time until an opening card has its size, and until WebKit, which fires `focusin` first, has
/// scrolled.
const SCROLLED_AFTER_MS: u32 = 100;

/// Keeps the focused element visible until the listener is dropped.
pub fn keep_focus_visible(window: &Window, host: &HtmlElement) -> Option<EventListener> {
    let document = window.document()?;
    let (window, host, page) = (window.clone(), host.clone(), document.clone());
    let check = move |focused: Element| {
        reveal(&window, &host, &focused);
        let (window, host, page) = (window.clone(), host.clone(), page.clone());
        let check_again = move || {
            if page.active_element().as_ref() == Some(&focused) {
                reveal(&window, &host, &focused);
            }
        };
        Timeout::new(SCROLLED_AFTER_MS, check_again).forget();
    };
    if let Some(focused) = document.active_element() {
        check(focused);
    }
    Some(EventListener::new(&document, "focusin", move |event: &Event| {
        if let Some(focused) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
            check(focused);
        }
    }))
}

fn reveal(window: &Window, host: &HtmlElement, focused: &Element) {
    // Twice: on a small window the card can cover the middle from either edge, and then needs both.
    for _ in 0..2 {
        if !covers(host, focused) {
            return;
        }
        let before = focused.get_bounding_client_rect().top();
        scroll_out(window, host, focused);
        let after = focused.get_bounding_client_rect();
        // A page that snaps to its sections may have gone on to the next one.
        let height = window.inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(f64::MAX);
        let left_window = after.top() < 0.0 || after.bottom() > height;
        if left_window {
            scroll_by(window, after.top() - before);
        }
        if left_window || covers(host, focused) {
            // The name is a valid one, so this cannot fail.
            let _ = host.toggle_attribute(AT_TOP);
        }
    }
}

/// Scrolls the page until the element is beside the card, as far as the page goes.
fn scroll_out(window: &Window, host: &HtmlElement, focused: &Element) {
    let (card, element) = (host.get_bounding_client_rect(), focused.get_bounding_client_rect());
    let at_top = host.has_attribute(AT_TOP);
    scroll_by(
        window,
        if at_top { element.top() - card.bottom() - GAP_PX } else { element.bottom() - card.top() + GAP_PX },
    );
}

fn scroll_by(window: &Window, down: f64) {
    let options = ScrollToOptions::new();
    options.set_top(down);
    options.set_behavior(ScrollBehavior::Instant);
    window.scroll_by_with_scroll_to_options(&options);
}

fn covers(host: &HtmlElement, focused: &Element) -> bool {
    if **focused == ***host || matches!(focused.tag_name().as_str(), "BODY" | "HTML") {
        return false;
    }
    // The card is never above a modal dialog or full screen. A browser without the selector returns
    // an error.
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
