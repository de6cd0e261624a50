//! Lock file of a data folder, so that no two collectors write to it.
//!
//! Each of its lines is the id of a process that uses the folder. A process that has ended holds
//! nothing, however it ended. `server/lock.js` reads and writes the same file.

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
    // Newer versions of Node have another name than their file.
    let listed = Command::new("ps").args(["-p", &pid.to_string(), "-o", "args="]).output();
    listed.is_ok_and(|listed| {
        let line = String::from_utf8_lossy(&listed.stdout).into_owned();
        let path = line.split(' ').next().unwrap_or_default();
        let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
        PROGRAMS.iter().any(|program| name.contains(program))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_in_any_line_holds_the_folder_while_it_runs() {
        let folder = std::env::temp_dir().join(format!("grapevine-data-lock-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let mut node = Command::new("node").args(["-e", "setInterval(() => {}, 1e6)"]).spawn().unwrap();
        let ended = 999_999_999;
        fs::write(folder.join(NAME), format!("{ended}\n{}\n", node.id())).unwrap();
        let refused = check(&folder);
        node.kill().unwrap();
        node.wait().unwrap();
        let accepted = check(&folder);
        fs::remove_dir_all(&folder).unwrap();
        assert!(refused.unwrap_err().to_string().contains(&node.id().to_string()));
        accepted.unwrap();
    }
}
