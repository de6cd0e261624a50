//! Installation of Debian packages.

use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::progress::{log, output};

/// apt-get fails while another one runs, so tests that need packages take turns.
static TURN: Mutex<()> = Mutex::new(());

/// Installs Debian packages if the process runs as root and `apt-get` exists. Otherwise it does
/// nothing, and the caller checks again whether the program is there.
pub fn install_packages(packages: &[&str]) {
    let root = output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if !root || output(Command::new("apt-get").arg("--version")).is_none() {
        return;
    }
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    log(&format!("installing {} (apt-get) …", packages.join(" ")));
    // Seconds to wait for another program that installs packages.
    let install = ["install", "-y", "-qq", "-o", "DPkg::Lock::Timeout=300"];
    for arguments in [&["update", "-qq"][..], &[&install[..], packages].concat()] {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive")
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        // apt-get prints its errors to the terminal.
        let _ = apt.status();
    }
}
