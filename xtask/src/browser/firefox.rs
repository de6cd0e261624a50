//! Firefox without a display, by geckodriver, which crates.io has at a version of our choice.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use serde_json::{Value, json};

use super::install::{Found, driver, packages, which};
use super::process::{Folder, Process};
use super::wire::Wire;
use super::{Started, Window};

const GECKODRIVER: &str = "0.37.1";

/// Its window is never narrower than its bars, unless the bars may be cut off.
const NARROW: &str = ":root { min-width: 0 !important; min-height: 0 !important; }\n";

/// What would greet a newcomer, or ask something of somebody else than this machine.
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

pub fn start(window: &Window, folder: &Folder) -> Result<Started> {
    static FIREFOX: Found<PathBuf> = Found::new();
    static DRIVER: Found<PathBuf> = Found::new();
    let firefox = packages(&FIREFOX, &["firefox-esr"], || which(&["firefox-esr", "firefox"]))?;
    let geckodriver = driver(&DRIVER, "geckodriver", GECKODRIVER)?;
    folder.write("profile/chrome/userChrome.css", NARROW)?;
    let mut driver = Process::start(Command::new(geckodriver).args(["--port", "0"]), folder)?;
    let port = driver.port("Listening on 127.0.0.1:")?;
    let capabilities = json!({
        "moz:firefoxOptions": {
            "binary": firefox,
            "args": ["-headless", "-profile", folder.path().join("profile")],
            "prefs": preferences(window),
            "log": { "level": "error" },
        },
    });
    Ok(Started { wire: Wire::begin(port, &capabilities)?, driver, display: None })
}

/// What the visitor prefers, and silence.
fn preferences(window: &Window) -> Value {
    let mut all = json!({
        "intl.accept_languages": window.language,
        "layout.css.prefers-color-scheme.content-override": if window.dark { 0 } else { 1 },
        "ui.prefersReducedMotion": i32::from(window.still),
        "layout.css.devPixelsPerPx": "1.0",
        "toolkit.legacyUserProfileCustomizations.stylesheets": true,
        // What it would still ask of others goes to a port where nobody listens. This machine needs no proxy.
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
