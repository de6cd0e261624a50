//! Lock file of a data folder, so that no two collectors write to it.
//!
//! Each of its lines is the id of a process that uses the folder. A process that has ended holds nothing,
//! however it ended. `server/lock.js` reads and writes the same file.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

const NAME: &str = "grapevine.lock";
/// Programs that use a data folder: the collector, and the tools for it.
const PROGRAMS: [&str; 2] = ["workerd", "node"];

/// Fails where a running process uses the folder.
pub fn check(data: &Path) -> Result<()> {
    let Ok(text) = fs::read_to_string(data.join(NAME)) else { return Ok(()) };
    match text.lines().filter_map(|line| line.trim().parse().ok()).find(|pid| is_user(*pid)) {
        Some(pid) => bail!(
            "{} is used by the process {pid}. Two collectors on the same data would overwrite each other; stop that one first.",
            data.display()
        ),
        None => Ok(()),
    }
}

/// Writes who uses the folder from now on.
pub fn write(data: &Path, pid: u32) -> Result<()> {
    let path = data.join(NAME);
    fs::write(&path, format!("{pid}\n")).with_context(|| format!("cannot write {}", path.display()))
}

/// Whether the process runs and is one that uses data; its id may be another program's by now.
fn is_user(pid: u32) -> bool {
    let listed = Command::new("ps").args(["-p", &pid.to_string(), "-o", "comm="]).output();
    listed.is_ok_and(|listed| {
        let name = String::from_utf8_lossy(&listed.stdout).into_owned();
        PROGRAMS.iter().any(|program| name.contains(program))
    })
}
