//! The survey that a visitor sees. It is compiled to WebAssembly and loaded by `loader.js`, only for a visitor who is due.
//!
//! The loader makes an empty element, calls [`open`] with it, and hears by events (`grapevine:…`) what the visitor did; it
//! keeps the dates, so nothing here stores anything in the browser. The survey lives in an open shadow root with a
//! constructed style sheet: the page's styles do not reach in, ours do not reach out, and a page that forbids inline styles
//! need not change. There is at most one survey on a page.

mod card;
mod events;
mod flow;
mod outgoing;
mod post;
mod scale;
mod settings;
mod sight;
mod texts;

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use leptos::prelude::{ArcRwSignal, Set};
use wasm_bindgen::prelude::*;
use web_sys::{CssStyleSheet, FocusEvent, HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

use crate::card::{Card, CardProps};
use crate::events::{What, tell};
use crate::flow::Flow;
use crate::outgoing::Outgoing;
use crate::settings::Settings;
use crate::texts::Texts;

/// How long a screen reader gets to notice the status region before there is something to say in it.
const ANNOUNCE_AFTER_MS: u32 = 500;

/// A survey on the page.
struct Open {
    host: HtmlElement,
    root: ShadowRoot,
    outgoing: Rc<Outgoing>,
    /// What had focus in the page before the visitor came into the card.
    focus_before: Rc<RefCell<Option<HtmlElement>>>,
    /// The view and its listeners: dropping them takes them down.
    parts: (Box<dyn Any>, Vec<EventListener>, Timeout),
}

thread_local! {
    static OPEN: RefCell<Option<Open>> = const { RefCell::new(None) };
    /// The showing that was closed last. It is kept so that it can still speak when the page is left.
    static CLOSED: RefCell<Option<Rc<Outgoing>>> = const { RefCell::new(None) };
}

/// Shows the survey in `host`, an element without content that stands in the page. `settings` is what [`Settings`]
/// reads, `texts` the table of the language `lang`. A survey that is open is closed first.
///
/// # Errors
/// Where the settings or the texts cannot be read, or the browser lacks what the survey needs. The page is then as it was,
/// but for `host`.
#[wasm_bindgen]
pub fn open(host: HtmlElement, settings: &JsValue, lang: String, texts: &JsValue) -> Result<(), JsValue> {
    close();
    let settings = Settings::read(settings)?;
    let texts = Texts::read(texts)?;
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))?;
    let sheet = CssStyleSheet::new()?;
    sheet.replace_sync(include_str!(env!("GRAPEVINE_STYLES")))?;
    root.set_adopted_style_sheets(&js_sys::Array::of1(&sheet));
    // The card's corner is the page's end in the reading direction of the survey.
    host.set_dir(&texts.dir);

    let url = format!("{}/v1/sites/{}/responses", settings.collector, settings.site);
    let outgoing = Outgoing::begin(url, settings.variant, lang.clone()).ok_or(JsValue::NULL)?;
    let question = settings.question.unwrap_or_else(|| texts.question.replace("{name}", &settings.name));
    let announced = ArcRwSignal::new(false);
    let flow = Flow::new(host.clone(), outgoing.clone(), Rc::new(close));
    let card = CardProps { flow, texts: Arc::new(texts), question, lang, announced: announced.clone() };
    // Leptos asks for an element to mount to, but uses it as the node that it is.
    let view = leptos::mount::mount_to(root.clone().unchecked_into(), move || Card(card));

    let focus_before = Rc::new(RefCell::new(None));
    let mut listeners = vec![remember_focus(&root, focus_before.clone())];
    listeners.extend(sight::keep_in_sight(&window, &host));
    let announce = Timeout::new(ANNOUNCE_AFTER_MS, move || announced.set(true));
    tell(&host, What::Shown);
    let parts = (Box::new(view) as Box<dyn Any>, listeners, announce);
    OPEN.replace(Some(Open { host, root, outgoing, focus_before, parts }));
    Ok(())
}

/// Takes the survey off the page, if there is one. What the visitor said is still sent.
#[wasm_bindgen]
pub fn close() {
    let Some(open) = OPEN.take() else { return };
    let was_inside = open.root.active_element().is_some();
    open.host.remove();
    if was_inside && let Some(before) = open.focus_before.take() {
        // An element that is gone by now cannot take focus; nothing else needs it.
        let _ = before.focus();
    }
    open.outgoing.end();
    CLOSED.replace(Some(open.outgoing));
    // The view may be in the middle of the click that closes it: it is taken down after that.
    Timeout::new(0, move || drop(open.parts)).forget();
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
