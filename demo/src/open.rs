//! Opens an address in the browser of whoever sits at the terminal.

use std::env;
use std::io::IsTerminal;
use std::process::{Command, Stdio};

/// Variable that keeps the browser closed with the value `no`.
const OPEN: &str = "GRAPEVINE_OPEN";

/// Opens an address, where there is a terminal and a screen. Nothing depends on it, since the
/// address is printed too.
pub fn open(url: &str) {
    let is_wanted = std::io::stdout().is_terminal() && env::var(OPEN).as_deref() != Ok("no");
    let Some((program, arguments)) = opener().filter(|_| is_wanted) else { return };
    let mut command = Command::new(program);
    command.args(arguments).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Ok(mut child) = command.spawn() {
        std::thread::spawn(move || child.wait());
    }
}

/// Returns the program that opens addresses, with its arguments.
fn opener() -> Option<(&'static str, &'static [&'static str])> {
    if cfg!(target_os = "macos") {
        Some(("open", &[]))
    } else if cfg!(windows) {
        Some(("rundll32", &["url.dll,FileProtocolHandler"]))
    } else {
        let has_screen = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some());
        has_screen.then_some(("xdg-open", &[] as &[&str]))
    }
}
