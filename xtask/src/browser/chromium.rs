//! Chromium, by chromedriver. Size and colours are emulated for each tab, as its developer tools do it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::install::{Found, packages, which};
use super::process::{Folder, Process};
use super::wire::Wire;
use super::{Started, Window};

pub fn start(window: &Window, folder: &Folder, record: bool) -> Result<Started> {
    static FOUND: Found<(PathBuf, PathBuf)> = Found::new();
    let (chromium, chromedriver) = packages(&FOUND, &["chromium", "chromium-driver"], || {
        Some((which(&["chromium", "chromium-browser", "google-chrome"])?, which(&["chromedriver"])?))
    })?;
    let mut driver = Process::start(Command::new(chromedriver).arg("--port=0"), folder)?;
    let port = driver.port("started successfully on port ")?;
    let mut wanted = json!({
        "goog:chromeOptions": {
            "binary": chromium,
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
                // What it would still ask of others has no address.
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
                format!("--user-data-dir={}", folder.path().join("profile").display()),
                format!("--lang={}", window.language),
                // Headless Chromium otherwise has a least width of 500.
                format!("--window-size={},{}", window.width.max(500), window.height),
            ],
            "prefs": { "intl.accept_languages": window.language },
        },
    });
    if record {
        wanted["goog:loggingPrefs"] = json!({ "performance": "ALL" });
        wanted["goog:chromeOptions"]["perfLoggingPrefs"] =
            json!({ "enableNetwork": true, "enablePage": false });
    }
    let wire = Wire::begin(port, &wanted)?;
    Ok(Started { wire, driver, display: None })
}

/// Sizes the page of this tab and sets what the visitor prefers.
pub fn emulate(wire: &Wire, window: &Window) -> Result<()> {
    let size = json!({
        "width": window.width, "height": window.height, "deviceScaleFactor": 1, "mobile": window.width < 500,
    });
    cdp(wire, "Emulation.setDeviceMetricsOverride", &size)?;
    let scheme = if window.dark { "dark" } else { "light" };
    let motion = if window.still { "reduce" } else { "no-preference" };
    let media = json!({ "features": [
        { "name": "prefers-color-scheme", "value": scheme },
        { "name": "prefers-reduced-motion", "value": motion },
    ] });
    cdp(wire, "Emulation.setEmulatedMedia", &media).map(drop)
}

/// Takes the network away from this tab, or gives it back.
pub fn offline(wire: &Wire, offline: bool) -> Result<()> {
    let network =
        json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    cdp(wire, "Network.enable", &json!({}))?;
    cdp(wire, "Network.emulateNetworkConditions", &network).map(drop)
}

/// The warnings and errors in the console since the last time.
pub fn console(wire: &Wire) -> Result<Vec<String>> {
    let entries = wire.post("/se/log", &json!({ "type": "browser" }))?;
    let entries = entries.as_array().context("no list of lines")?;
    Ok(entries.iter().filter_map(|entry| entry["message"].as_str()).map(str::to_owned).collect())
}

/// What the developer tools have told of the network since the last time, of a browser that records it.
pub fn recorded(wire: &Wire) -> Result<Vec<Value>> {
    let entries = wire.post("/se/log", &json!({ "type": "performance" }))?;
    let entries = entries.as_array().context("no list of events")?;
    let event = |entry: &Value| {
        let text = entry["message"].as_str().context("an event without text")?;
        let mut event: Value = serde_json::from_str(text)?;
        Ok(event["message"].take())
    };
    entries.iter().map(event).collect()
}

/// Sends a command of the developer tools.
pub fn cdp(wire: &Wire, command: &str, parameters: &Value) -> Result<Value> {
    wire.post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
}
