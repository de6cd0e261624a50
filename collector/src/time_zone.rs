//! Time zones by name. The runtime's `Intl` has the whole IANA database, so the Worker need not
//! carry it.

use api::ValidationError;
use collector_core::Zone;
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use worker::{js_sys, wasm_bindgen};

use crate::http::problem::quoted;

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;

    #[wasm_bindgen(constructor, catch, js_namespace = Intl)]
    fn new(locale: &str, options: &Object) -> Result<DateTimeFormat, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn format(this: &DateTimeFormat, unix_ms: f64) -> Result<String, JsValue>;
}

/// First instant of the years for which changes of the clock are looked up. Before them the first
/// offset holds.
const FIRST_S: i64 = 946_684_800; // 2000-01-01
/// Last instant of those years. After it the last offset holds.
const LAST_S: i64 = 2_461_449_600; // 2048-01-01

/// Returns the zone with that IANA name.
pub fn parse(name: &str) -> Result<Zone, ValidationError> {
    let unknown = || {
        let detail =
            format!("{} is not a time zone. Use an IANA name, for example Europe/Warsaw.", quoted(name));
        ValidationError::new("/timezone", detail)
    };
    // The runtime also takes bare offsets, which have no daylight saving and are seldom what was
    // meant.
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return Err(unknown());
    }
    let options = Object::new();
    for (key, value) in [("timeZone", name), ("timeZoneName", "longOffset")] {
        Reflect::set(&options, &key.into(), &value.into()).map_err(|_| unknown())?;
    }
    let format = DateTimeFormat::new("en-US", &options).map_err(|_| unknown())?;
    Zone::probe(name, FIRST_S, LAST_S, |unix_s| {
        let text = format.format(unix_s as f64 * 1000.0).map_err(|_| unknown())?;
        parse_offset(&text).ok_or_else(unknown)
    })
}

/// Returns the seconds of the offset in a text such as `11/22/2026, GMT+05:45`.
fn parse_offset(text: &str) -> Option<i32> {
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
