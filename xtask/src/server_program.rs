//! The program of `server/`, which Node runs.

use std::process::Command;

use anyhow::Result;

use crate::{lock, root, tools};

/// Oldest Node with what the commands for a data folder need of SQLite.
const NODE: (u32, u32) = (22, 16);

/// Returns a command that runs `server/main.js`: by the machine's Node, or if that is too old by
/// the one of npm, which is installed first.
pub fn server_program() -> Result<Command> {
    let mut command = if version().is_some_and(|version| version >= NODE) {
        Command::new("node")
    } else {
        let _lock = lock()?;
        tools::npm("xtask/node", "Node with SQLite")?;
        Command::new(root().join("xtask/node/node_modules/.bin/node"))
    };
    command.arg(root().join("server/main.js"));
    Ok(command)
}

/// Returns the version of the machine's Node.
fn version() -> Option<(u32, u32)> {
    let printed = Command::new("node").arg("--version").output().ok()?.stdout;
    let printed = String::from_utf8(printed).ok()?;
    let mut numbers = printed.trim().trim_start_matches('v').split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}
