//! Builds `dist/` and runs it.
//!
//! [`build`] installs missing tools, compiles the widget, the owner's page and the
//! collector, and completes `dist/`:
//!
//! ```text
//! dist/workerd.capnp    for plain workerd: a socket `http`, a disk service `data`
//! dist/wrangler.jsonc   for `wrangler deploy`, from the same names
//! dist/worker/          the collector
//! dist/assets/          the loader, the widget and the owner's page under hashed names, each also
//!                       as brotli; the OpenAPI document as JSON and HTML; pages and texts for
//!                       the collector
//! dist/THIRD_PARTY_NOTICES.txt
//! ```
//!
//! Each part is built again only when one of its sources has changed. [`Workerd`] starts the build,
//! and [`browser`] drives the browsers that load it.

mod apt;
mod assets;
mod bench;
pub mod browser;
mod build_cache;
mod collector;
mod config;
mod dashboard;
mod data_lock;
mod docs;
mod fuzz;
mod http;
mod licenses;
mod notices;
mod package;
mod pages;
mod progress;
mod python_tools;
mod server_program;
mod shrink_wasm;
mod soak;
mod tools;
mod widget;
mod workerd;
mod wrangler;

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub use apt::install_packages;
pub use assets::brotli;
pub use bench::bench;
pub use fuzz::fuzz;
pub use licenses::check_licenses;
pub use package::{Packages, package, package_command, package_into};
pub use progress::log;
pub use python_tools::{hadolint, schemathesis};
pub use server_program::server_program;
pub use soak::soak;
pub use workerd::{Workerd, WorkerdOptions, binary as workerd_binary};
pub use wrangler::{WranglerDev, deploy_dry_run};

/// A complete build.
#[derive(Debug, Clone)]
pub struct Dist {
    /// Absolute path of the folder.
    pub path: PathBuf,
}

/// Builds `dist/` unless it is up to date.
pub fn build() -> Result<Dist> {
    build_into(&root().join("dist"), &[])
}

/// Builds the collector of the tests, with its fault routes, into `target/grapevine/dist-faults/`.
pub fn build_with_faults() -> Result<Dist> {
    build_into(&work().join("dist-faults"), &["faults"])
}

/// Installs the packages in `package-lock.json` unless they are up to date.
pub fn install_npm_packages() -> Result<()> {
    let _lock = lock()?;
    tools::npm("", tools::NPM_PACKAGES)
}

/// Installs the frameworks of `docs/recipes.md` for their tests, unless they are up to date.
pub fn install_recipe_packages() -> Result<()> {
    let _lock = lock()?;
    tools::npm("tests/docs/npm", "the frameworks of docs/recipes.md")
}

fn build_into(dist: &Path, features: &[&str]) -> Result<Dist> {
    std::fs::create_dir_all(dist)?;
    let _lock = lock()?;
    let estimates =
        [tools::pending()?, widget::pending()?, dashboard::pending()?, collector::pending(dist, features)?]
            .concat();
    progress::announce(&estimates);
    let tools = tools::Tools::ready()?;
    widget::build(&tools, dist)?;
    dashboard::build(&tools, dist)?;
    collector::build(&tools, dist, features)?;
    config::write(dist)?;
    notices::write(dist)?;
    Ok(Dist { path: dist.to_owned() })
}

/// Takes the lock of the build. Tests and a developer may build at the same time.
fn lock() -> Result<File> {
    std::fs::create_dir_all(work())?;
    let lock = File::create(work().join("lock"))?;
    if lock.try_lock().is_err() {
        log("waiting for another build to finish");
        lock.lock().context("cannot lock the build")?;
    }
    Ok(lock)
}

/// Returns the root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository")
}

/// Returns the folder for intermediate results between source and `dist/`.
fn work() -> PathBuf {
    root().join("target/grapevine")
}
