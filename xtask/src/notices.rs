//! Notices of the packages that are compiled into `dist/`: what their licences ask for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{build_cache, root, tools};

/// Parts of `dist/` that packages are compiled into.
const PARTS: [&str; 4] = ["widget", "dashboard", "sample", "collector"];
const TARGET: &str = "wasm32-unknown-unknown";
/// Beginnings of the names of files that have a licence or a notice.
const LICENSE_FILES: [&str; 4] = ["license", "licence", "copying", "notice"];

/// Package with the texts that have to go with it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub license: String,
    pub source: String,
    texts: BTreeSet<String>,
}

/// Writes `THIRD_PARTY_NOTICES.txt` unless it is of the same `Cargo.lock`.
pub fn write(dist: &Path) -> Result<()> {
    let digest = build_cache::digest(&["Cargo.lock", "xtask/src/notices.rs"], &[])?;
    build_cache::rebuild_if_changed(&dist.join(".notices"), &digest, || {
        let packages = packages()?;
        build_cache::write(&dist.join("THIRD_PARTY_NOTICES.txt"), text(&packages).as_bytes())
    })
}

/// Returns the packages of other people that are compiled into `dist/`, each once.
pub fn packages() -> Result<BTreeSet<Package>> {
    let arguments = ["metadata", "--format-version=1", "--locked", "--filter-platform", TARGET];
    let ran = tools::cargo("stable").args(arguments).current_dir(root()).output()?;
    if !ran.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&ran.stderr));
    }
    let metadata: Value = serde_json::from_slice(&ran.stdout).context("cargo metadata printed no JSON")?;
    let by_id = |list: &'static str, of: &'static Value| -> BTreeMap<&'static str, &'static Value> {
        let all = of[list].as_array().into_iter().flatten();
        all.filter_map(|it| Some((it["id"].as_str()?, it))).collect()
    };
    // One command's life long; the two maps refer to it.
    let metadata: &'static Value = Box::leak(Box::new(metadata));
    let (packages, nodes) = (by_id("packages", metadata), by_id("nodes", &metadata["resolve"]));

    let is_ours = |package: &Value| package["source"].is_null();
    let runs_in_the_compiler = |package: &Value| {
        let kinds = package["targets"].as_array().into_iter().flatten().flat_map(|it| it["kind"].as_array());
        kinds.flatten().any(|kind| kind == "proc-macro")
    };
    let mut waiting: Vec<&str> = packages
        .iter()
        .filter(|(_, it)| is_ours(it) && PARTS.iter().any(|part| it["name"] == *part))
        .map(|(id, _)| *id)
        .collect();
    let (mut seen, mut found) = (BTreeSet::new(), BTreeSet::new());
    while let Some(id) = waiting.pop() {
        let (Some(package), Some(node)) = (packages.get(id), nodes.get(id)) else { continue };
        if !seen.insert(id) || runs_in_the_compiler(package) {
            continue;
        }
        if !is_ours(package) {
            found.insert(read(package)?);
        }
        for dependency in node["deps"].as_array().into_iter().flatten() {
            let mut kinds = dependency["dep_kinds"].as_array().into_iter().flatten();
            if kinds.any(|it| it["kind"].is_null()) {
                waiting.extend(dependency["pkg"].as_str());
            }
        }
    }
    Ok(found)
}

fn read(package: &Value) -> Result<Package> {
    let text = |name: &str| package[name].as_str().unwrap_or_default().to_owned();
    let manifest = text("manifest_path");
    let folder = Path::new(&manifest).parent().context("a manifest lies in a folder")?;
    let mut texts = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if entry.file_type()?.is_file() && LICENSE_FILES.iter().any(|start| name.starts_with(start)) {
            texts.insert(fs::read_to_string(entry.path())?.trim().replace("\r\n", "\n"));
        }
    }
    Ok(Package {
        name: text("name"),
        version: text("version"),
        license: text("license"),
        source: text("repository"),
        texts,
    })
}

/// Returns a list of the packages, and then each text once with the packages that it belongs to.
fn text(packages: &BTreeSet<Package>) -> String {
    let mut out = String::from("Packages that are compiled into Grapevine, with their licences.\n\n");
    let mut texts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Package { name, version, license, source, texts: own } in packages {
        out.push_str(&format!("{name} {version}: {license}, {source}\n"));
        for text in own {
            texts.entry(text).or_default().push(name);
        }
    }
    for (text, names) in texts {
        out.push_str(&format!("\n{}\n{}:\n\n{text}\n", "-".repeat(78), names.join(", ")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compiled_in_is_listed_with_a_licence_and_nothing_else() {
        let packages = packages().unwrap();
        let names: BTreeSet<&str> = packages.iter().map(|it| it.name.as_str()).collect();
        for expected in ["leptos", "worker", "serde", "wasm-bindgen"] {
            assert!(names.contains(expected), "{expected} is missing of {names:?}");
        }
        for other in ["collector", "api", "proptest", "reqwest", "rusqlite"] {
            assert!(!names.contains(other), "{other} is not compiled into dist/");
        }
        let unlicensed: Vec<&str> =
            packages.iter().filter(|it| it.license.is_empty()).map(|it| it.name.as_str()).collect();
        assert_eq!(unlicensed, [""; 0]);
        let text = text(&packages);
        assert!(text.contains("Permission is hereby granted") && text.contains("Apache License"), "{text}");
    }
}
