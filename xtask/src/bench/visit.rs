//! First visit of a page on a phone, and its cost.

use std::collections::HashMap;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::browser::{Browser, Window};

/// A common phone, not the smallest.
const PHONE: Window = Window { width: 360, height: 740, ..Window::DESKTOP };
/// Slowdown of the phone relative to this machine.
const SLOWER: u32 = 4;
/// Time after the navigation during which the work of the page counts, even if the choices are on
/// screen earlier.
const AFTERWARDS_MS: u32 = 4_000;

/// Cost of a visit until the choices were on screen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Bytes on the wire, headers included.
    pub bytes: f64,
    /// Work of the page's main thread, in milliseconds.
    pub task_ms: f64,
    /// Work of the page's main thread within four seconds of the navigation, in milliseconds.
    pub settled_ms: f64,
    /// Time since the navigation began.
    pub time_ms: f64,
}

impl Cost {
    /// Returns the additional cost in comparison with another visit.
    pub fn less(self, other: Self) -> Self {
        Self {
            bytes: self.bytes - other.bytes,
            task_ms: self.task_ms - other.task_ms,
            settled_ms: self.settled_ms - other.settled_ms,
            time_ms: self.time_ms - other.time_ms,
        }
    }
}

/// Visits a page in a new browser, with nothing cached or compiled.
pub fn visit(blank: &str, url: &str) -> Result<Cost> {
    let browser = Browser::recording(PHONE)?;
    let cdp = |command: &str, parameters: Value| browser.cdp(command, &parameters);
    // The browser has finished starting before the page that counts.
    browser.goto(blank)?;
    cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": include_str!("probe.js") }))?;
    cdp("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER }))?;
    cdp("Performance.enable", json!({ "timeDomain": "timeTicks" }))?;
    browser.recorded()?;

    browser.goto(url)?;
    let shown = browser.run("return window.onScreen.then((at) => [at, performance.timeOrigin + at]);")?;
    let task_then = task_ms(&browser)?;
    let (time_ms, wall_ms) = (shown[0].as_f64().context("no time")?, shown[1].as_f64().context("no time")?);
    let rest = format!(
        "return new Promise((done) => setTimeout(done, {AFTERWARDS_MS} - performance.now())).then(() => 1);"
    );
    browser.run(&rest)?;
    let settled_ms = task_ms(&browser)?;
    let bytes = bytes_until(&browser.recorded()?, url, wall_ms)?;
    Ok(Cost { bytes, task_ms: task_then, settled_ms, time_ms })
}

/// Returns the time that the page's main thread has worked, counted anew for each page.
fn task_ms(browser: &Browser) -> Result<f64> {
    let metrics = browser.cdp("Performance.getMetrics", &json!({}))?;
    let metrics = metrics["metrics"].as_array().context("no metrics")?;
    let task = metrics.iter().find(|it| it["name"] == "TaskDuration").context("no TaskDuration")?;
    Ok(task["value"].as_f64().context("no number")? * 1_000.0)
}

/// Returns the bytes received by then. Network events have another time origin than the page; the
/// request for the page has both times.
fn bytes_until(events: &[Value], url: &str, wall_ms: f64) -> Result<f64> {
    let named = |name: &'static str| {
        events.iter().filter(move |event| event["method"] == name).map(|event| &event["params"])
    };
    let asked: HashMap<&str, &Value> = named("Network.requestWillBeSent")
        .filter_map(|event| Some((event["requestId"].as_str()?, event)))
        .collect();
    let page =
        asked.values().find(|event| event["request"]["url"] == url).context("no request for the page")?;
    let clock = |name: &str| page[name].as_f64().context("a request without a time");
    let end = wall_ms / 1_000.0 - clock("wallTime")? + clock("timestamp")?;
    let come = named("Network.loadingFinished").filter(|event| {
        event["timestamp"].as_f64().is_some_and(|at| at <= end)
            && event["requestId"].as_str().is_some_and(|id| asked.contains_key(id))
    });
    Ok(come.filter_map(|event| event["encodedDataLength"].as_f64()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_requests_are_not_counted() {
        let asked = |id: &str, url: &str| {
            json!({ "method": "Network.requestWillBeSent", "params": {
                "requestId": id, "timestamp": 50.0, "wallTime": 1_000.0, "request": { "url": url } } })
        };
        let came = |id: &str, at: f64, bytes: u32| {
            json!({ "method": "Network.loadingFinished", "params": {
                "requestId": id, "timestamp": at, "encodedDataLength": bytes } })
        };
        let events = [
            asked("1", "http://a/"),
            came("0", 50.0, 9),
            came("1", 50.1, 400),
            asked("2", "http://a/x"),
            came("2", 51.0, 100),
            asked("3", "http://a/y"),
            came("3", 51.5, 70),
        ];
        assert_eq!(bytes_until(&events, "http://a/", 1_001_200.0).unwrap(), 500.0);
        bytes_until(&events, "http://b/", 0.0).unwrap_err();
    }
}
