//! Small services of the browser.

use api::Day;
use gloo_timers::callback::Interval;
use js_sys::{Date, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::VisibilityState;

/// Returns the time in milliseconds since 1970.
pub fn now_ms() -> f64 {
    Date::now()
}

/// Parses a time of the API; NaN where it is none.
pub fn parse_time(time: &str) -> f64 {
    Date::parse(time)
}

/// Returns the present day in a time zone, or in that of the browser.
pub fn today(zone: Option<&str>) -> Day {
    let options = Object::new();
    if let Some(zone) = zone {
        // A zone that the browser does not know would throw.
        let _ = Reflect::set(&options, &"timeZone".into(), &zone.into());
    }
    let written = |options: &Object| {
        let date = JsValue::from(Date::new_0());
        let write = Reflect::get(&date, &"toLocaleDateString".into()).ok()?;
        let write = js_sys::Function::from(write);
        // This locale writes days as ISO 8601 does. WebKit has other days for `en-CA`.
        let text = write.call2(&date, &"sv-SE".into(), options).ok()?;
        Day::parse(&text.as_string()?)
    };
    let in_utc = || Day::parse(String::from(Date::new_0().to_iso_string()).get(..10)?);
    written(&options).or_else(|| written(&Object::new())).or_else(in_utc).unwrap_or(Day::new(0))
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

/// Calls a function at intervals while the page is seen.
pub fn every(milliseconds: u32, mut call: impl FnMut() + 'static) {
    let is_seen = || {
        let document = web_sys::window().and_then(|window| window.document());
        document.is_some_and(|document| document.visibility_state() == VisibilityState::Visible)
    };
    Interval::new(milliseconds, move || {
        if is_seen() {
            call();
        }
    })
    .forget();
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
