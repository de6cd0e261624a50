//! Small services of the browser.

use std::cell::RefCell;

use api::Day;
use gloo_events::EventListener;
use gloo_timers::callback::{Interval, Timeout};
use js_sys::{Array, Date, Function, Object, Reflect};
use leptos::prelude::StoredValue;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlAnchorElement, Url, VisibilityState};

use crate::range;

/// Form in which a time is written.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// Month, day and year, each a number.
    Day,
    /// Day and time with the name of the zone.
    Exact,
}

/// Parts of [`Form::Exact`].
const EXACT: [(&str, &str); 6] = [
    ("day", "numeric"),
    ("month", "short"),
    ("year", "numeric"),
    ("hour", "2-digit"),
    ("minute", "2-digit"),
    ("timeZoneName", "short"),
];

/// Function that writes times, with its zone and its form.
type Format = (Option<String>, Form, Function);

thread_local! {
    /// The last function of each form.
    static FORMATS: RefCell<Vec<Format>> = const { RefCell::new(Vec::new()) };
}

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
    let local = || format!("{}/{}/{}", now.get_month() + 1, now.get_date(), now.get_full_year());
    let write = |zone| format(Some(zone), Form::Day)?.call1(&JsValue::NULL, &now).ok()?.as_string();
    let written = zone.and_then(write);
    let day = written.as_deref().and_then(range::parse_american_day);
    day.or_else(|| range::parse_american_day(&local())).unwrap_or(Day::new(0))
}

/// Returns the function that writes a time in a zone, or in that of the browser; `None` where the
/// browser does not know the zone. The last one is kept, since making it takes longer than a
/// request.
fn format(zone: Option<&str>, form: Form) -> Option<Function> {
    let kept = FORMATS.with_borrow(|kept| {
        let same = kept.iter().find(|(of, is, _)| of.as_deref() == zone && *is == form);
        same.map(|(_, _, format)| format.clone())
    });
    if kept.is_some() {
        return kept;
    }
    let options = Object::new();
    let set = |name: &str, value: &str| Reflect::set(&options, &name.into(), &value.into()).ok();
    if let Some(zone) = zone {
        set("timeZone", zone)?;
    }
    let (language, parts): (_, &[_]) = match form {
        Form::Day => ("en-US", &[]),
        Form::Exact => ("en-GB", &EXACT),
    };
    for (name, value) in parts {
        set(name, value)?;
    }
    let get = |from: &JsValue, name: &str| Reflect::get(from, &name.into()).ok();
    let constructor = get(&get(&js_sys::global(), "Intl")?, "DateTimeFormat")?;
    // A zone that the browser does not know throws.
    let format = Reflect::construct(&constructor.into(), &Array::of2(&language.into(), &options)).ok()?;
    let format = Function::from(get(&format, "format")?);
    FORMATS.with_borrow_mut(|kept| {
        kept.retain(|(_, is, _)| *is != form);
        kept.push((zone.map(str::to_owned), form, format.clone()));
    });
    Some(format)
}

/// Returns a time of the day as `14:05`.
pub fn clock(time_ms: f64) -> String {
    let date = Date::new(&time_ms.into());
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

/// Returns a time with its day and the name of its time zone, or of that of the browser.
pub fn exact(time: &str, zone: Option<&str>) -> String {
    let date = Date::new(&time.into());
    let write = |zone| format(zone, Form::Exact)?.call1(&JsValue::NULL, &date).ok()?.as_string();
    write(zone).or_else(|| write(None)).unwrap_or_else(|| time.to_owned())
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
