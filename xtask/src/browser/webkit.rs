//! WebKit as GTK has it, in its own small browser. It draws on a display in memory (Xvfb).
//!
//! Size, colours, motion and language come from GTK settings and the locale, and are fixed when the
//! driver starts. Each visitor has a session, for which the driver starts a new browser in a
//! quarter of a second.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use super::install::{Found, packages, which};
use super::process::{Folder, Process};
use super::webdriver::Session;
use super::{Started, Window};

/// Style sheet that shrinks the bar of the window, so that the window can be as narrow as a phone.
const NARROW: &str =
    "* { min-width: 0; margin: 0; border-width: 0; padding: 0; }\nentry { font-size: 1px; }\n";

pub fn start(window: &Window, folder: &Folder) -> Result<Started> {
    static FOUND: Found<(PathBuf, PathBuf)> = Found::new();
    let (webdriver, xvfb) = packages(&FOUND, &["webkit2gtk-driver", "xvfb"], || {
        Some((which(&["WebKitWebDriver"])?, which(&["Xvfb"])?))
    })?;

    // Slightly larger than the window and its bar. The pointer rests in the middle, and without a
    // window manager the window under the pointer has the focus.
    let screen = format!("{}x{}x24", window.width + 20, window.height + 100);
    let mut xvfb = Command::new(xvfb);
    xvfb.args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp"]);
    let mut display = Process::start(&mut xvfb, folder)?;
    // Xvfb takes a free number and prints it.
    let number: u32 = display
        .wait("its display", |process| process.output().lines().find_map(|line| line.trim().parse().ok()))?;

    let settings = folder.path().join("settings");
    let still = format!("[Settings]\ngtk-enable-animations={}\n", u8::from(!window.still));
    folder.write("settings/gtk-3.0/settings.ini", &still)?;
    folder.write("settings/gtk-3.0/gtk.css", NARROW)?;
    let (locales, locale) = locale(window.language, folder)?;
    let mut webdriver = Command::new(webdriver);
    webdriver
        .arg("--port=0")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env_remove("LANGUAGE")
        .env("DISPLAY", format!(":{number}"))
        .env("GDK_BACKEND", "x11")
        .env("GTK_THEME", if window.dark { "Adwaita:dark" } else { "Adwaita" })
        .env("NO_AT_BRIDGE", "1")
        .env("XDG_CONFIG_HOME", settings)
        .env("XDG_DATA_HOME", folder.path().join("data"))
        .env("LOCPATH", locales)
        .env("LANG", locale);
    let mut driver = Process::start(&mut webdriver, folder)?;
    let port = driver.wait("its port", |process| listening(process.id()).pop())?;
    Ok(Started { session: new_session(port)?, driver, display: Some(display) })
}

/// Opens a session, for which the driver starts a browser with nothing stored.
pub fn new_session(port: u16) -> Result<Session> {
    Session::new(port, &json!({ "webkitgtk:browserOptions": { "args": ["--automation"] } }))
}

/// Makes a locale of the language and returns its folder and name. WebKit takes only the name from
/// it, so the content is that of C.UTF-8, which every system has.
fn locale(language: &str, folder: &Folder) -> Result<(PathBuf, String)> {
    let known = ["/usr/lib/locale/C.utf8", "/usr/lib/locale/C.UTF-8"].map(Path::new);
    let known = known.into_iter().find(|path| path.is_dir());
    let known = known
        .context("the locale C.UTF-8 is missing below /usr/lib/locale; install it, then run this again")?;
    let (locales, name) = (folder.path().join("locales"), language.replace('-', "_"));
    fs::create_dir_all(&locales)?;
    // The C library looks for this spelling of UTF-8.
    symlink(known, locales.join(format!("{name}.utf8"))).context("cannot make a locale")?;
    Ok((locales, format!("{name}.UTF-8")))
}

/// Returns the ports on which a process listens, from the tables of the kernel. This driver takes a
/// free port but does not print it.
fn listening(process: u32) -> Vec<u16> {
    let entries = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    let links = entries.filter_map(|entry| fs::read_link(entry.path()).ok());
    let sockets: HashSet<String> = links
        .filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect();
    let table = fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    let port = |line: &str| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let (address, state, socket) = (columns.get(1)?, columns.get(3)?, columns.get(9)?);
        // 0A is the kernel's code for a listening socket.
        let is_listening = *state == "0A" && sockets.contains(*socket);
        is_listening.then(|| u16::from_str_radix(address.split_once(':')?.1, 16).ok())?
    };
    table.lines().filter_map(port).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_listening_ports_of_a_process_are_found() {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(listening(std::process::id()).contains(&port));
        drop(listener);
        assert!(!listening(std::process::id()).contains(&port));
    }
}
