//! Packages for machines without Rust, in `target/package/`.
//!
//! ```text
//! grapevine-VERSION.tar.gz              dist/ for workerd or wrangler, with a README for operators
//! grapevine-nps-server-VERSION.tgz      npm package that starts a collector (`server/`)
//! grapevine-nps-widget-VERSION.tgz      npm package that adds the tag to a web app (`widget/npm/`)
//! SHA256SUMS
//! ```
//!
//! All of them are of one build and have its notices, licences and software bill of materials. The
//! same build gives the same bytes: times are fixed, and files are in the order of their names.

mod npm;
mod sbom;
mod tarball;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::build_cache::hex;
use crate::{Dist, build, lock, log, root, work};

/// Version of Grapevine, that of the workspace.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
const LICENSES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

/// Paths of the packages.
#[derive(Debug, Clone)]
pub struct Packages {
    /// Folder with all of them and `SHA256SUMS`.
    pub folder: PathBuf,
    /// `grapevine-VERSION.tar.gz`.
    pub tarball: PathBuf,
    /// npm package with the collector.
    pub server: PathBuf,
    /// npm package for web apps.
    pub widget: PathBuf,
}

/// Builds `dist/` where it is out of date, and packs it into `target/package/`.
pub fn package() -> Result<Packages> {
    package_into(&root().join("target/package"))
}

/// Builds `dist/` where it is out of date, and packs it into a folder in place of what is there.
pub fn package_into(folder: &Path) -> Result<Packages> {
    let dist = build()?;
    let sample = npm::sample()?;
    let _lock = lock()?;
    let stages = work().join("package");
    for old in [folder, &stages] {
        if old.exists() {
            fs::remove_dir_all(old)?;
        }
        fs::create_dir_all(old)?;
    }
    let sbom = sbom::write()?;
    let tarball = folder.join(format!("grapevine-{VERSION}.tar.gz"));
    tarball::write(&tarball, &tarball_stage(&stages.join("tarball"), &dist, &sbom)?)?;
    let server = npm::pack(&npm::server_stage(&stages.join("server"), &dist, &sbom, &sample)?, folder)?;
    let widget = npm::pack(&npm::widget_stage(&stages.join("widget"))?, folder)?;
    let packages = Packages { folder: folder.to_owned(), tarball, server, widget };
    packages.write_checksums()?;
    Ok(packages)
}

/// Packs everything and prints the paths with their sizes.
pub fn package_command() -> Result<()> {
    let packages = package()?;
    for path in packages.files() {
        log(&format!("{} ({:.1} MB)", path.display(), fs::metadata(path)?.len() as f64 / 1e6));
    }
    Ok(())
}

impl Packages {
    fn files(&self) -> [&Path; 3] {
        [&self.tarball, &self.server, &self.widget]
    }

    /// Writes the file that `sha256sum --check` reads.
    fn write_checksums(&self) -> Result<()> {
        let mut sums = String::new();
        for path in self.files() {
            let name = path.file_name().context("a package has a name")?.to_string_lossy().into_owned();
            sums += &format!("{}  {name}\n", hex(&Sha256::digest(fs::read(path)?)));
        }
        Ok(fs::write(self.folder.join("SHA256SUMS"), sums)?)
    }
}

/// Lays out the folder of the tarball.
fn tarball_stage(stage: &Path, dist: &Dist, sbom: &str) -> Result<PathBuf> {
    copy_dist(dist, &stage.join("dist"))?;
    fs::rename(stage.join("dist/THIRD_PARTY_NOTICES.txt"), stage.join("THIRD_PARTY_NOTICES.txt"))?;
    fs::write(stage.join(sbom::FILE), sbom)?;
    let readme = include_str!("README.md").replace("VERSION", VERSION);
    fs::write(stage.join("README.md"), readme.replace("WORKERD", &npm::workerd_version()?))?;
    copy_licenses(stage)?;
    Ok(stage.to_owned())
}

/// Copies the build without the stamps of its parts, which begin with a dot.
fn copy_dist(dist: &Dist, to: &Path) -> Result<()> {
    copy(&dist.path, to, &|name| !name.starts_with('.'))
}

fn copy_licenses(to: &Path) -> Result<()> {
    for name in LICENSES {
        fs::copy(root().join(name), to.join(name))?;
    }
    Ok(())
}

/// Copies a folder with the files and folders of accepted names.
fn copy(from: &Path, to: &Path, accepts: &dyn Fn(&str) -> bool) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        if !accepts(&name.to_string_lossy()) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to.join(name), accepts)?;
        } else {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_name_the_packages_of_this_version() {
        for document in ["README.md", "docs/operations.md", "docs/embedding.md", "server/README.md"] {
            let text = fs::read_to_string(root().join(document)).unwrap();
            let packages: Vec<&str> =
                text.split("./grapevine-nps-").skip(1).filter_map(|rest| rest.split(".tgz").next()).collect();
            assert!(!packages.is_empty(), "{document}");
            for package in packages {
                assert_eq!(package.split_once('-').map(|(_, version)| version), Some(VERSION), "{document}");
            }
        }
    }
}
