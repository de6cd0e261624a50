//! Packages of the system, installed where this machine lets us.

use std::process::{Command, Stdio};

use crate::progress::{log, output};

/// Installs Debian packages where we are root and there is `apt-get`; elsewhere does nothing.
/// Whether it helped, the caller sees by looking again for what was missing.
pub fn install_packages(packages: &[&str]) {
    let root = output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if !root || output(Command::new("apt-get").arg("--version")).is_none() {
        return;
    }
    log(&format!("installing {} (apt-get) …", packages.join(" ")));
    for arguments in [&["update", "-qq"][..], &[&["install", "-y", "-qq"], packages].concat()] {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive")
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        // What is wrong apt-get says itself, on the terminal.
        let _ = apt.status();
    }
}
