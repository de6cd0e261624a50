//! Chromium, driven by chromedriver. Each visitor has a browser context. Size and colours are
//! emulated for each tab, as in the developer tools.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::devtools::DevTools;
use super::install::{Found, packages, which};
use super::process::{Folder, Process};
use super::webdriver::Session;
use super::{Started, Window};

/// Smallest width that a window of Chromium can have. A page narrower than this is emulated.
const MIN_WIDTH: u32 = 500;

pub fn start(window: &Window, folder: &Folder, record: bool) -> Result<Started> {
    static FOUND: Found<(PathBuf, PathBuf)> = Found::new();
    let (chromium, chromedriver) = packages(&FOUND, &["chromium", "chromium-driver"], || {
        Some((which(&["chromium", "chromium-browser", "google-chrome"])?, which(&["chromedriver"])?))
    })?;
    let mut driver = Process::start(Command::new(chromedriver).arg("--port=0"), folder)?;
    let port = driver.port("started successfully on port ")?;
    let mut capabilities = json!({
        "goog:chromeOptions": {
            "binary": chromium,
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
                // No other host resolves, so that nothing leaves this machine.
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
                format!("--user-data-dir={}", folder.path().join("profile").display()),
                format!("--lang={}", window.language),
                format!("--window-size={},{}", window.width.max(MIN_WIDTH), window.height),
            ],
            "prefs": { "intl.accept_languages": window.language },
        },
    });
    if record {
        capabilities["goog:loggingPrefs"] = json!({ "performance": "ALL" });
        capabilities["goog:chromeOptions"]["perfLoggingPrefs"] =
            json!({ "enableNetwork": true, "enablePage": false });
    }
    Ok(Started { session: Session::new(port, &capabilities)?, driver, display: None })
}

/// Browser contexts of a running Chromium, of which one is in use at a time.
///
/// A context has its own cookies, storage, caches, service workers and permissions, and its tabs
/// close with it.
#[derive(Debug)]
pub struct UserContexts {
    devtools: Mutex<DevTools>,
    /// Tab outside any context. It stays open, since Chromium ends with its last tab.
    home: String,
    current: Option<String>,
}

impl UserContexts {
    pub fn new(session: &Session) -> Result<Self> {
        let address = session.capabilities()["goog:chromeOptions"]["debuggerAddress"].as_str();
        let devtools = DevTools::connect(address.context("chromedriver named no address of DevTools")?)?;
        let home = session.get("/window")?.as_str().context("no tab")?.to_owned();
        Ok(Self { devtools: Mutex::new(devtools), home, current: None })
    }

    /// Opens a new context with one tab and switches to it.
    pub fn begin(&mut self, session: &Session, window: &Window) -> Result<()> {
        let created = self.call("Target.createBrowserContext", &json!({ "disposeOnDetach": true }))?;
        self.current = created["browserContextId"].as_str().map(str::to_owned);
        let size = json!({ "width": window.width.max(MIN_WIDTH), "height": window.height });
        let tab = self.create_tab(size)?;
        session.post("/window", &json!({ "handle": tab }))?;
        // Console lines of the last visitor.
        console(session).map(drop)
    }

    /// Disposes of the context with its tabs.
    pub fn end(&mut self, session: &Session) -> Result<()> {
        session.post("/window", &json!({ "handle": self.home }))?;
        let Some(context) = self.current.take() else { return Ok(()) };
        self.call("Target.disposeBrowserContext", &json!({ "browserContextId": context })).map(drop)
    }

    /// Opens a tab of the context in the background and returns its handle.
    pub fn new_tab(&self) -> Result<String> {
        self.create_tab(json!({ "background": true }))
    }

    /// Whether the tab belongs to the current visitor.
    pub fn has_tab(&self, handle: &str) -> bool {
        handle != self.home
    }

    fn create_tab(&self, mut params: Value) -> Result<String> {
        params["url"] = "about:blank".into();
        params["browserContextId"] = json!(self.current);
        let created = self.call("Target.createTarget", &params)?;
        Ok(created["targetId"].as_str().context("no tab")?.to_owned())
    }

    fn call(&self, method: &str, params: &Value) -> Result<Value> {
        self.devtools.lock().unwrap_or_else(PoisonError::into_inner).call(method, params)
    }
}

/// Sets the size of the tab's page and the visitor's preferences.
pub fn emulate(session: &Session, window: &Window) -> Result<()> {
    let size = json!({
        "width": window.width, "height": window.height, "deviceScaleFactor": 1, "mobile": window.width < 500,
    });
    cdp(session, "Emulation.setDeviceMetricsOverride", &size)?;
    let scheme = if window.dark { "dark" } else { "light" };
    let motion = if window.still { "reduce" } else { "no-preference" };
    let media = json!({ "features": [
        { "name": "prefers-color-scheme", "value": scheme },
        { "name": "prefers-reduced-motion", "value": motion },
    ] });
    cdp(session, "Emulation.setEmulatedMedia", &media).map(drop)
}

/// Disconnects the tab from the network, or connects it again.
pub fn offline(session: &Session, offline: bool) -> Result<()> {
    let network =
        json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    cdp(session, "Network.enable", &json!({}))?;
    cdp(session, "Network.emulateNetworkConditions", &network).map(drop)
}

/// Returns the warnings and errors in the console since the last call.
pub fn console(session: &Session) -> Result<Vec<String>> {
    let entries = session.post("/se/log", &json!({ "type": "browser" }))?;
    let entries = entries.as_array().context("no list of lines")?;
    Ok(entries.iter().filter_map(|entry| entry["message"].as_str()).map(str::to_owned).collect())
}

/// Returns the network events since the last call, from a browser that records them.
pub fn recorded(session: &Session) -> Result<Vec<Value>> {
    let entries = session.post("/se/log", &json!({ "type": "performance" }))?;
    let entries = entries.as_array().context("no list of events")?;
    let event = |entry: &Value| {
        let text = entry["message"].as_str().context("an event without text")?;
        let mut event: Value = serde_json::from_str(text)?;
        Ok(event["message"].take())
    };
    entries.iter().map(event).collect()
}

/// Sends a DevTools command to the tab.
pub fn cdp(session: &Session, command: &str, parameters: &Value) -> Result<Value> {
    session.post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
}
