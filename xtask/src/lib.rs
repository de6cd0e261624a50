//! Builds `dist/` and runs it.
//!
//! [`build`] brings the tools that are missing, compiles the widget and the collector, and leaves
//! `dist/` complete:
//!
//! ```text
//! dist/workerd.capnp    for plain workerd: a socket `http`, a disk service `data`
//! dist/wrangler.jsonc   for `wrangler deploy`, from the same names
//! dist/worker/          the collector
//! dist/assets/          the loader and the widget, hashed names, each with its brotli; the description of the interface,
//!                       for programs and for people; pages and texts that only the collector reads
//! ```
//!
//! Each part is built again only when one of its sources has changed. [`Workerd`] starts the build,
//! and [`browser`] drives the browsers that load it.

mod assets;
mod bench;
pub mod browser;
mod collector;
mod config;
mod docs;
mod fresh;
mod http;
mod pages;
mod progress;
mod schemathesis;
mod system;
mod tools;
mod trim;
mod widget;
mod workerd;

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub use assets::brotli;
pub use bench::bench;
pub use progress::log;
pub use schemathesis::schemathesis;
pub use system::install_packages;
pub use workerd::{Workerd, WorkerdOptions};

/// A complete build.
#[derive(Debug, Clone)]
pub struct Dist {
    /// The folder, absolute.
    pub path: PathBuf,
}

/// Builds `dist/`, or finds that it is up to date.
pub fn build() -> Result<Dist> {
    build_into(&root().join("dist"), &[])
}

/// Builds the collector of the tests, with routes that break on purpose, into
/// `target/grapevine/dist-faults/`.
pub fn build_with_faults() -> Result<Dist> {
    build_into(&work().join("dist-faults"), &["faults"])
}

/// Installs the packages in `package-lock.json`, unless they are there.
pub fn install_npm_packages() -> Result<()> {
    let _lock = lock()?;
    tools::npm("", tools::NPM_PACKAGES)
}

fn build_into(dist: &Path, features: &[&str]) -> Result<Dist> {
    std::fs::create_dir_all(dist)?;
    let _lock = lock()?;
    let estimates = [tools::pending()?, widget::pending()?, collector::pending(dist, features)?].concat();
    progress::announce(&estimates);
    let tools = tools::Tools::ready()?;
    widget::build(&tools, dist)?;
    collector::build(&tools, dist, features)?;
    config::write(dist)?;
    Ok(Dist { path: dist.to_owned() })
}

/// Waits until no other process builds. Tests and a developer may build at the same time.
fn lock() -> Result<File> {
    std::fs::create_dir_all(work())?;
    let lock = File::create(work().join("lock"))?;
    if lock.try_lock().is_err() {
        log("waiting for another build to finish");
        lock.lock().context("cannot lock the build")?;
    }
    Ok(lock)
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the repository")
}

/// Returns the folder for intermediate results between source and `dist/`.
fn work() -> PathBuf {
    root().join("target/grapevine")
}
