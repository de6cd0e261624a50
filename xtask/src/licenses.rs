//! Check of the licences and sources of all packages, by `cargo deny` and `deny.toml`.

use std::process::Command;

use anyhow::Result;

use crate::progress::run;
use crate::{lock, root, tools};

const CARGO_DENY: &str = "0.20.2";

/// Fails where a package has a licence or a source that `deny.toml` does not accept. Advisories are
/// left out: their database is not at crates.io.
pub fn check_licenses() -> Result<()> {
    let deny = {
        let _lock = lock()?;
        tools::cargo_tool("cargo-deny", "cargo-deny", CARGO_DENY)?
    };
    run(Command::new(deny).args(["check", "licenses", "sources", "bans"]).current_dir(root()))
}
