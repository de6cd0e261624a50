//! The survey that a visitor sees. It is compiled to WebAssembly and loaded by `loader.js` with `stage.js`, only for a visitor who
//! is due.
//!
//! The stage makes an empty element, calls [`open`] with it, brings to the collector what is said, and tells by [`settled`] what
//! became of it; the loader hears by events (`grapevine:…`) what the visitor did and keeps the dates. So nothing here stores
//! or sends anything. The survey lives in an open shadow root with a constructed style sheet: the page's styles do not reach
//! in, ours do not reach out, and a page that forbids inline styles need not change. There is at most one survey on a page.

mod card;
mod events;
mod face;
mod flow;
mod owner;
mod said;
mod scale;
mod sight;
mod texts;

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{
    CssStyleSheet, FocusEvent, HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode, VisibilityState,
};

use crate::flow::Flow;
use crate::owner::Owner;
use crate::said::Said;
use crate::texts::{Texts, Word};

/// A survey on the page.
struct Open {
    flow: Rc<Flow>,
    /// What had focus in the page before the visitor came into the card.
    focus_before: Rc<RefCell<Option<HtmlElement>>>,
    /// The view and its listeners: dropping them takes them down.
    parts: (Box<dyn Any>, Vec<EventListener>),
}

thread_local! {
    static OPEN: RefCell<Option<Open>> = const { RefCell::new(None) };
}

/// Shows the survey in `host`, an element without content that stands in the page. `settings` is what the loader knows
/// of the site and of this showing, `texts` the table of its language. A survey that is open is closed first.
///
/// # Errors
/// Where the browser lacks what the survey needs. The page is then as it was, but for `host`.
#[wasm_bindgen]
pub fn open(host: HtmlElement, settings: JsValue, texts: Array) -> Result<(), JsValue> {
    close();
    let (settings, texts) = (Owner(settings), Texts::new(texts));
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let page = window.document().ok_or(JsValue::NULL)?;
    let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))?;
    let sheet = CssStyleSheet::new()?;
    // The owner's rules, which the collector has made of colours and numbers, come after ours.
    let look = settings.get("look").text().unwrap_or_default();
    sheet.replace_sync(&(include_str!(env!("GRAPEVINE_STYLES")).to_owned() + &look))?;
    root.set_adopted_style_sheets(&Array::of1(&sheet));
    // The card's corner is the page's end in the reading direction of the survey.
    host.set_dir(&texts.get(Word::Dir));
    host.set_lang(&settings.get("lang").text().unwrap_or_default());
    let mode = settings.get("mode").text().unwrap_or_default();
    // Whatever stands in an element stands in its flow; a frame is an element of its own.
    let mode = if settings.get("target").is_set() && mode != "frame" { "inline".into() } else { mode };
    host.set_attribute("data-mode", &mode)?;
    let corner = settings.get("corner").text().unwrap_or_default();
    host.set_attribute("data-corner", &corner)?;
    if corner.starts_with("top") {
        host.set_attribute(sight::AT_TOP, "")?;
    }

    let said = Said::begin(&window, &settings).ok_or(JsValue::NULL)?;
    let flow = Flow::new(&settings, texts, said, host.clone(), root.clone(), close);
    let shown = flow.clone();
    // Leptos asks for an element to mount to, but uses it as the node that it is.
    let view = leptos::mount::mount_to(root.clone().unchecked_into(), move || card::card(&shown));

    let focus_before = Rc::new(RefCell::new(None));
    let mut listeners = vec![remember_focus(&root, focus_before.clone())];
    for name in flow::EVENTS {
        let flow = flow.clone();
        let options = EventListenerOptions::enable_prevent_default();
        listeners.push(EventListener::new_with_options(&root, name, options, move |event| flow.hear(event)));
    }
    let left = flow.clone();
    listeners.push(EventListener::new(&page.clone(), "visibilitychange", move |_| {
        if page.visibility_state() == VisibilityState::Hidden {
            left.hidden();
        }
    }));
    if over_the_page(&mode) {
        listeners.extend(sight::keep_in_sight(&window, &host));
    }
    // Above whatever the page puts on top, and beyond what it moves. Where there is no such layer, it stands in the page.
    if over_the_page(&mode) && host.set_attribute("popover", "manual").is_ok() {
        let _ = host.show_popover();
    }
    flow.begin(&mode);
    OPEN.replace(Some(Open { flow, focus_before, parts: (Box::new(view), listeners) }));
    Ok(())
}

/// Takes the survey off the page, if there is one. What the visitor said is still sent.
#[wasm_bindgen]
pub fn close() {
    let Some(Open { flow, focus_before, parts }) = OPEN.take() else { return };
    let was_inside = flow.root.active_element().is_some();
    flow.host.remove();
    if was_inside && let Some(before) = focus_before.take() {
        // An element that is gone by now cannot take focus; nothing else needs it.
        let _ = before.focus();
    }
    // The view may be in the middle of the click that closes it: it is taken down after that.
    Timeout::new(0, move || drop(parts)).forget();
}

/// What became of the newest message of a showing: the collector has stored it, or will never take it.
#[wasm_bindgen]
pub fn settled(id: String, stored: bool) {
    let flow = OPEN.with_borrow(|open| open.as_ref().map(|open| open.flow.clone()));
    if let Some(flow) = flow.filter(|flow| flow.said.id == id) {
        flow.settled(stored);
    }
}

/// Whether the survey stands over the page, and not in its flow.
fn over_the_page(mode: &str) -> bool {
    mode != "inline" && mode != "frame"
}

/// Focus that comes into the card from the page is given back on closing.
fn remember_focus(root: &ShadowRoot, before: Rc<RefCell<Option<HtmlElement>>>) -> EventListener {
    let inside = root.clone();
    EventListener::new(root, "focusin", move |event| {
        let from = event.dyn_ref::<FocusEvent>().and_then(FocusEvent::related_target);
        if let Some(from) = from.and_then(|from| from.dyn_into::<HtmlElement>().ok())
            && !inside.contains(Some(&from))
        {
            before.replace(Some(from));
        }
    })
}
