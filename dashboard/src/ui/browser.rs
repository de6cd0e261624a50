//! Small services of the browser.

use api::Day;
use gloo_events::EventListener;
use gloo_timers::callback::{Interval, Timeout};
use js_sys::{Array, Date, Function, Object, Reflect};
use leptos::prelude::StoredValue;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlAnchorElement, Url, VisibilityState};

use crate::range;

/// Returns the time in milliseconds since 1970.
pub fn now_ms() -> f64 {
    Date::now()
}

/// Parses a time of the API; NaN where it is none.
pub fn parse_time(time: &str) -> f64 {
    Date::parse(time)
}

/// Returns the day of a time in a time zone, or in that of the browser.
pub fn day_at(time_ms: f64, zone: Option<&str>) -> Day {
    let now = Date::new(&time_ms.into());
    let local = format!("{}/{}/{}", now.get_month() + 1, now.get_date(), now.get_full_year());
    let written = zone.and_then(|zone| {
        let options = Object::new();
        Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
        // A zone that the browser does not know throws.
        let write = Reflect::get(&now, &"toLocaleDateString".into()).ok()?;
        Function::from(write).call2(&now, &"en-US".into(), &options).ok()?.as_string()
    });
    let day = written.as_deref().and_then(range::parse_american_day);
    day.or_else(|| range::parse_american_day(&local)).unwrap_or(Day::new(0))
}

/// Returns a time of the day as `14:05`.
pub fn clock(time_ms: f64) -> String {
    let date = Date::new(&time_ms.into());
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

/// Returns a time with its day in the zone of the browser, for a tooltip.
pub fn exact(time: &str) -> String {
    Date::new(&time.into()).to_locale_string("en-GB", &JsValue::UNDEFINED).into()
}

/// Calls a function when the connection comes or goes, until the view that calls this is gone.
pub fn on_connection(call: impl Fn() + Copy + 'static) {
    let Some(window) = web_sys::window() else { return };
    for kind in ["online", "offline"] {
        StoredValue::new_local(EventListener::new(&window, kind, move |_| call()));
    }
}

/// Calls a function at intervals while the page is seen, until the view that calls this is
/// gone.
pub fn poll(milliseconds: u32, mut call: impl FnMut() + 'static) {
    let interval = Interval::new(milliseconds, move || {
        if is_seen() {
            call();
        }
    });
    // Dropped with its owner, which stops the interval.
    StoredValue::new_local(interval);
}

fn is_seen() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| document.visibility_state() == VisibilityState::Visible)
}

/// Returns the address of the page.
pub fn address() -> String {
    web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default()
}

/// Writes a text to the clipboard. Returns whether the browser did.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let clipboard = window.navigator().clipboard();
    // Without a secure context there is no clipboard.
    if JsValue::from(&clipboard).is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Returns the time zones that the browser knows.
pub fn time_zones() -> Vec<String> {
    let list = || {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let list = Reflect::get(&intl, &"supportedValuesOf".into()).ok()?;
        let list = list.dyn_into::<js_sys::Function>().ok()?.call1(&intl, &"timeZone".into()).ok()?;
        Some(Array::from(&list).iter().filter_map(|zone| zone.as_string()).collect())
    };
    list().unwrap_or_default()
}

/// Saves a file in the browser's folder of downloads.
pub fn save_file(file: &Blob, name: &str) {
    let save = || {
        let url = Url::create_object_url_with_blob(file).ok()?;
        let document = web_sys::window()?.document()?;
        let link: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
        link.set_href(&url);
        link.set_download(name);
        link.click();
        // The browser has begun to read it once the click is over.
        Timeout::new(60_000, move || drop(Url::revoke_object_url(&url))).forget();
        Some(())
    };
    save();
}

/// Sets the title of the tab.
pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(title);
    }
}

/// Moves the focus to the element with an id, once what has just changed is drawn.
pub fn focus_soon(id: String) {
    leptos::prelude::request_animation_frame(move || {
        let element = web_sys::window().and_then(|window| window.document()?.get_element_by_id(&id));
        if let Some(element) = element.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}
