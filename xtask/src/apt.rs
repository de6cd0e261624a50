//! Installation of Debian packages.

use std::process::{Command, Stdio};

use crate::progress::{log, output};

/// Installs Debian packages if the process runs as root and `apt-get` exists. Otherwise it does
/// nothing, and the caller checks again whether the program is there.
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
        // apt-get prints its errors to the terminal.
        let _ = apt.status();
    }
}
