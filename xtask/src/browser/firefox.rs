//! Firefox without a display, driven by geckodriver, which crates.io has at a fixed version.
//!
//! Each visitor has a user context (a "container"), which separates cookies, storage, caches,
//! service workers and permissions. Marionette runs scripts with the rights of the browser itself.
//! They open and close these contexts and set preferences.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::install::{Found, driver, packages, which};
use super::process::{Folder, Process};
use super::webdriver::Session;
use super::{Started, Window};

const GECKODRIVER: &str = "0.37.1";

/// Times that the user context is replaced anew after a dialog opened meanwhile.
const MAX_ATTEMPTS: u32 = 3;

/// Style sheet that lets the window be narrower than its bars.
const NARROW: &str = ":root { min-width: 0 !important; min-height: 0 !important; }\n";

/// Preferences that are set to false: greetings, and requests to other hosts than this machine.
const OFF: [&str; 25] = [
    "app.normandy.enabled",
    "browser.aboutwelcome.enabled",
    "browser.newtabpage.enabled",
    "browser.safebrowsing.blockedURIs.enabled",
    "browser.safebrowsing.downloads.enabled",
    "browser.safebrowsing.malware.enabled",
    "browser.safebrowsing.phishing.enabled",
    "browser.safebrowsing.update.enabled",
    "browser.search.update",
    "browser.shell.checkDefaultBrowser",
    "browser.topsites.contile.enabled",
    "browser.translations.enable",
    "datareporting.healthreport.uploadEnabled",
    "datareporting.policy.dataSubmissionEnabled",
    "dom.push.connection.enabled",
    "extensions.getAddons.cache.enabled",
    "extensions.systemAddon.update.enabled",
    "extensions.update.enabled",
    "media.gmp-manager.updateEnabled",
    "network.captive-portal-service.enabled",
    "network.connectivity-service.enabled",
    "network.prefetch-next",
    "security.remote_settings.crlite_filters.enabled",
    "signon.rememberSignons",
    "toolkit.telemetry.enabled",
];

pub fn start(folder: &Folder) -> Result<Started> {
    static FIREFOX: Found<PathBuf> = Found::new();
    static DRIVER: Found<PathBuf> = Found::new();
    let firefox = packages(&FIREFOX, &["firefox-esr"], || which(&["firefox-esr", "firefox"]))?;
    let geckodriver = driver(&DRIVER, "geckodriver", GECKODRIVER)?;
    folder.write("profile/chrome/userChrome.css", NARROW)?;
    let mut driver =
        Process::start(Command::new(geckodriver).args(["--port", "0", "--allow-system-access"]), folder)?;
    let port = driver.port("Listening on 127.0.0.1:")?;
    let capabilities = json!({
        "moz:firefoxOptions": {
            "binary": firefox,
            "args": ["-headless", "-profile", folder.path().join("profile")],
            "prefs": fixed_preferences(),
            "log": { "level": "error" },
        },
    });
    Ok(Started { session: Session::new(port, &capabilities)?, driver, display: None })
}

/// Ends the user context of the last visitor and opens a new one with one tab.
pub fn begin_user_context(session: &Session, window: &Window) -> Result<()> {
    replace_user_context(session, true, &preferences(window))
}

/// Closes the user context with its tabs.
pub fn end_user_context(session: &Session) -> Result<()> {
    replace_user_context(session, false, &json!({}))
}

fn replace_user_context(session: &Session, begin: bool, preferences: &Value) -> Result<()> {
    let script = include_str!("firefox_user_context.js");
    let arguments = json!([begin, preferences]);
    // An open dialog blocks the script, also one that opens meanwhile. It closes when the command
    // fails, and the script can run again.
    let dialog_opened = |error: &anyhow::Error| error.to_string().starts_with("unexpected alert open");
    let mut attempts = 0..MAX_ATTEMPTS;
    loop {
        session.dismiss_dialogs();
        match privileged(session, script, &arguments) {
            Err(error) if dialog_opened(&error) && attempts.next().is_some() => {}
            result => break drop(result?),
        }
    }
    let [tab] = &handles(session)?[..] else { anyhow::bail!("tabs of the last visitor are still open") };
    session.post("/window", &json!({ "handle": tab })).map(drop)
}

/// Opens a tab of the user context in the background and returns its handle.
pub fn new_tab(session: &Session) -> Result<String> {
    let before = handles(session)?;
    privileged(session, include_str!("firefox_new_tab.js"), &json!([]))?;
    let new = handles(session)?.into_iter().find(|handle| !before.contains(handle));
    new.context("no tab")
}

fn handles(session: &Session) -> Result<Vec<String>> {
    Ok(serde_json::from_value(session.get("/window/handles")?)?)
}

/// Runs a script with the rights of the browser itself.
fn privileged(session: &Session, script: &str, arguments: &Value) -> Result<Value> {
    let go_to = |context: &str| session.post("/moz/context", &json!({ "context": context }));
    go_to("chrome")?;
    let result = session.execute_with(script, arguments);
    go_to("content")?;
    result
}

/// Returns the preferences of a visitor, which differ by the kind of window.
fn preferences(window: &Window) -> Value {
    json!({
        "intl.accept_languages": window.language,
        "layout.css.prefers-color-scheme.content-override": if window.dark { 0 } else { 1 },
        "ui.prefersReducedMotion": i32::from(window.still),
    })
}

/// Returns the preferences that hold for every visitor.
fn fixed_preferences() -> Value {
    let mut all = json!({
        // Zoom and permissions would otherwise be remembered across user contexts.
        "browser.zoom.siteSpecific": false,
        "permissions.isolateBy.userContext": true,
        "privacy.userContext.enabled": true,
        "layout.css.devPixelsPerPx": "1.0",
        "toolkit.legacyUserProfileCustomizations.stylesheets": true,
        // Requests to other hosts go to a port on which nothing listens. This machine needs no
        // proxy.
        "network.proxy.type": 1,
        "network.proxy.socks": "127.0.0.1",
        "network.proxy.socks_port": 9,
        "network.proxy.socks_remote_dns": true,
        "network.proxy.failover_direct": false,
        "network.proxy.allow_bypass": false,
        "network.trr.mode": 5,
        "network.dns.disablePrefetch": true,
        "security.OCSP.enabled": 0,
        "services.settings.server": "data:,",
        "toolkit.telemetry.server": "data:,",
        "app.update.disabledForTesting": true,
        "browser.startup.homepage_override.mstone": "ignore",
        "browser.startup.page": 0,
    });
    for name in OFF {
        all[name] = false.into();
    }
    all
}
