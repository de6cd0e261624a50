//! npm packages, packed by `npm pack`, which fixes the times of the files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::{VERSION, copy, copy_dist, copy_licenses, sbom};
use crate::progress::run;
use crate::{Dist, root, tools};

/// Lays out the package of `server/`.
pub fn server_stage(stage: &Path, dist: &Dist, sbom: &str, sample: &[u8]) -> Result<PathBuf> {
    let is_shipped = |name: &str| {
        name != "node_modules"
            && name != "tsconfig.json"
            && !name.ends_with(".test.js")
            && !name.starts_with('.')
    };
    copy(&root().join("server"), stage, &is_shipped)?;
    check_manifest(stage)?;
    copy_dist(dist, &stage.join("dist"))?;
    fs::write(stage.join(sbom::FILE), sbom)?;
    fs::write(stage.join("sample.ndjson"), sample)?;
    copy_licenses(stage)?;
    Ok(stage.to_owned())
}

/// Lays out the package of `widget/npm/`, with the declarations that TypeScript makes of it.
pub fn widget_stage(stage: &Path) -> Result<PathBuf> {
    let is_source = |name: &str| {
        ["README.md", "package.json"].contains(&name)
            || (name.ends_with(".js") && !name.ends_with(".test.js"))
    };
    copy(&root().join("widget/npm"), stage, &is_source)?;
    check_manifest(stage)?;
    fs::copy(root().join("widget/js/grapevine.d.ts"), stage.join("grapevine.d.ts"))?;
    let declare = "--allowJs --strict --declaration --emitDeclarationOnly --target es2022 --module esnext";
    run(Command::new(root().join("node_modules/.bin/tsc"))
        .args(declare.split(' '))
        .args(["--moduleResolution", "bundler", "--types", "", "index.js", "react.js", "grapevine.d.ts"])
        .current_dir(stage))?;
    for name in ["index.d.ts", "react.d.ts"] {
        let declared = fs::read_to_string(stage.join(name))?;
        // The commands are types of the page.
        fs::write(stage.join(name), format!("/// <reference path=\"./grapevine.d.ts\" />\n{declared}"))?;
    }
    copy_licenses(stage)?;
    Ok(stage.to_owned())
}

/// Checks that a manifest has the version of Grapevine, and the workerd that the tests run.
fn check_manifest(stage: &Path) -> Result<()> {
    let manifest: Value = serde_json::from_slice(&fs::read(stage.join("package.json"))?)?;
    ensure!(manifest["version"] == VERSION, "{} is not of version {VERSION}", manifest["name"]);
    let workerd = &manifest["dependencies"]["workerd"];
    let tested = workerd_version()?;
    ensure!(
        workerd.is_null() || *workerd == *tested,
        "{} depends on workerd {workerd}, but the tests run {tested}",
        manifest["name"]
    );
    Ok(())
}

/// Returns the version of workerd that the tests run.
pub fn workerd_version() -> Result<String> {
    let manifest: Value = serde_json::from_slice(&fs::read(root().join("package.json"))?)?;
    let version = manifest["devDependencies"]["workerd"].as_str();
    version.map(str::to_owned).context("package.json has no workerd")
}

/// Returns the demo's sample responses, with times up to a fixed one.
pub fn sample() -> Result<Vec<u8>> {
    let ran = tools::cargo("stable")
        .args(["run", "--quiet", "--package", "demo", "--", "sample"])
        .current_dir(root())
        .output()?;
    if !ran.status.success() {
        bail!("the demo printed no sample: {}", String::from_utf8_lossy(&ran.stderr));
    }
    Ok(ran.stdout)
}

/// Packs a folder into another one, and returns the path of the package.
pub fn pack(stage: &Path, folder: &Path) -> Result<PathBuf> {
    let ran = Command::new("npm")
        .args(["pack", "--json", "--ignore-scripts", "--pack-destination"])
        .arg(folder)
        .current_dir(stage)
        .output()
        .context("npm cannot be started")?;
    if !ran.status.success() {
        bail!("npm pack failed: {}", String::from_utf8_lossy(&ran.stderr));
    }
    let packed: Value = serde_json::from_slice(&ran.stdout).context("npm pack printed no JSON")?;
    // A list, or since npm 11 an object with a key for each package.
    let first = match &packed {
        Value::Array(list) => list.first(),
        Value::Object(by_name) => by_name.values().next(),
        _ => None,
    };
    let name = first.and_then(|it| it["filename"].as_str()).context("npm pack named no file")?;
    Ok(folder.join(name.replace('@', "").replace('/', "-")))
}
