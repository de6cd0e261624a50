//! Programs of a browser, found or installed.
//!
//! A process searches once, also for missing programs, so that not every test tries to install them
//! again.

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow};

use crate::apt::install_packages;
use crate::progress::log;
use crate::tools::{cache, cargo_tool};

/// Result of a search, or the reason why it failed.
pub type Found<T> = OnceLock<Result<T, String>>;

/// Returns the result of `find`. Where `find` finds nothing, the packages are installed first, if
/// this machine allows that.
pub fn packages<T>(
    found: &'static Found<T>,
    names: &[&str],
    find: impl Fn() -> Option<T>,
) -> Result<&'static T> {
    once(found, || {
        if let Some(found) = find() {
            return Ok(found);
        }
        let _lock = lock()?;
        if find().is_none() {
            install_packages(names);
        }
        find().with_context(|| format!("install the packages {}, then run this again", names.join(" and ")))
    })
}

/// Returns a driver from crates.io at that version, and compiles it if it is missing.
pub fn driver(found: &'static Found<PathBuf>, name: &str, version: &str) -> Result<&'static PathBuf> {
    once(found, || {
        let _lock = lock()?;
        let by_hand = || format!("run `cargo install {name} --version {version}`, then run this again");
        cargo_tool(name, name, version).with_context(by_hand)
    })
}

fn once<T>(found: &'static Found<T>, find: impl FnOnce() -> Result<T>) -> Result<&'static T> {
    let found = found.get_or_init(|| find().map_err(|error| format!("{error:#}")));
    found.as_ref().map_err(|error| anyhow!("{error}"))
}

/// Only one process installs at a time, since two may miss the same program.
fn lock() -> Result<File> {
    let folder = cache()?;
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let lock = File::create(folder.join("browsers.lock"))?;
    if lock.try_lock().is_err() {
        log("waiting for another installation of a browser to finish");
        lock.lock().context("cannot lock the installation of browsers")?;
    }
    Ok(lock)
}

/// Returns the first of these programs on the path.
pub fn which(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let places = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|path| path.is_file())
}
