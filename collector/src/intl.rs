//! What the runtime knows, so that the Worker need not carry it: time zones, of which its `Intl` has the whole IANA database,
//! and how browsers read a URL.

use api::ValidationError;
use collector_core::Zone;
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::Url;
use worker::{js_sys, wasm_bindgen};

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;

    #[wasm_bindgen(constructor, catch, js_namespace = Intl)]
    fn new(locale: &str, options: &Object) -> Result<DateTimeFormat, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn format(this: &DateTimeFormat, unix_ms: f64) -> Result<String, JsValue>;
}

/// The years for which changes of the clock are looked up. Before and after them the nearest offset holds.
const FROM: i64 = 946_684_800; // 2000-01-01
const UNTIL: i64 = 2_461_449_600; // 2048-01-01

/// The zone of that IANA name.
pub fn zone(name: &str) -> Result<Zone, ValidationError> {
    let unknown = || {
        let name: String = name.chars().take(60).collect();
        ValidationError::new(
            "/timezone",
            format!("{name:?} is no time zone. Use an IANA name, for example Europe/Warsaw."),
        )
    };
    // The runtime also takes bare offsets; those have no daylight saving and are seldom what was meant.
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return Err(unknown());
    }
    let options = Object::new();
    for (key, value) in [("timeZone", name), ("timeZoneName", "longOffset")] {
        Reflect::set(&options, &key.into(), &value.into()).map_err(|_| unknown())?;
    }
    let format = DateTimeFormat::new("en-US", &options).map_err(|_| unknown())?;
    Zone::probe(name, FROM, UNTIL, |unix_s| {
        let text = format.format(unix_s as f64 * 1000.0).map_err(|_| unknown())?;
        offset(&text).ok_or_else(unknown)
    })
}

/// The seconds in `11/22/2026, GMT+05:45`.
fn offset(text: &str) -> Option<i32> {
    let (_, offset) = text.split_once("GMT")?;
    if offset.is_empty() {
        return Some(0);
    }
    let sign = match offset.chars().next()? {
        '+' => 1,
        '-' | '\u{2212}' => -1,
        _ => return None,
    };
    let digits = offset.trim_start_matches(['+', '-', '\u{2212}']);
    let mut seconds = 0;
    for (part, unit) in digits.split(':').zip([3600, 60, 1]) {
        seconds += part.parse::<i32>().ok()? * unit;
    }
    Some(sign * seconds)
}

/// An origin as browsers write it, if the text is one: no path, no query, no name of a user.
pub fn origin(text: &str) -> Option<String> {
    let url = Url::new(text).ok()?;
    let bare = url.pathname() == "/"
        && [url.search(), url.hash(), url.username(), url.password()].iter().all(String::is_empty)
        && !text.contains(['?', '#']);
    (bare && matches!(url.protocol().as_str(), "http:" | "https:")).then(|| url.origin())
}
